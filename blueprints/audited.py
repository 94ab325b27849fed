"""Audit rows of a request: who is signed in did it, from this address."""

from datetime import datetime

from flask import request
from flask_login import current_user

from db import Connection, audit


def note(
    conn: Connection,
    now: datetime,
    action: str,
    subject_id: int | None = None,
    *,
    actor_id: int | None = None,
    detail: str = "",
) -> None:
    """`actor_id` is for acts that make somebody signed in; the caller commits."""
    if actor_id is None and current_user.is_authenticated:
        actor_id = current_user.member.id
    audit.note(
        conn,
        now,
        action,
        actor_id=actor_id,
        subject_id=subject_id,
        detail=detail,
        address=request.remote_addr or "",
    )
