"""Who did what to whom, when and from where. Callers never hand over a secret."""

from dataclasses import dataclass
from datetime import datetime

from db import Connection
from utils.instants import to_text

NEWEST = 2**63 - 1


@dataclass(frozen=True)
class Entry:
    """The names are today's; None where nobody was signed in, or nobody is meant."""

    id: int
    at: str
    action: str
    actor: str | None
    subject: str | None
    detail: str
    address: str  # "" for the command line and the clock


def note(
    conn: Connection,
    now: datetime,
    action: str,
    *,
    actor_id: int | None = None,
    subject_id: int | None = None,
    detail: str = "",
    address: str = "",
) -> None:
    """`actor_id` None is the command line or the clock; `address` the browser's."""
    conn.execute(
        "INSERT INTO audit_log (at, actor_id, subject_id, action, detail, address)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (to_text(now), actor_id, subject_id, action, detail, address),
    )


def page(
    conn: Connection, limit: int, *, before: int = NEWEST, member_id: int | None = None
) -> list[Entry]:
    """Newest first; with `member_id`, what they did and what was done to them."""
    rows = conn.execute(
        "SELECT l.id, l.at, l.action, a.name AS actor, s.name AS subject, l.detail, l.address"
        " FROM audit_log l LEFT JOIN users a ON a.id = l.actor_id"
        " LEFT JOIN users s ON s.id = l.subject_id"
        " WHERE l.id < ?1 AND (?2 IS NULL OR l.actor_id = ?2 OR l.subject_id = ?2)"
        " ORDER BY l.id DESC LIMIT ?3",
        (before, member_id, limit),
    )
    return [Entry(*row) for row in rows]
