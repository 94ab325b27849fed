"""Nominations, as the page or the bot stored them; SQLite rows are converted to that format."""

from datetime import datetime
from typing import Any

from rules import parse_values
from rules.legacy import people
from rules.legacy.records import Film, Nomination, Plan, Week

Item = dict[str, Any]


def add(plan: Plan, path: str, item: object, week: Week, start: datetime) -> int | None:
    """Add a nomination to the week, or merge it into the film's; returns the film's id."""
    if not isinstance(item, dict):
        plan.ledger.reject("nominations", path, "not_an_object")
        return None
    tmdb_id = film_id(item)
    if tmdb_id is None or (fault := _fault(item)):
        reason = "no_film" if tmdb_id is None else str(fault)
        plan.ledger.reject("nominations", path, reason)
        return None
    plan.films.setdefault(tmdb_id, []).append((week.key, _film(plan, path, tmdb_id, item)))
    if tmdb_id in week.nominations:
        plan.ledger.merge("nominations")
        return tmdb_id
    plan.ledger.add("nominations")
    people.ensure_member(plan, item["proposedBy"])
    proposed_at = parse_values.instant(item.get("proposedAt")) or min(start, plan.now)
    week.nominations[tmdb_id] = Nomination(tmdb_id, item["proposedBy"], proposed_at)
    return tmdb_id


def film_id(item: Item) -> int | None:
    """Return the film's id, from `tmdbId` of the page or `id` of the bot."""
    if item.get("tmdbId") is not None:
        return parse_values.film_id(item["tmdbId"])
    return parse_values.film_id(item.get("id")) if _is_from_bot(item) else None


def _is_from_bot(item: Item) -> bool:
    """Return True if `id` is a film's, not the page's, which is epoch milliseconds as text."""
    return not isinstance(item.get("id"), str) or "poster" in item or "votes" in item


def _fault(item: Item) -> str | None:
    title = item.get("title")
    if title not in (None, "") and parse_values.text(title, parse_values.LONGEST_TITLE) is None:
        return "not_a_name"
    return None if parse_values.text(item.get("proposedBy")) else "no_proposer"


def _film(plan: Plan, path: str, tmdb_id: int, item: Item) -> Film:
    return Film(
        tmdb_id,
        parse_values.text(item.get("title"), parse_values.LONGEST_TITLE),
        parse_values.year(item.get("year")),
        parse_values.imdb_id(item.get("imdbId")),
        parse_values.picture(item.get("posterPath")) or parse_values.picture(item.get("poster")),
        parse_values.picture(item.get("backdropPath")),
        _overview(plan, path, item.get("overview")),
        parse_values.average(item.get("rating")),
    )


def _overview(plan: Plan, path: str, raw: object) -> str | None:
    overview = parse_values.prose(raw)
    if overview and len(overview) > parse_values.LONGEST_PROSE:
        plan.ledger.reject("nominations", f"{path}.overview", "cut_short", harmless=True)
        return overview[: parse_values.LONGEST_PROSE]
    return overview
