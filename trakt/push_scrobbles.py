"""Sending of starts, pauses and stops while a film is on; a late stop becomes a play."""

from datetime import timedelta
from typing import Any

from db import Connection, movies, outbox
from db.outbox import OutboxEntry
from db.watch_history import evening_bounds
from trakt import items
from trakt.client import Client
from trakt.errors import Conflict, Invalid, InvalidResponse, NotFound, VipOnly
from trakt.responses import Outcome
from utils import instants
from utils.instants import from_text

ACTIONS = {"started": "start", "paused": "pause", "stopped": "stop", "watched": "stop"}
MAX_AGE = timedelta(minutes=10)
LARGEST_PLAY_ID = 2**63 - 1
# Per cent of a stop before the end: Trakt refuses less, and may count more as a play.
MIN_PROGRESS, MAX_PROGRESS = 1.0, 79.0


def send_scrobble(conn: Connection, client: Client, entries: list[OutboxEntry]) -> Outcome:
    """Send one start, pause or stop that is still true.

    A stop meets a Conflict if another title is on: then there is nothing to stop.
    """
    (entry,) = entries
    is_stop = entry.act == "stopped"
    if _is_old(entry) or (not is_stop and outbox.has_newer_scrobble(conn, entry)):
        return Outcome(dropped=entries)
    progress = entry.progress or 0.0
    if is_stop:
        progress = min(max(progress, MIN_PROGRESS), MAX_PROGRESS)
    try:
        _post(conn, client, entry, progress)
    except Conflict:
        if not is_stop:
            raise
        return Outcome(already_present=entries)
    return Outcome(sent=entries)


def send_final_stop(conn: Connection, client: Client, entry: OutboxEntry) -> Outcome | None:
    """Send the stop of a film that was on until its end, which Trakt counts as one play.

    Returns None if it has to be added to the history instead. A Conflict that names a play of that
    evening means that another player has just reported it.
    """
    if entry.progress is None or _is_old(entry):
        return None
    try:
        body = _post(conn, client, entry, entry.progress or 100.0)
    except Conflict as conflict:
        watched_at = items.instant(conflict.body.get("watched_at")) or ""
        first, last = evening_bounds(entry.happened_at)
        return Outcome(already_present=[entry]) if first <= watched_at <= last else None
    except (Invalid, NotFound, VipOnly):
        return None
    if body.get("action") == "pause":
        return None
    if body.get("action") != "scrobble":
        raise InvalidResponse("a stop that neither counted nor paused", may_have_arrived=True)
    play_id = body.get("id")
    outcome = Outcome(sent=[entry])
    if type(play_id) is int and 0 < play_id <= LARGEST_PLAY_ID:
        outcome.apply = lambda conn: outbox.set_play_id(conn, entry, play_id)
    return outcome


def _post(conn: Connection, client: Client, entry: OutboxEntry, progress: float) -> dict[str, Any]:
    """Return the JSON object of the response, {} for any other body."""
    movie = movies.get(conn, entry.tmdb_id)
    film = {  # Trakt requires title and year beside the id
        "title": movie.title if movie else "",
        "year": movie.year if movie else None,
        "ids": {"tmdb": entry.tmdb_id},
    }
    path = f"/scrobble/{ACTIONS[entry.act]}"
    body = client.post(path, {"movie": film, "progress": progress})
    return body if isinstance(body, dict) else {}


def _is_old(entry: OutboxEntry) -> bool:
    return from_text(entry.happened_at) + MAX_AGE < instants.now()
