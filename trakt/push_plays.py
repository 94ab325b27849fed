"""Plays on their way to Trakt's history, where every copy is kept: so look before sending again."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from db import Connection, outbox, pulled_watches
from db.outbox import OutboxEntry
from db.watch_history import same_evening
from trakt import items, push_scrobbles
from trakt.client import Client
from trakt.errors import InvalidResponse
from trakt.push_outcome import Outcome, outcome_from_response
from utils.instants import from_text

HISTORY = "/sync/history/movies"


class Play(NamedTuple):
    """Of Trakt's history."""

    play_id: int
    watched_at: str
    is_scrobble: bool


def watched(conn: Connection, client: Client, letters: list[OutboxEntry]) -> Outcome:
    """One play each. What the last sync showed for that evening is not sent at all."""
    known = [one for one in letters if not one.maybe_sent and _is_known(conn, one)]
    arrived = [one for one in letters if one.maybe_sent and any(_plays(client, one))]
    fresh = [one for one in letters if one not in known and one not in arrived]
    outcome = _sent(conn, client, fresh) if fresh else Outcome()
    outcome.sent += arrived
    outcome.there += known
    return outcome


def _sent(conn: Connection, client: Client, fresh: list[OutboxEntry]) -> Outcome:
    """As the stop of a film that was on just now, which Trakt counts but once, or as plays."""
    if fresh[0].progress is not None:
        (letter,) = fresh
        if outcome := push_scrobbles.counted(conn, client, letter):
            return outcome
    plays = [{"ids": {"tmdb": one.tmdb_id}, "watched_at": one.happened_at} for one in fresh]
    return outcome_from_response(fresh, client.post("/sync/history", {"movies": plays}))


def unwatched(_conn: Connection, client: Client, letters: list[OutboxEntry]) -> Outcome:
    """Exactly the play that we sent: by its own id, because a title's would take all of them."""
    ids = [
        play_id
        for letter in letters
        for play_id in ([letter.trakt_id] if letter.trakt_id else _ours(client, letter))
    ]
    if ids:
        client.post("/sync/history/remove", {"ids": ids})
    return Outcome(sent=letters)


def _is_known(conn: Connection, letter: OutboxEntry) -> bool:
    between = same_evening(letter.happened_at)
    is_pulled = pulled_watches.is_seen_between(conn, letter.user_id, letter.tmdb_id, *between)
    return is_pulled or outbox.is_sent_by_shared_account(conn, letter, *between)


def _ours(client: Client, letter: OutboxEntry) -> list[int]:
    """Ids of the plays at our instant; else of the stop counted next to it, at Trakt's."""
    plays = list(_plays(client, letter))
    # Trakt may cut milliseconds.
    exact = [one for one in plays if one.watched_at[:19] == letter.happened_at[:19]]
    if exact or letter.progress is None:
        return [one.play_id for one in exact]
    when = from_text(letter.happened_at)
    stops = [(abs(from_text(one.watched_at) - when), one) for one in plays if one.is_scrobble]
    while_fresh = [stop for stop in stops if stop[0] <= push_scrobbles.STALE]
    return [one.play_id for _gap, one in sorted(while_fresh)[:1]]


def _plays(client: Client, letter: OutboxEntry) -> Iterator[Play]:
    """Trakt's plays of that film on that evening; raises TraktError.

    Garbage for a row that cannot be read: it might be the one that is looked for.
    """
    start, end = same_evening(letter.happened_at)
    for page in client.pages(HISTORY, start_at=start, end_at=end):
        for row in page:
            film, play = items.title(row, "movie"), _play(row)
            if film is None or play is None:
                raise InvalidResponse("a row of the history")
            if film.tmdb_id == letter.tmdb_id:
                yield play


def _play(row: Any) -> Play | None:
    if not isinstance(row, Mapping):
        return None
    play_id, watched_at = row.get("id"), items.instant(row.get("watched_at"))
    if type(play_id) is not int or watched_at is None:
        return None
    return Play(play_id, watched_at, row.get("action") == "scrobble")
