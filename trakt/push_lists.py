"""Ratings, wishes and "not interested" on their way to Trakt: the same thing twice does no harm."""

from collections.abc import Iterable
from typing import Any

from db import Connection, pulled_ratings, watchlist
from db.outbox import OutboxEntry
from db.pulled_ratings import Given
from trakt.client import Client
from trakt.push_outcome import Outcome, outcome_from_response

WORDS = {"film": "movies", "show": "shows"}


def rated(_conn: Connection, client: Client, letters: list[OutboxEntry]) -> Outcome:
    """Both sides then agree on these: the next merge starts from them."""
    body = [
        {"ids": {"tmdb": one.tmdb_id}, "rating": one.rating, "rated_at": one.happened_at}
        for one in letters
    ]
    outcome = outcome_from_response(letters, client.post("/sync/ratings", {"movies": body}))
    given = [Given(one.tmdb_id, one.rating or 0, one.happened_at) for one in outcome.sent]
    user_id = letters[0].user_id
    outcome.settle = lambda conn: pulled_ratings.set_bases(conn, user_id, given)
    return outcome


def unrated(_conn: Connection, client: Client, letters: list[OutboxEntry]) -> Outcome:
    """A title that Trakt does not find has no rating there either."""
    client.post("/sync/ratings/remove", _titles(letters))
    user_id, tmdb_ids = letters[0].user_id, [letter.tmdb_id for letter in letters]
    return Outcome(
        sent=letters, settle=lambda conn: pulled_ratings.delete_bases(conn, user_id, tmdb_ids)
    )


def listed(_conn: Connection, client: Client, letters: list[OutboxEntry]) -> Outcome:
    outcome = outcome_from_response(letters, client.post("/sync/watchlist", _titles(letters)))
    outcome.settle = lambda conn: watchlist.mark_as_trakts(conn, outcome.sent)
    return outcome


def unlisted(_conn: Connection, client: Client, letters: list[OutboxEntry]) -> Outcome:
    client.post("/sync/watchlist/remove", _titles(letters))
    return Outcome(sent=letters)


def hidden(_conn: Connection, client: Client, letters: list[OutboxEntry]) -> Outcome:
    """One title a call, and only by an id of Trakt's own; another can only be hidden here."""
    (letter,) = letters
    if letter.trakt_id is None:
        return Outcome(there=letters)
    client.delete(f"/recommendations/{WORDS[letter.kind]}/{letter.trakt_id}")
    return Outcome(sent=letters)


def body_of(titles: Iterable[tuple[str, int]]) -> dict[str, list[Any]]:
    """Films and shows (kind, TMDB id) as Trakt takes them onto its lists."""
    body: dict[str, list[Any]] = {}
    for kind, tmdb_id in titles:
        body.setdefault(WORDS[kind], []).append({"ids": {"tmdb": tmdb_id}})
    return body


def _titles(letters: list[OutboxEntry]) -> dict[str, list[Any]]:
    return body_of((letter.kind, letter.tmdb_id) for letter in letters)
