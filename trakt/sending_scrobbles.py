"""The film that is on, told to Trakt while it is on. What comes too late is history's business."""

from datetime import timedelta

from db import Connection, movies
from db.outbox import Letter
from trakt.client import Client
from trakt.errors import Conflict
from trakt.outcome import Outcome
from utils import instants
from utils.instants import from_text

WORDS = {"started": "start", "paused": "pause", "stopped": "stop"}
STALE = timedelta(minutes=10)


def send(conn: Connection, client: Client, letters: list[Letter]) -> Outcome:
    """One letter a call; a second stop soon after the first is a conflict, and no harm."""
    (letter,) = letters
    movie = movies.get(conn, letter.tmdb_id)
    if movie is None or from_text(letter.happened_at) + STALE < instants.now():
        return Outcome(stale=letters)
    film = {"title": movie.title, "year": movie.year, "ids": {"tmdb": letter.tmdb_id}}
    try:
        client.post(
            f"/scrobble/{WORDS[letter.act]}", {"movie": film, "progress": letter.progress or 0.0}
        )
    except Conflict:
        if letter.act != "stopped":
            raise
        return Outcome(there=letters)
    return Outcome(sent=letters)
