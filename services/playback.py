"""The film that is playing: start, stop, and the values that pages and JSON show of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from db import Connection, movies, now_playing, outbox_view, users
from db.movies import Movie
from db.now_playing import Playing
from db.weeks import Week
from rules import Refused
from rules import playback as rules
from services import films, receipts
from utils import instants
from utils.instants import to_text


def start(
    conn: Connection,
    week: Week,
    movie: Movie,
    viewer_ids: Sequence[int],
    *,
    by: int,
    replaces_other: bool,
    now: datetime,
) -> None:
    """Start a film of a decided week; refuse while another plays unless `replaces_other`."""
    if week.phase not in ("results", "skipped"):
        raise Refused("votes_not_counted")
    if playing := now_playing.get(conn, week.key):
        if not replaces_other:
            raise Refused("film_is_on", title=films.film_title(conn, playing.tmdb_id))
        stop(conn, playing, by, now)
    movies.store(conn, movie)
    stored = movies.get(conn, movie.tmdb_id)
    runtime = (stored and stored.runtime) or rules.USUAL_RUNTIME
    now_playing.start(conn, week.key, movie.tmdb_id, viewer_ids, runtime=runtime, by=by, now=now)


def stop(conn: Connection, playing: Playing, by: int, now: datetime) -> bool:
    """Stop a film, at its end if that has passed; return True if it counts as watched."""
    at = rules.passed_end(playing.run, now) or now
    return now_playing.stop(conn, playing, by=by, now=now, at=at)


def past_end(conn: Connection, now: datetime) -> list[Playing]:
    """Return the films that ran to their end without being stopped."""
    return [film for film in now_playing.list_playing(conn) if rules.passed_end(film.run, now)]


def stop_past_end(conn: Connection, now: datetime) -> None:
    for playing in past_end(conn, now):
        stop(conn, playing, playing.started_by, now)


def cards(conn: Connection, member_id: int, *, but: str = "") -> list[dict[str, Any]]:
    """Return the template variables of each playing film, except that of the week `but`."""
    return [
        _card(conn, film, member_id) for film in now_playing.list_playing(conn) if film.week != but
    ]


def card(conn: Connection, week: str, member_id: int) -> dict[str, Any] | None:
    playing = now_playing.get(conn, week)
    return _card(conn, playing, member_id) if playing else None


def body(conn: Connection, week: str, tmdb_id: int) -> dict[str, Any]:
    """Return as JSON the week's playing film, and the receipts of `tmdb_id`."""
    playing = now_playing.get(conn, week)
    return {
        "playing": _facts(conn, playing) if playing else None,
        "receipts": receipts.bodies(conn, week, tmdb_id),
    }


def _card(conn: Connection, playing: Playing, member_id: int) -> dict[str, Any]:
    now, members = instants.now(), {member.id: member for member in users.list_all(conn)}
    problems = outbox_view.scrobble_problems(conn, playing.week, playing.tmdb_id)
    return {
        "week": playing.week,
        "tmdb_id": playing.tmdb_id,
        "title": films.film_title(conn, playing.tmdb_id),
        "is_running": playing.run.running_since is not None,
        "passed_s": rules.passed(playing.run, now),
        "runtime": playing.run.runtime,
        "progress": rules.progress(playing.run, now),
        "ends_at": rules.ends_at(playing.run),
        "couch": [members[user_id] for user_id in playing.members],
        "members": [member for member in members.values() if not member.is_retired],
        "troubles": [
            (members[user_id].name, receipts.problem(code, is_mine=user_id == member_id))
            for user_id, code in problems.items()
        ],
    }


def _facts(conn: Connection, playing: Playing) -> dict[str, Any]:
    ends_at = rules.ends_at(playing.run)
    return {
        "tmdb_id": playing.tmdb_id,
        "title": films.film_title(conn, playing.tmdb_id),
        "members": [users.get(conn, user_id).name for user_id in playing.members],
        "state": "paused" if playing.run.running_since is None else "running",
        "progress": rules.progress(playing.run, instants.now()),
        "runtime": playing.run.runtime,
        "ends_at": to_text(ends_at) if ends_at else None,
    }
