"""The film that is on, one a week; whoever is on the couch has Trakt told what becomes of it."""

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from db import Connection, outbox_events, watch_history
from rules import playback
from rules.playback import PlaybackState
from utils.instants import from_text, to_text


@dataclass(frozen=True)
class Playing:
    week: str
    tmdb_id: int
    members: tuple[int, ...]
    run: PlaybackState
    started_by: int
    stopped_at: datetime | None = None


def of_week(conn: Connection, week: str) -> Playing | None:
    """The film that runs or is paused."""
    kept = _last(conn, week)
    return kept if kept and kept.stopped_at is None else None


def all_on(conn: Connection) -> list[Playing]:
    """Of every week: a film can outlast its own."""
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
    """From its first second, or from where it was stopped too early to count."""
    passed_s = _previous_state(conn, week, tmdb_id)
    begun = Playing(week, tmdb_id, tuple(members), PlaybackState(runtime, now, passed_s), by)
    return resume(conn, begun, now)


def resume(conn: Connection, film: Playing, now: datetime) -> Playing:
    if film.run.running_since:
        return film
    going = _save(conn, replace(film, run=film.run.resumed(now)))
    _enqueue_scrobbles(conn, going, going.members, "started", now)
    return going


def pause(conn: Connection, film: Playing, now: datetime) -> Playing:
    if film.run.running_since is None:
        return film
    paused = _save(conn, replace(film, run=film.run.paused(now)))
    _enqueue_scrobbles(conn, paused, paused.members, "paused", now)
    return paused


def set_viewers(
    conn: Connection, film: Playing, members: Collection[int], now: datetime
) -> Playing:
    """Somebody came late or has left; for who has left, the film stops where it is."""
    seated = replace(film, members=tuple(members))
    if film.run.running_since:
        _enqueue_scrobbles(conn, film, set(film.members) - set(members), "stopped", now)
        _enqueue_scrobbles(conn, film, set(members) - set(film.members), "started", now)
    return _save(conn, seated)


def stop(conn: Connection, film: Playing, *, by: int, now: datetime, at: datetime) -> bool:
    """It ended `at`. Whether enough had passed: then it is marked as watched by who is there."""
    ended = _save(conn, replace(film, run=film.run.paused(at), stopped_at=now))
    reached = playback.progress(ended.run, at)
    if not playback.counts(reached):
        _enqueue_scrobbles(conn, ended, ended.members, "stopped", at)
        return False
    watch_history.add_evening(
        conn,
        film.week,
        film.tmdb_id,
        film.members,
        watched_at=at,
        marked_by=by,
        now=now,
        progress=reached,
    )
    return True


def delete(conn: Connection, week: str, tmdb_id: int) -> None:
    """It was marked as watched by hand: nothing of it is left to be watched, or to be counted."""
    conn.execute("DELETE FROM playings WHERE week = ? AND tmdb_id = ?", (week, tmdb_id))


def _last(conn: Connection, week: str) -> Playing | None:
    row = conn.execute("SELECT * FROM playings WHERE week = ?", (week,)).fetchone()
    return _playing(row) if row else None


def _previous_state(conn: Connection, week: str, tmdb_id: int) -> float:
    """Seconds; none of a film that was watched to its end."""
    kept = _last(conn, week)
    if kept is None or kept.tmdb_id != tmdb_id or kept.stopped_at is None:
        return 0.0
    reached = playback.progress(kept.run, kept.stopped_at)
    return 0.0 if playback.counts(reached) else kept.run.passed_s


def _save(conn: Connection, film: Playing) -> Playing:
    row = {
        "week": film.week,
        "tmdb_id": film.tmdb_id,
        "runtime": film.run.runtime,
        "members": json.dumps(film.members),
        "passed_s": film.run.passed_s,
        "running_since": _text(film.run.running_since),
        "started_at": to_text(film.run.started_at),
        "started_by": film.started_by,
        "stopped_at": _text(film.stopped_at),
    }
    conn.execute(
        f"REPLACE INTO playings ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",
        tuple(row.values()),
    )
    watch_history.bump_state_version(conn)
    return film


def _playing(row: Any) -> Playing:
    since = _instant(row["running_since"])
    run = PlaybackState(row["runtime"], from_text(row["started_at"]), row["passed_s"], since)
    return Playing(
        row["week"],
        row["tmdb_id"],
        tuple(json.loads(row["members"])),
        run,
        row["started_by"],
        _instant(row["stopped_at"]),
    )


def _text(instant: datetime | None) -> str | None:
    return to_text(instant) if instant else None


def _instant(text: str | None) -> datetime | None:
    return from_text(text) if text else None


def _enqueue_scrobbles(
    conn: Connection, film: Playing, members: Collection[int], act: str, at: datetime
) -> None:
    reached = playback.progress(film.run, at)
    outbox_events.enqueue_scrobble(conn, members, act, film.tmdb_id, reached, at, film.week)
