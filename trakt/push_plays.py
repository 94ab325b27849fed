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


def send_watched(conn: Connection, client: Client, entries: list[OutboxEntry]) -> Outcome:
    """One play each. What the last sync showed for that evening is not sent at all."""
    known = [one for one in entries if not one.maybe_sent and _is_in_history(conn, one)]
    arrived = [one for one in entries if one.maybe_sent and any(_find_plays(client, one))]
    fresh = [one for one in entries if one not in known and one not in arrived]
    outcome = _send(conn, client, fresh) if fresh else Outcome()
    outcome.sent += arrived
    outcome.there += known
    return outcome


def _send(conn: Connection, client: Client, fresh: list[OutboxEntry]) -> Outcome:
    """As the stop of a film that was on just now, which Trakt counts but once, or as plays."""
    if fresh[0].progress is not None:
        (entry,) = fresh
        if outcome := push_scrobbles.send_final_stop(conn, client, entry):
            return outcome
    plays = [{"ids": {"tmdb": one.tmdb_id}, "watched_at": one.happened_at} for one in fresh]
    return outcome_from_response(fresh, client.post("/sync/history", {"movies": plays}))


def send_unwatched(_conn: Connection, client: Client, entries: list[OutboxEntry]) -> Outcome:
    """Exactly the play that we sent: by its own id, because a title's would take all of them."""
    ids = [
        play_id
        for entry in entries
        for play_id in ([entry.trakt_id] if entry.trakt_id else _own_play_ids(client, entry))
    ]
    if ids:
        client.post("/sync/history/remove", {"ids": ids})
    return Outcome(sent=entries)


def _is_in_history(conn: Connection, entry: OutboxEntry) -> bool:
    between = same_evening(entry.happened_at)
    is_pulled = pulled_watches.is_seen_between(conn, entry.user_id, entry.tmdb_id, *between)
    return is_pulled or outbox.is_sent_by_shared_account(conn, entry, *between)


def _own_play_ids(client: Client, entry: OutboxEntry) -> list[int]:
    """Ids of the plays at our instant; else of the stop counted next to it, at Trakt's."""
    plays = list(_find_plays(client, entry))
    # Trakt may cut milliseconds.
    exact = [one for one in plays if one.watched_at[:19] == entry.happened_at[:19]]
    if exact or entry.progress is None:
        return [one.play_id for one in exact]
    when = from_text(entry.happened_at)
    stops = [(abs(from_text(one.watched_at) - when), one) for one in plays if one.is_scrobble]
    while_fresh = [stop for stop in stops if stop[0] <= push_scrobbles.STALE]
    return [one.play_id for _gap, one in sorted(while_fresh)[:1]]


def _find_plays(client: Client, entry: OutboxEntry) -> Iterator[Play]:
    """Trakt's plays of that film on that evening; raises TraktError.

    Garbage for a row that cannot be read: it might be the one that is looked for.
    """
    start, end = same_evening(entry.happened_at)
    for page in client.pages(HISTORY, start_at=start, end_at=end):
        for row in page:
            film, play = items.title(row, "movie"), _play(row)
            if film is None or play is None:
                raise InvalidResponse("a row of the history")
            if film.tmdb_id == entry.tmdb_id:
                yield play


def _play(row: Any) -> Play | None:
    if not isinstance(row, Mapping):
        return None
    play_id, watched_at = row.get("id"), items.instant(row.get("watched_at"))
    if type(play_id) is not int or watched_at is None:
        return None
    return Play(play_id, watched_at, row.get("action") == "scrobble")
