"""Sessions: the browser holds a token, the table its SHA-256."""

import secrets
from datetime import datetime, timedelta

from db import Connection
from db.users import COLUMNS, Member, member
from utils.hashing import sha256_hex
from utils.instants import to_text

LIFETIME = timedelta(days=365)


def create(conn: Connection, user_id: int, now: datetime) -> str:
    """Start a session and return its token, which is stored nowhere else."""
    token = secrets.token_urlsafe(32)
    conn.execute(
        "INSERT INTO sessions (token_hash, user_id, created_at) VALUES (?, ?, ?)",
        (sha256_hex(token), user_id, to_text(now)),
    )
    return token


def member_of(conn: Connection, token: str, now: datetime) -> Member | None:
    """Return the member of a session that has not ended or expired, unless they retired."""
    row = conn.execute(
        f"SELECT {COLUMNS} FROM sessions s JOIN users u ON u.id = s.user_id"
        " WHERE s.token_hash = ? AND s.created_at > ? AND u.retired_at IS NULL",
        (sha256_hex(token), to_text(now - LIFETIME)),
    ).fetchone()
    return member(row) if row else None


def end(conn: Connection, token: str) -> None:
    conn.execute("DELETE FROM sessions WHERE token_hash = ?", (sha256_hex(token),))


def end_all(conn: Connection, user_id: int) -> None:
    conn.execute("DELETE FROM sessions WHERE user_id = ?", (user_id,))


def end_everyones(conn: Connection) -> None:
    """End all members' sessions."""
    conn.execute("DELETE FROM sessions")


def delete_old(conn: Connection, now: datetime) -> None:
    conn.execute("DELETE FROM sessions WHERE created_at <= ?", (to_text(now - LIFETIME),))
