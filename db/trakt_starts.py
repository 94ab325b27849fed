"""OAuth sign-ins in progress: each bound to a session and a member, and used once."""

from datetime import datetime, timedelta

from db import Connection
from utils.hashing import sha256_hex
from utils.instants import to_text

LIFETIME = timedelta(minutes=10)
MOST = 5  # per session; the oldest are deleted


def create(
    conn: Connection, state: str, session: str, user_id: int, verifier: str, now: datetime
) -> None:
    """Store a sign-in; `session` is the session's token, `verifier` an envelope."""
    _delete_expired(conn, now)
    conn.execute(
        "INSERT INTO trakt_starts (state_hash, session_hash, user_id, verifier, created_at)"
        " VALUES (?, ?, ?, ?, ?)",
        (sha256_hex(state), sha256_hex(session), user_id, verifier, to_text(now)),
    )
    conn.execute(
        "DELETE FROM trakt_starts WHERE session_hash = ?1 AND state_hash NOT IN ("
        " SELECT state_hash FROM trakt_starts WHERE session_hash = ?1"
        " ORDER BY created_at DESC, state_hash = ?2 DESC LIMIT ?3)",
        (sha256_hex(session), sha256_hex(state), MOST),
    )


def consume(conn: Connection, state: str, session: str, user_id: int, now: datetime) -> str | None:
    """Delete a sign-in; returns its encrypted verifier, or None if it is not this session's."""
    _delete_expired(conn, now)
    row = conn.execute(
        "DELETE FROM trakt_starts WHERE state_hash = ? AND session_hash = ? AND user_id = ?"
        " RETURNING verifier",
        (sha256_hex(state), sha256_hex(session), user_id),
    ).fetchone()
    return str(row["verifier"]) if row else None


def delete_all(conn: Connection, user_id: int) -> None:
    conn.execute("DELETE FROM trakt_starts WHERE user_id = ?", (user_id,))


def context(user_id: int) -> str:
    """Return the encryption context of a verifier."""
    return f"trakt_starts:verifier:{user_id}"


def _delete_expired(conn: Connection, now: datetime) -> None:
    conn.execute("DELETE FROM trakt_starts WHERE created_at <= ?", (to_text(now - LIFETIME),))
