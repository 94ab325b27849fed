"""The film that is playing, one per week; starts, pauses and stops are sent to viewers' Trakt."""

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from db import Connection, outbox_events, placeholders, watch_history
from rules import playback
from rules.playback import PlaybackState
from utils.instants import from_text, from_text_or_none, to_text, to_text_or_none


@dataclass(frozen=True)
class Playing:
    week: str
    tmdb_id: int
    members: tuple[int, ...]
    run: PlaybackState
    started_by: int
    stopped_at: datetime | None = None


def get(conn: Connection, week: str) -> Playing | None:
    """Return the week's film that is running or paused."""
    film = _last(conn, week)
    return film if film and film.stopped_at is None else None


def list_playing(conn: Connection) -> list[Playing]:
    """List the films of all weeks that are not stopped; one can run past the end of its week."""
    rows = conn.execute("SELECT * FROM playings WHERE stopped_at IS NULL ORDER BY week")
    return [_playing(row) for row in rows]


def start(
    conn: Connection,
    week: str,
    tmdb_id: int,
    members: Collection[int],
    *,
    runtime: int,
    by: int,
    now: datetime,
) -> Playing:
    """Start a film, or continue it where it was stopped before it counted as watched."""
    state = PlaybackState(runtime, now, _passed_before(conn, week, tmdb_id))
    return resume(conn, Playing(week, tmdb_id, tuple(members), state, by), now)


def resume(conn: Connection, film: Playing, now: datetime) -> Playing:
    if film.run.running_since:
        return film
    running = _store(conn, replace(film, run=film.run.resumed(now)))
    _enqueue_scrobbles(conn, running, running.members, "started", now)
    return running


def pause(conn: Connection, film: Playing, now: datetime) -> Playing:
    if film.run.running_since is None:
        return film
    paused = _store(conn, replace(film, run=film.run.paused(now)))
    _enqueue_scrobbles(conn, paused, paused.members, "paused", now)
    return paused


def set_viewers(
    conn: Connection, film: Playing, members: Collection[int], now: datetime
) -> Playing:
    """Change who watches; at their Trakt the film starts for new viewers, and stops for others."""
    if film.run.running_since:
        _enqueue_scrobbles(conn, film, set(film.members) - set(members), "stopped", now)
        _enqueue_scrobbles(conn, film, set(members) - set(film.members), "started", now)
    return _store(conn, replace(film, members=tuple(members)))


def stop(conn: Connection, film: Playing, *, by: int, now: datetime, at: datetime) -> bool:
    """Stop a film that ended at `at`; return True if it counts as watched by its viewers."""
    stopped = _store(conn, replace(film, run=film.run.paused(at), stopped_at=now))
    progress = playback.progress(stopped.run, at)
    if not playback.counts(progress):
        _enqueue_scrobbles(conn, stopped, stopped.members, "stopped", at)
        return False
    watch_history.add_evening(
        conn,
        film.week,
        film.tmdb_id,
        film.members,
        watched_at=at,
        marked_by=by,
        now=now,
        progress=progress,
    )
    return True


def delete(conn: Connection, week: str, tmdb_id: int) -> None:
    """Delete the week's playback of a film, because a member marked it as watched."""
    conn.execute("DELETE FROM playings WHERE week = ? AND tmdb_id = ?", (week, tmdb_id))


def _last(conn: Connection, week: str) -> Playing | None:
    row = conn.execute("SELECT * FROM playings WHERE week = ?", (week,)).fetchone()
    return _playing(row) if row else None


def _passed_before(conn: Connection, week: str, tmdb_id: int) -> float:
    """Return the seconds that had passed when the film was stopped; 0 if it was watched."""
    film = _last(conn, week)
    if film is None or film.tmdb_id != tmdb_id or film.stopped_at is None:
        return 0.0
    is_watched = playback.counts(playback.progress(film.run, film.stopped_at))
    return 0.0 if is_watched else film.run.passed_s


def _store(conn: Connection, film: Playing) -> Playing:
    row = {
        "week": film.week,
        "tmdb_id": film.tmdb_id,
        "runtime": film.run.runtime,
        "members": json.dumps(film.members),
        "passed_s": film.run.passed_s,
        "running_since": to_text_or_none(film.run.running_since),
        "started_at": to_text(film.run.started_at),
        "started_by": film.started_by,
        "stopped_at": to_text_or_none(film.stopped_at),
    }
    conn.execute(
        f"REPLACE INTO playings ({', '.join(row)}) VALUES ({placeholders(row)})",
        tuple(row.values()),
    )
    watch_history.bump_state_version(conn)
    return film


def _playing(row: Any) -> Playing:
    run = PlaybackState(
        row["runtime"],
        from_text(row["started_at"]),
        row["passed_s"],
        from_text_or_none(row["running_since"]),
    )
    return Playing(
        row["week"],
        row["tmdb_id"],
        tuple(json.loads(row["members"])),
        run,
        row["started_by"],
        from_text_or_none(row["stopped_at"]),
    )


def _enqueue_scrobbles(
    conn: Connection, film: Playing, members: Collection[int], act: str, at: datetime
) -> None:
    progress = playback.progress(film.run, at)
    outbox_events.enqueue_scrobble(conn, members, act, film.tmdb_id, progress, at, film.week)
