"""Who did what to whom, when and from where. Callers never hand over a secret."""

from datetime import datetime

from db import Connection
from utils.instants import to_text


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
