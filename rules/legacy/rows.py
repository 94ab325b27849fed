"""Weeks, nominations and votes of the SQLite file, which is older than data.json."""

from collections.abc import Mapping
from typing import Any

from rules import parse_values, schedule
from rules.legacy import ballots, nominations, weeks
from rules.legacy.records import Plan, Week

Row = Mapping[str, Any]
Rows = Mapping[str, list[Row]]
Names = Mapping[object, str]
PLACES = ("first_place_tmdb", "second_place_tmdb")


def read_weeks(plan: Plan, rows: Rows, names: Names) -> None:
    results = {}
    for row in rows["week_results"]:
        if this := _result_week(plan, row):
            results[this.key] = row
    nominated = [(row.get("id"), _read_nomination(plan, row, names)) for row in rows["nominations"]]
    for key, row in results.items():
        _read_places(plan, plan.weeks[key], row)
    by_id = {parse_values.whole(row_id): nomination for row_id, nomination in nominated}
    by_id[None] = None  # a vote without a nomination's id is not for a nomination without an id
    for row in rows["votes"]:
        nomination_id = parse_values.whole(row.get("nomination_id"))
        _read_vote(plan, row, by_id.get(nomination_id), names)


def find_name(names: Names, user_id: object) -> str | None:
    """Find a member's name by id, which may be stored as text."""
    return names.get(parse_values.whole(user_id)) or None


def _proposer(names: Names, value: object) -> str | None:
    """Return the proposer's name, from an id or a name; an unknown number is no name."""
    is_id = parse_values.whole(value) is not None
    return find_name(names, value) if is_id else parse_values.text(value)


def _result_week(plan: Plan, row: Row) -> Week | None:
    """Return the week of a recorded result; None if data.json has that week."""
    key = row.get("week")
    if not isinstance(key, str) or not schedule.is_week(key):
        plan.ledger.reject(
            "weeks", f"{parse_values.row('week_results', row.get('id'))}.week", "not_a_week"
        )
        return None
    if key in plan.weeks:
        plan.ledger.merge("weeks")
        return None
    return weeks.get_or_add(plan, key, "sqlite", is_archived=True)


def _read_nomination(plan: Plan, row: Row, names: Names) -> tuple[Week, int] | None:
    path = parse_values.row("nominations", row.get("id"))
    key = row.get("week")
    if not isinstance(key, str) or not schedule.is_week(key):
        plan.ledger.reject("nominations", f"{path}.week", "not_a_week")
        return None
    item = _as_item(row, _proposer(names, row.get("proposed_by")))
    tmdb_id = nominations.film_id(item)
    this = plan.weeks.get(key)
    if this and tmdb_id is not None and _is_replaced(this, tmdb_id, item["proposedBy"]):
        plan.ledger.merge("nominations")
        return this, tmdb_id
    this = this or weeks.get_or_add(plan, key, "sqlite")
    start = schedule.starts(plan.schedule, key).nominating
    added = nominations.add(plan, path, item, this, start)
    return None if added is None else (this, added)


def _as_item(row: Row, proposer: str | None) -> dict[str, Any]:
    """Return the row in the format of data.json."""
    return {
        "id": "",
        "tmdbId": row.get("tmdb_id"),
        "title": row.get("title"),
        "year": row.get("year"),
        "imdbId": row.get("imdb_id"),
        "posterPath": row.get("poster_path"),
        "backdropPath": row.get("backdrop_path"),
        "rating": row.get("rating"),
        "overview": row.get("overview"),
        "proposedBy": proposer,
        "proposedAt": row.get("proposed_at"),
    }


def _is_replaced(this: Week, tmdb_id: int, proposer: str | None) -> bool:
    """Return True if data.json has another film by the same proposer for this week."""
    return (
        this.source == "json"
        and tmdb_id not in this.nominations
        and any(nomination.proposed_by == proposer for nomination in this.nominations.values())
    )


def _read_places(plan: Plan, this: Week, row: Row) -> None:
    """Set the recorded places; a film without a nomination has no proposer and gets none."""
    placed: list[int | None] = []
    for column in PLACES:
        tmdb_id = parse_values.film_id(row.get(column))
        if row.get(column) is not None and tmdb_id not in this.nominations:
            path = f"{parse_values.row('week_results', row.get('id'))}.{column}"
            plan.ledger.reject("nominations", path, "no_nomination")
            tmdb_id = None
        placed.append(tmdb_id)
    this.first, this.second = placed[0], placed[1] if placed[1] != placed[0] else None
    front = [tmdb_id for tmdb_id in (this.first, this.second) if tmdb_id is not None]
    order = dict.fromkeys([*front, *this.nominations])
    this.nominations = {tmdb_id: this.nominations[tmdb_id] for tmdb_id in order}


def _read_vote(plan: Plan, row: Row, nominated: tuple[Week, int] | None, names: Names) -> None:
    """Read a vote; if data.json has a ballot of this member for the week, that one stays."""
    path = parse_values.row("votes", row.get("id"))
    name = find_name(names, row.get("user_id"))
    if name is None:
        plan.ledger.reject("votes", path, "no_member")
    elif nominated is None:
        plan.ledger.reject("votes", path, "withdrawn", harmless=True)
    elif name in nominated[0].voters or nominated[1] not in nominated[0].nominations:
        plan.ledger.merge("votes")
    else:
        this, tmdb_id = nominated
        start = min(schedule.starts(plan.schedule, this.key).voting, plan.now)
        voted_at = parse_values.instant(row.get("voted_at")) or start
        ballots.cast(plan, path, this, tmdb_id, name, voted_at)
