"""Sending of plays to Trakt's history, which stores every copy: lost ones are looked up first."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from db import Connection, outbox, pulled_watches
from db.outbox import OutboxEntry
from db.watch_history import evening_bounds
from trakt import items, push_scrobbles
from trakt.client import Client
from trakt.errors import InvalidResponse
from trakt.responses import Outcome, outcome_from_response
from utils.instants import from_text


class Play(NamedTuple):
    """A play in Trakt's history."""

    play_id: int
    watched_at: str
    is_scrobble: bool


def send_watched(conn: Connection, client: Client, entries: list[OutboxEntry]) -> Outcome:
    """Send one play for each entry, unless Trakt has one of that film and evening."""
    present = [one for one in entries if not one.maybe_sent and _is_in_history(conn, one)]
    arrived = [one for one in entries if one.maybe_sent and any(_find_plays(client, one))]
    outcome = Outcome()
    if fresh := [one for one in entries if one not in present and one not in arrived]:
        # An entry with progress is alone in its batch.
        final_stop = push_scrobbles.send_final_stop(conn, client, fresh[0])
        outcome = final_stop or _add_to_history(client, fresh)
    outcome.sent += arrived
    outcome.already_present += present
    return outcome


def _add_to_history(client: Client, entries: list[OutboxEntry]) -> Outcome:
    plays = [{"ids": {"tmdb": one.tmdb_id}, "watched_at": one.happened_at} for one in entries]
    return outcome_from_response(entries, client.post("/sync/history", {"movies": plays}))


def send_unwatched(_conn: Connection, client: Client, entries: list[OutboxEntry]) -> Outcome:
    """Remove the plays that were sent, by their own ids: a title's id would remove them all."""
    play_ids = [
        play_id
        for entry in entries
        for play_id in ([entry.trakt_id] if entry.trakt_id else _sent_play_ids(client, entry))
    ]
    if play_ids:
        client.post("/sync/history/remove", {"ids": play_ids})
    return Outcome(sent=entries)


def _is_in_history(conn: Connection, entry: OutboxEntry) -> bool:
    """Return True if that evening's play was pulled, or sent by another member of the account."""
    between = evening_bounds(entry.happened_at)
    is_pulled = pulled_watches.is_seen_between(conn, entry.user_id, entry.tmdb_id, *between)
    return is_pulled or outbox.is_sent_by_shared_account(conn, entry, *between)


def _sent_play_ids(client: Client, entry: OutboxEntry) -> list[int]:
    """Return the plays at the entry's instant, else the scrobble that Trakt counted next to it."""
    plays = list(_find_plays(client, entry))
    # Trakt may cut milliseconds.
    exact = [play for play in plays if play.watched_at[:19] == entry.happened_at[:19]]
    if exact or entry.progress is None:
        return [play.play_id for play in exact]
    when = from_text(entry.happened_at)
    stops = [(abs(from_text(play.watched_at) - when), play) for play in plays if play.is_scrobble]
    near = [stop for stop in stops if stop[0] <= push_scrobbles.MAX_AGE]
    return [play.play_id for _gap, play in sorted(near)[:1]]


def _find_plays(client: Client, entry: OutboxEntry) -> Iterator[Play]:
    """Yield Trakt's plays of the entry's film on its evening; raises TraktError.

    A row that cannot be read raises InvalidResponse, as it might be the play that is looked up.
    """
    start, end = evening_bounds(entry.happened_at)
    for page in client.pages("/sync/history/movies", start_at=start, end_at=end):
        for row in page:
            film, play = items.title_of_row(row, "movie"), _parse_play(row)
            if film is None or play is None:
                raise InvalidResponse("a row of the history")
            if film.tmdb_id == entry.tmdb_id:
                yield play


def _parse_play(row: Any) -> Play | None:
    if not isinstance(row, Mapping):
        return None
    play_id, watched_at = row.get("id"), items.instant(row.get("watched_at"))
    if type(play_id) is not int or watched_at is None:
        return None
    return Play(play_id, watched_at, row.get("action") == "scrobble")
