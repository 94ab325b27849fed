"""The audit log. It never holds a secret: callers must not pass one."""

from dataclasses import dataclass
from datetime import datetime

from db import Connection
from utils.instants import to_text

NEWEST = 2**63 - 1


@dataclass(frozen=True)
class Entry:
    id: int
    at: str
    action: str
    actor: str | None  # present name; None for the command line, a timer, or before a sign-in
    subject: str | None  # present name
    detail: str
    address: str  # "" for the command line and timers


def add(
    conn: Connection,
    now: datetime,
    action: str,
    *,
    actor_id: int | None = None,
    subject_id: int | None = None,
    detail: str = "",
    address: str = "",
) -> None:
    """Add an entry; `actor_id` None is the command line or a timer, `address` the browser's."""
    conn.execute(
        "INSERT INTO audit_log (at, actor_id, subject_id, action, detail, address)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (to_text(now), actor_id, subject_id, action, detail, address),
    )


def page(
    conn: Connection, limit: int, *, before: int = NEWEST, member_id: int | None = None
) -> list[Entry]:
    """List entries, newest first; with `member_id`, those with this member as actor or subject."""
    rows = conn.execute(
        "SELECT l.id, l.at, l.action, a.name AS actor, s.name AS subject, l.detail, l.address"
        " FROM audit_log l LEFT JOIN users a ON a.id = l.actor_id"
        " LEFT JOIN users s ON s.id = l.subject_id"
        " WHERE l.id < ?1 AND (?2 IS NULL OR l.actor_id = ?2 OR l.subject_id = ?2)"
        " ORDER BY l.id DESC LIMIT ?3",
        (before, member_id, limit),
    )
    return [Entry(*row) for row in rows]
