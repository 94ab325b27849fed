"""Changes to members by admins and the command line: PINs and roles."""

from datetime import datetime

from flask import current_app

from db import Connection, sessions, users
from rules import Refused
from utils import pins


def add(
    conn: Connection, name: str, icon: str, pin_hash: str | None, now: datetime, *, is_admin: bool
) -> int:
    """Add a member and return the id; the caller commits."""
    member_id = users.add(conn, name, icon, now)
    users.set_pin(conn, member_id, pin_hash)
    if is_admin:
        users.set_admin(conn, member_id, True)
    return member_id


def set_pin(conn: Connection, member_id: int, pin_hash: str | None) -> None:
    """Set a PIN, or delete it with None, and end the member's sessions; the caller commits."""
    users.set_pin(conn, member_id, pin_hash)
    sessions.end_all(conn, member_id)


def set_admin(conn: Connection, member_id: int, is_admin: bool) -> bool:
    """Change a role and end the member's sessions; return False if it is unchanged."""
    if users.get(conn, member_id).is_admin == is_admin:
        return False
    users.set_admin(conn, member_id, is_admin)
    sessions.end_all(conn, member_id)
    return True


def hash_new_pin(pin: str) -> str | None:
    """Return the hash of a new PIN, None for an empty one. Slow: call it outside a transaction."""
    if not pin:
        return None
    if not pins.is_valid(pin):
        raise Refused("pin_odd")
    if pins.is_common(pin):
        raise Refused("pin_common")
    return pins.hash_pin(pin, current_app.config["PIN_PEPPER"], current_app.config["PIN_COST"])


def pin_matches(pin: str, stored: str) -> bool:
    return pins.matches(pin, stored, current_app.config["PIN_PEPPER"])
