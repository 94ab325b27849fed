"""Films to nominate: what was found, who has seen each, and what speaks against it."""

import random
from collections.abc import Sequence
from gettext import gettext as _
from typing import Any

from blueprints import dates, state
from db import Connection, nominations, watch_history
from db.weeks import Week
from movies import Film, bundled, search

SUGGESTIONS = 6


def results(conn: Connection, week: Week, text: str) -> list[dict[str, Any]]:
    return _rows(conn, week, search(text, sources=(bundled.search,)) if text else [])


def suggestions(conn: Connection, week: Week) -> list[dict[str, Any]]:
    """A handful for who has no idea; the same for everybody, others next week."""
    dice = random.Random(week.key)  # noqa: S311 - nothing is kept secret with it
    return _rows(conn, week, dice.sample(bundled.everything(), SUGGESTIONS))


def _rows(conn: Connection, week: Week, films: Sequence[Film]) -> list[dict[str, Any]]:
    seen = watch_history.seen_by(conn, [film.tmdb_id for film in films])
    notes = _notes(conn, week)
    return [
        {
            "tmdb_id": film.tmdb_id,
            "title": film.title,
            "year": film.year,
            "runtime": film.runtime,
            "genres": list(film.genres),
            "poster": state.poster(film.tmdb_id),
            "seen_by": seen.get(film.tmdb_id, []),
            "note": notes.get(film.tmdb_id),
        }
        for film in films
    ]


def _notes(conn: Connection, week: Week) -> dict[int, str]:
    year_ago = f"{int(week.key[:4]) - 1}{week.key[4:]}"
    nominated, winners = nominations.notes(conn, week.key, year_ago)
    won = {
        film: _("Won on {day}.").format(day=dates.evening(when)) for film, when in winners.items()
    }
    return won | {
        film: _("{name} has nominated it this week.").format(name=name)
        for film, name in nominated.items()
    }
