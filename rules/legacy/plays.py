"""Watch history and Trakt links, which only the SQLite file has."""

from rules import parse_values, schedule
from rules.legacy import people, ratings, weeks
from rules.legacy.records import Film, Link, Plan, Rating, Watch
from rules.legacy.rows import Names, Row, find_name


def read_watches(plan: Plan, rows: list[Row], names: Names) -> None:
    for row in rows:
        path = parse_values.row("watch_history", row.get("id"))
        name = find_name(names, row.get("user_id"))
        tmdb_id = parse_values.film_id(row.get("tmdb_id"))
        key = row.get("week") or None
        if name is None:
            plan.ledger.reject("watches", path, "no_member")
        elif tmdb_id is None:
            plan.ledger.reject("watches", path, "no_film")
        elif key is not None and not (isinstance(key, str) and schedule.is_week(key)):
            plan.ledger.reject("watches", f"{path}.week", "not_a_week")
        else:
            _read_watch(plan, path, row, name, tmdb_id, key)


def _read_watch(plan: Plan, path: str, row: Row, name: str, tmdb_id: int, key: str | None) -> None:
    """Read a play; one without a week came from Trakt, and its date is that of the pull."""
    title = parse_values.text(row.get("title"), parse_values.LONGEST_TITLE)
    plan.films.setdefault(tmdb_id, []).append((key or "", Film(tmdb_id, title)))
    at = parse_values.instant(row.get("watched_at"))
    if key:
        weeks.get_or_add(plan, key, "sqlite")
        end = schedule.last_moment(plan.schedule, key)
        watched_at = min(at or end, plan.now)
        ratings.add_watch(plan, Watch(name, tmdb_id, key, watched_at))
    else:
        ratings.add_watch(plan, Watch(name, tmdb_id, None, None, is_from_trakt=True))
    if row.get("rating") is not None:
        rating = parse_values.whole(row["rating"])
        if rating is None or not 1 <= rating <= 10:
            plan.ledger.reject("ratings", f"{path}.rating", "not_one_to_ten")
        else:
            ratings.add_rating(plan, Rating(name, tmdb_id, rating, at or plan.now))


def read_links(plan: Plan, rows: list[Row], names: Names) -> None:
    """Read links with decrypted tokens; None is a token that could not be decrypted."""
    for row in rows:
        path = parse_values.row("trakt_auth", row.get("user_id"))
        name = find_name(names, row.get("user_id"))
        access = parse_values.text(row.get("access_token"), parse_values.LONGEST_TOKEN)
        refresh = parse_values.text(row.get("refresh_token"), parse_values.LONGEST_TOKEN)
        if name is None or access is None or refresh is None:
            plan.ledger.reject("links", path, "link_again", harmless=True)
        elif name in plan.links:
            plan.ledger.merge("links")
        else:
            plan.ledger.add("links")
            people.ensure_member(plan, name)
            plan.links[name] = Link(
                name,
                parse_values.text(row.get("trakt_username")),
                access,
                refresh,
                parse_values.instant(row.get("expires_at")),
                parse_values.instant(row.get("linked_at")),
            )
