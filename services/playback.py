"""What pages and programs are told of the film that is on."""

from typing import Any

from blueprints.http.auth import current_member
from db import Connection, now_playing, outbox_view, users
from db.now_playing import Playing
from rules import playback as rules
from services import films, receipts, trakt_words
from utils import instants
from utils.instants import to_text


def cards(conn: Connection, *, but: str = "") -> list[dict[str, Any]]:
    """All films that are on, except that of the week `but`."""
    return [card(conn, film) for film in now_playing.all_on(conn) if film.week != but]


def of_week(conn: Connection, week: str) -> dict[str, Any] | None:
    film = now_playing.of_week(conn, week)
    return card(conn, film) if film else None


def card(conn: Connection, film: Playing) -> dict[str, Any]:
    now, known = instants.now(), {member.id: member for member in users.everyone(conn)}
    return {
        "week": film.week,
        "tmdb_id": film.tmdb_id,
        "title": films.film_title(conn, film.tmdb_id),
        "is_running": film.run.running_since is not None,
        "passed_s": rules.passed(film.run, now),
        "runtime": film.run.runtime,
        "progress": rules.progress(film.run, now),
        "ends_at": rules.ends_at(film.run),
        "couch": [known[user_id] for user_id in film.members],
        "members": [member for member in known.values() if not member.is_retired],
        "troubles": [
            (known[user_id].name, receipts.reason(problem, is_mine=user_id == current_member().id))
            for user_id, problem in outbox_view.scrobble_problems(
                conn, film.week, film.tmdb_id
            ).items()
        ],
    }


def response_body(conn: Connection, week: str, tmdb_id: int) -> dict[str, Any]:
    """What a program gets: the film that is on, and the receipts of the one it spoke of."""
    of_film = [of for of in outbox_view.receipts(conn, week) if of.tmdb_id == tmdb_id]
    return {
        "playing": _facts(of_week(conn, week)),
        "receipts": [trakt_words.receipt_body(of) for of in of_film],
    }


def _facts(on: dict[str, Any] | None) -> dict[str, Any] | None:
    if on is None:
        return None
    return {
        "tmdb_id": on["tmdb_id"],
        "title": on["title"],
        "members": [member.name for member in on["couch"]],
        "state": "running" if on["is_running"] else "paused",
        "progress": on["progress"],
        "runtime": on["runtime"],
        "ends_at": to_text(on["ends_at"]) if on["ends_at"] else None,
    }
