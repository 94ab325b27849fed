"""Signing in: the PIN and its lockout, and this browser's session."""

from datetime import datetime

from flask import session
from flask_login import current_user, login_user

from blueprints.http.auth import SessionUser, record_audit
from db import Connection, get_db, sessions, transaction, users
from db.users import Member
from rules import Refused
from services import members
from utils import instants


def check_pin(member: Member, pin: str) -> None:
    """Refuse a wrong PIN. The try is counted and committed before the hash is compared."""
    if member.pin is None:
        return
    conn, now = get_db(), instants.now()
    with transaction(conn):
        users.count_pin_try(conn, member.id, now)
    if not members.pin_matches(pin, member.pin):
        with transaction(conn):
            record_audit(conn, now, "wrong_pin", member.id)
        raise Refused("wrong_pin")


def recheck_pin(conn: Connection, checked: Member) -> Member:
    """Return the member as of this transaction; refuse if the PIN changed since it was checked."""
    member = users.get_active(conn, checked.id)
    if member.pin != checked.pin:
        raise Refused("wrong_pin")
    return member


def start_session(conn: Connection, member_id: int, now: datetime) -> str:
    """Replace this browser's session and return its token; the caller commits, sets the cookie."""
    if current_user.is_authenticated:
        sessions.end(conn, current_user.token)
    sessions.delete_old(conn, now)
    return sessions.create(conn, member_id, now)


def set_session_cookie(token: str, member: Member) -> None:
    """Replace the browser's session cookie; call it after the commit."""
    session.clear()
    session.permanent = True
    login_user(SessionUser(token, member))
