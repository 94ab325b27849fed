"""Sending the outbox: rows are claimed, then marked by what became of them. A claim is committed
before anything is sent; its claimant holds the member's lock.
"""

from collections.abc import Collection
from datetime import datetime

from db import Connection
from db.outbox import COLUMNS, OutboxEntry
from utils.instants import to_text


def claim(conn: Connection, user_id: int, now: datetime, limit: int = 100) -> list[OutboxEntry]:
    """Take what is due, oldest first; the caller holds the member's lock and commits at once.

    A row waits behind an older one of its title: what was taken back and then done again would
    else be taken back last.
    """
    due = conn.execute(
        f"SELECT {COLUMNS} FROM outbox o"
        " WHERE user_id = ?1 AND status = 'waiting' AND next_try_at <= ?2 AND NOT EXISTS"
        " (SELECT 1 FROM outbox older WHERE older.user_id = ?1 AND older.status = 'waiting'"
        "  AND older.next_try_at > ?2 AND older.id < o.id"
        "  AND older.kind = o.kind AND older.tmdb_id = o.tmdb_id)"
        " ORDER BY id LIMIT ?3",
        (user_id, to_text(now), limit),
    ).fetchall()
    letters = [OutboxEntry(**dict(row) | {"maybe_sent": bool(row["maybe_sent"])}) for row in due]
    conn.execute(
        "UPDATE outbox SET status = 'claimed', attempts = attempts + 1"
        f" WHERE id IN ({_marks(letters)}) AND status = 'waiting'",
        _ids(letters),
    )
    return letters


def release_stale_claims(conn: Connection, user_id: int) -> None:
    """What a run that died had claimed may have arrived; the caller holds the member's lock."""
    conn.execute(
        "UPDATE outbox SET status = 'waiting', is_doubtful = 1"
        " WHERE user_id = ? AND status = 'claimed'",
        (user_id,),
    )


def mark_done(
    conn: Connection, letters: Collection[OutboxEntry], status: str, now: datetime
) -> None:
    """`sent`, or `there`: Trakt had it already."""
    conn.execute(
        "UPDATE outbox SET status = ?, ended_at = ?, problem = NULL, is_doubtful = 0"
        f" WHERE id IN ({_marks(letters)})",
        (status, to_text(now), *_ids(letters)),
    )


def mark_failed(
    conn: Connection, letters: Collection[OutboxEntry], problem: str, now: datetime
) -> None:
    """It can never succeed as it is; its member sees why, and may try again or drop it."""
    conn.execute(
        f"UPDATE outbox SET status = 'parked', ended_at = ?, problem = ?"
        f" WHERE id IN ({_marks(letters)})",
        (to_text(now), problem, *_ids(letters)),
    )


def postpone(
    conn: Connection,
    letters: Collection[OutboxEntry],
    until: datetime,
    problem: str,
    *,
    maybe_sent: bool = False,
) -> None:
    """Try again later, unless the link ended meanwhile; a doubt lasts until Trakt was asked."""
    conn.execute(
        "UPDATE outbox SET status = 'waiting', next_try_at = ?, problem = ?,"
        " is_doubtful = max(is_doubtful, ?)"
        f" WHERE id IN ({_marks(letters)}) AND status = 'claimed'",
        (to_text(until), problem, int(maybe_sent), *_ids(letters)),
    )


def set_play_id(conn: Connection, letter: OutboxEntry, play_id: int) -> None:
    """Trakt's own id of that play: what taking it back will name."""
    conn.execute("UPDATE outbox SET trakt_id = ? WHERE id = ?", (play_id, letter.id))


def _marks(letters: Collection[OutboxEntry]) -> str:
    return ",".join("?" * len(letters))


def _ids(letters: Collection[OutboxEntry]) -> tuple[int, ...]:
    return tuple(letter.id for letter in letters)
