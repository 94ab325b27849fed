"""Signed-in devices: the browser holds a token, the table its hash."""

import hashlib
import secrets
from datetime import datetime, timedelta

from db import Connection
from db.users import COLUMNS, Member, member
from utils.instants import to_text

LIFETIME = timedelta(days=365)


def create(conn: Connection, user_id: int, now: datetime) -> str:
    """A new session; the token is in nobody's hands but the caller's."""
    token = secrets.token_urlsafe(32)
    conn.execute(
        "INSERT INTO sessions (token_hash, user_id, created_at) VALUES (?, ?, ?)",
        (_hash(token), user_id, to_text(now)),
    )
    return token


def member_of(conn: Connection, token: str, now: datetime) -> Member | None:
    """Who holds this token, unless it ended, grew too old or its member retired."""
    row = conn.execute(
        f"SELECT {COLUMNS} FROM sessions s JOIN users u ON u.id = s.user_id"
        " WHERE s.token_hash = ? AND s.created_at > ? AND u.retired_at IS NULL",
        (_hash(token), to_text(now - LIFETIME)),
    ).fetchone()
    return member(row) if row else None


def end(conn: Connection, token: str) -> None:
    conn.execute("DELETE FROM sessions WHERE token_hash = ?", (_hash(token),))


def end_all(conn: Connection, user_id: int) -> None:
    conn.execute("DELETE FROM sessions WHERE user_id = ?", (user_id,))


def end_everyones(conn: Connection) -> None:
    """For a restored file: cookies of its day must not come back to life."""
    conn.execute("DELETE FROM sessions")


def delete_old(conn: Connection, now: datetime) -> None:
    conn.execute("DELETE FROM sessions WHERE created_at <= ?", (to_text(now - LIFETIME),))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
