"""Sign-ins at Trakt that have begun: bound to one session and one member, used once, soon."""

from datetime import datetime, timedelta

from db import Connection
from utils import hashing
from utils.instants import to_text

LIFETIME = timedelta(minutes=10)
MOST = 5  # open ones of a session; the oldest give way


def create(
    conn: Connection, state: str, session: str, user_id: int, verifier: str, now: datetime
) -> None:
    """`session` is its token; `verifier` an envelope."""
    _sweep(conn, now)
    conn.execute(
        "INSERT INTO trakt_starts (state_hash, session_hash, user_id, verifier, created_at)"
        " VALUES (?, ?, ?, ?, ?)",
        (hashing.sha256_hex(state), hashing.sha256_hex(session), user_id, verifier, to_text(now)),
    )
    conn.execute(
        "DELETE FROM trakt_starts WHERE session_hash = ?1 AND state_hash NOT IN ("
        " SELECT state_hash FROM trakt_starts WHERE session_hash = ?1"
        " ORDER BY created_at DESC, state_hash = ?2 DESC LIMIT ?3)",
        (hashing.sha256_hex(session), hashing.sha256_hex(state), MOST),
    )


def consume(conn: Connection, state: str, session: str, user_id: int, now: datetime) -> str | None:
    """Use up a start: its sealed verifier, or None when this session may not use that state."""
    _sweep(conn, now)
    row = conn.execute(
        "DELETE FROM trakt_starts WHERE state_hash = ? AND session_hash = ? AND user_id = ?"
        " RETURNING verifier",
        (hashing.sha256_hex(state), hashing.sha256_hex(session), user_id),
    ).fetchone()
    return str(row["verifier"]) if row else None


def delete_all(conn: Connection, user_id: int) -> None:
    conn.execute("DELETE FROM trakt_starts WHERE user_id = ?", (user_id,))


def context(user_id: int) -> str:
    """What a verifier's envelope is bound to."""
    return f"trakt_starts:verifier:{user_id}"


def _sweep(conn: Connection, now: datetime) -> None:
    conn.execute("DELETE FROM trakt_starts WHERE created_at <= ?", (to_text(now - LIFETIME),))
