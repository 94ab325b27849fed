"""Archived weeks and the current week of data.json."""

from typing import Any

from rules import parse_values, schedule
from rules.legacy import ballots, nominations, ratings
from rules.legacy.records import Plan, Source, Week

Entry = dict[str, Any]
Items = list[tuple[str, object]]


def read(plan: Plan, document: Entry) -> None:
    """Read all weeks; the archive first, because it has the result of a week that is in both."""
    history = document.get("history")
    if isinstance(history, list):
        for index, entry in enumerate(history):
            _read_week(plan, f"history[{index}]", entry, is_archived=True)
    elif history is not None:
        plan.ledger.reject("weeks", "history", "not_a_list")
    if document.get("currentWeek") is not None:
        _read_week(plan, "currentWeek", document["currentWeek"], is_archived=False)


def get_or_add(plan: Plan, key: str, source: Source, *, is_archived: bool = False) -> Week:
    if key not in plan.weeks:
        plan.ledger.add("weeks")
        plan.weeks[key] = Week(key, source, is_archived)
    return plan.weeks[key]


def _read_week(plan: Plan, path: str, entry: object, *, is_archived: bool) -> None:
    if not isinstance(entry, dict):
        plan.ledger.reject("weeks", path, "not_an_object")
        return
    key = entry.get("weekNumber")
    if not isinstance(key, str) or not schedule.is_week(key):
        plan.ledger.reject("weeks", f"{path}.weekNumber", "not_a_week")
        return
    is_new = key not in plan.weeks
    if not is_new:
        plan.ledger.merge("weeks")
    this = get_or_add(plan, key, "json", is_archived=is_archived)
    if is_new and not is_archived:
        this.is_voting = entry.get("phase") in ("voting", "results")
    films = _read_nominations(plan, path, entry, this, is_archived=is_archived)
    if is_new and is_archived:
        this.first = _placed(entry.get("firstPlace"), this, films)
        second = _placed(entry.get("secondPlace"), this, films)
        this.second = None if second == this.first else second
    at = min(schedule.starts(plan.schedule, key).voting, plan.now)
    ballots.read(plan, f"{path}.votes", entry.get("votes"), this, films, at)


def _read_nominations(
    plan: Plan, path: str, entry: Entry, this: Week, *, is_archived: bool
) -> dict[str, int | None]:
    """Read a week's nominations; returns their films by nomination id, None for rejected ones."""
    start = schedule.starts(plan.schedule, this.key).nominating
    end = schedule.last_moment(plan.schedule, this.key)
    films: dict[str, int | None] = {}
    for item_path, item in _items(plan, path, entry, is_archived=is_archived):
        tmdb_id = nominations.add(plan, item_path, item, this, start)
        if not isinstance(item, dict):
            continue
        if (legacy_id := parse_values.legacy_id(item.get("id"))) is not None:
            films[legacy_id] = films.get(legacy_id) or tmdb_id
        if tmdb_id is not None:
            ratings.read_stars(
                plan, f"{item_path}.ratings", item.get("ratings"), tmdb_id, this.key, end
            )
    return films


def _items(plan: Plan, path: str, entry: Entry, *, is_archived: bool) -> Items:
    """List (path, nomination) of a week, in finishing order."""
    name = "allMovies" if is_archived else "nominations"
    listed = entry.get(name)
    if listed is not None and not isinstance(listed, list):
        plan.ledger.reject("nominations", f"{path}.{name}", "not_a_list")
        listed = None
    items: Items = [(f"{path}.{name}[{index}]", item) for index, item in enumerate(listed or [])]
    if is_archived:
        _add_missing_places(path, entry, items)
    return items


def _add_missing_places(path: str, entry: Entry, items: Items) -> None:
    """Insert the nominations of places, which are copies, if the original is missing."""
    originals = [item for _path, item in items if isinstance(item, dict)]
    ids = {parse_values.legacy_id(item.get("id")) for item in originals} - {None}
    films = {nominations.film_id(item) for item in originals} - {None}
    for index, name in enumerate(("firstPlace", "secondPlace")):
        copy = entry.get(name)
        if copy is None:
            continue
        is_copy = isinstance(copy, dict) and (
            parse_values.legacy_id(copy.get("id")) in ids or nominations.film_id(copy) in films
        )
        if not is_copy:
            items.insert(index, (f"{path}.{name}", copy))


def _placed(copy: object, this: Week, films: dict[str, int | None]) -> int | None:
    """Return the film of a place; None if its nomination was rejected."""
    if not isinstance(copy, dict):
        return None
    tmdb_id = nominations.film_id(copy)
    if tmdb_id in this.nominations:
        return tmdb_id
    return films.get(parse_values.legacy_id(copy.get("id")) or "")
