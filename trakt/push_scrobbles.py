"""The film that is on, told to Trakt while it is on. What comes too late is history's business."""

from datetime import timedelta
from typing import Any

from db import Connection, movies, outbox
from db.outbox import OutboxEntry
from db.watch_history import same_evening
from trakt import items
from trakt.client import Client
from trakt.errors import Conflict, Invalid, InvalidResponse, NotFound, VipOnly
from trakt.push_outcome import Outcome
from utils import instants
from utils.instants import from_text

WORDS = {"started": "start", "paused": "pause", "stopped": "stop", "watched": "stop"}
STALE = timedelta(minutes=10)
LARGEST_ID = 2**63 - 1  # of a play
LEAST, MOST = 1.0, 79.0  # per cent: with less a stop is refused, with more it may be a play


def send_scrobble(conn: Connection, client: Client, entries: list[OutboxEntry]) -> Outcome:
    """One entry a call; a stop while something else is on has nothing to stop, and no harm."""
    (entry,) = entries
    is_stop = entry.act == "stopped"
    if _is_stale(entry) or (not is_stop and outbox.has_newer_scrobble(conn, entry)):
        return Outcome(stale=entries)
    progress = entry.progress or 0.0
    try:
        _post(conn, client, entry, min(max(progress, LEAST), MOST) if is_stop else progress)
    except Conflict:
        if not is_stop:
            raise
        return Outcome(there=entries)
    return Outcome(sent=entries)


def send_final_stop(conn: Connection, client: Client, entry: OutboxEntry) -> Outcome | None:
    """The stop of a film that was seen, which Trakt keeps as a play; None: it is to be sent as one.

    A conflict that names a play means that another player has just told Trakt of this evening.
    """
    if _is_stale(entry):
        return None
    try:
        answer = _post(conn, client, entry, entry.progress or 100.0)
    except Conflict as conflict:
        watched_at = items.instant(conflict.body.get("watched_at")) or ""
        first, last = same_evening(entry.happened_at)
        return Outcome(there=[entry]) if first <= watched_at <= last else None
    except (Invalid, NotFound, VipOnly):
        return None
    if answer.get("action") == "pause":
        return None
    if answer.get("action") != "scrobble":
        raise InvalidResponse("a stop that neither counted nor paused", may_have_arrived=True)
    play_id = answer.get("id")
    outcome = Outcome(sent=[entry])
    if type(play_id) is int and 0 < play_id <= LARGEST_ID:
        outcome.settle = lambda conn: outbox.set_play_id(conn, entry, play_id)
    return outcome


def _post(conn: Connection, client: Client, entry: OutboxEntry, progress: float) -> dict[str, Any]:
    """Trakt wants title and year beside the id; an answer that is no object says nothing."""
    movie = movies.get(conn, entry.tmdb_id)
    film = {
        "title": movie.title if movie else "",
        "year": movie.year if movie else None,
        "ids": {"tmdb": entry.tmdb_id},
    }
    path = f"/scrobble/{WORDS[entry.act]}"
    answer = client.post(path, {"movie": film, "progress": progress})
    return answer if isinstance(answer, dict) else {}


def _is_stale(entry: OutboxEntry) -> bool:
    return from_text(entry.happened_at) + STALE < instants.now()
