"""Sending of ratings, wishes and hidden titles, which may be sent twice without harm."""

from collections.abc import Iterable
from typing import Any

from db import Connection, pulled_ratings, watchlist
from db.outbox import OutboxEntry
from db.pulled_ratings import Rating
from trakt import items
from trakt.client import Client
from trakt.responses import Outcome, outcome_from_response


def send_rated(_conn: Connection, client: Client, entries: list[OutboxEntry]) -> Outcome:
    """Send ratings, which are the base of the next merge from then on."""
    films = [
        {"ids": {"tmdb": entry.tmdb_id}, "rating": entry.rating, "rated_at": entry.happened_at}
        for entry in entries
    ]
    outcome = outcome_from_response(entries, client.post("/sync/ratings", {"movies": films}))
    bases = [Rating(entry.tmdb_id, entry.rating or 0, entry.happened_at) for entry in outcome.sent]
    user_id = entries[0].user_id
    outcome.apply = lambda conn: pulled_ratings.set_bases(conn, user_id, bases)
    return outcome


def send_unrated(_conn: Connection, client: Client, entries: list[OutboxEntry]) -> Outcome:
    """Remove ratings; a title that Trakt does not know has none there either."""
    client.post("/sync/ratings/remove", _body(entries))
    user_id, tmdb_ids = entries[0].user_id, [entry.tmdb_id for entry in entries]
    return Outcome(
        sent=entries, apply=lambda conn: pulled_ratings.delete_bases(conn, user_id, tmdb_ids)
    )


def send_listed(_conn: Connection, client: Client, entries: list[OutboxEntry]) -> Outcome:
    outcome = outcome_from_response(entries, client.post("/sync/watchlist", _body(entries)))
    outcome.apply = lambda conn: watchlist.mark_as_from_trakt(conn, outcome.sent)
    return outcome


def send_unlisted(_conn: Connection, client: Client, entries: list[OutboxEntry]) -> Outcome:
    client.post("/sync/watchlist/remove", _body(entries))
    return Outcome(sent=entries)


def send_hidden(_conn: Connection, client: Client, entries: list[OutboxEntry]) -> Outcome:
    """Hide one title by its Trakt id; a title without one can only be hidden here."""
    (entry,) = entries
    if entry.trakt_id is None:
        return Outcome(already_present=entries)
    client.delete(f"/recommendations/{items.TRAKT_KINDS[entry.kind]}s/{entry.trakt_id}")
    return Outcome(sent=entries)


def list_body(titles: Iterable[tuple[str, int]]) -> dict[str, list[Any]]:
    """Return titles (kind, TMDB id) as the body of a change to one of Trakt's lists."""
    body: dict[str, list[Any]] = {}
    for kind, tmdb_id in titles:
        body.setdefault(f"{items.TRAKT_KINDS[kind]}s", []).append({"ids": {"tmdb": tmdb_id}})
    return body


def _body(entries: list[OutboxEntry]) -> dict[str, list[Any]]:
    return list_body((entry.kind, entry.tmdb_id) for entry in entries)
