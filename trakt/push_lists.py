"""Ratings, wishes and "not interested" on their way to Trakt: the same thing twice does no harm."""

from collections.abc import Iterable
from typing import Any

from db import Connection, pulled_ratings, watchlist
from db.outbox import OutboxEntry
from db.pulled_ratings import Rating
from trakt.client import Client
from trakt.push_outcome import Outcome, outcome_from_response

WORDS = {"film": "movies", "show": "shows"}


def send_rated(_conn: Connection, client: Client, entries: list[OutboxEntry]) -> Outcome:
    """Both sides then agree on these: the next merge starts from them."""
    body = [
        {"ids": {"tmdb": one.tmdb_id}, "rating": one.rating, "rated_at": one.happened_at}
        for one in entries
    ]
    outcome = outcome_from_response(entries, client.post("/sync/ratings", {"movies": body}))
    given = [Rating(one.tmdb_id, one.rating or 0, one.happened_at) for one in outcome.sent]
    user_id = entries[0].user_id
    outcome.settle = lambda conn: pulled_ratings.set_bases(conn, user_id, given)
    return outcome


def send_unrated(_conn: Connection, client: Client, entries: list[OutboxEntry]) -> Outcome:
    """A title that Trakt does not find has no rating there either."""
    client.post("/sync/ratings/remove", _titles(entries))
    user_id, tmdb_ids = entries[0].user_id, [entry.tmdb_id for entry in entries]
    return Outcome(
        sent=entries, settle=lambda conn: pulled_ratings.delete_bases(conn, user_id, tmdb_ids)
    )


def send_listed(_conn: Connection, client: Client, entries: list[OutboxEntry]) -> Outcome:
    outcome = outcome_from_response(entries, client.post("/sync/watchlist", _titles(entries)))
    outcome.settle = lambda conn: watchlist.mark_as_trakts(conn, outcome.sent)
    return outcome


def send_unlisted(_conn: Connection, client: Client, entries: list[OutboxEntry]) -> Outcome:
    client.post("/sync/watchlist/remove", _titles(entries))
    return Outcome(sent=entries)


def send_hidden(_conn: Connection, client: Client, entries: list[OutboxEntry]) -> Outcome:
    """One title a call, and only by an id of Trakt's own; another can only be hidden here."""
    (entry,) = entries
    if entry.trakt_id is None:
        return Outcome(there=entries)
    client.delete(f"/recommendations/{WORDS[entry.kind]}/{entry.trakt_id}")
    return Outcome(sent=entries)


def list_body(titles: Iterable[tuple[str, int]]) -> dict[str, list[Any]]:
    """Films and shows (kind, TMDB id) as Trakt takes them onto its lists."""
    body: dict[str, list[Any]] = {}
    for kind, tmdb_id in titles:
        body.setdefault(WORDS[kind], []).append({"ids": {"tmdb": tmdb_id}})
    return body


def _titles(entries: list[OutboxEntry]) -> dict[str, list[Any]]:
    return list_body((entry.kind, entry.tmdb_id) for entry in entries)
