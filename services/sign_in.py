"""Getting in: the PIN behind its brake, and the session of this browser."""

from datetime import datetime

from flask import current_app, session
from flask_login import current_user, login_user

from blueprints.http import auth
from blueprints.http.auth import SessionUser
from db import Connection, get_db, sessions, transaction, users
from db.users import Member
from rules import Refused
from utils import instants, pins


def active_member(conn: Connection, member_id: int) -> Member:
    member = users.get(conn, member_id)
    if member.is_retired:
        raise Refused("no_member")
    return member


def check_pin(member: Member, pin: str) -> None:
    """Refuses a wrong PIN. The try is counted, and committed, before the hash is looked at."""
    if member.pin is None:
        return
    conn, now = get_db(), instants.now()
    with transaction(conn):
        users.count_pin_try(conn, member.id, now)
    if not pin_matches(pin, member.pin):
        with transaction(conn):
            auth.record_audit(conn, now, "wrong_pin", member.id)
        raise Refused("wrong_pin")


def pin_matches(pin: str, stored: str) -> bool:
    return pins.matches(pin, stored, current_app.config["PIN_PEPPER"])


def recheck_pin(conn: Connection, checked: Member) -> Member:
    """The member as of this transaction; refuses when the PIN is not the one that was checked."""
    member = active_member(conn, checked.id)
    if member.pin != checked.pin:
        raise Refused("wrong_pin")
    return member


def hash_new_pin(pin: str) -> str | None:
    """The hash of a PIN that somebody chose, None for an empty one. Slow: no transaction here."""
    check_new_pin(pin)
    if not pin:
        return None
    return pins.hash_pin(pin, current_app.config["PIN_PEPPER"], current_app.config["PIN_COST"])


def check_new_pin(pin: str) -> None:
    """Refuses a PIN that nobody should choose; an empty one means none."""
    if not pin:
        return
    if not pins.is_valid(pin):
        raise Refused("pin_odd")
    if pins.is_common(pin):
        raise Refused("pin_common")


def start_session(conn: Connection, member_id: int, now: datetime) -> str:
    """A session in place of the one this browser had; once committed, `keep` its token."""
    if current_user.is_authenticated:
        sessions.end(conn, current_user.token)
    sessions.delete_old(conn, now)
    return sessions.create(conn, member_id, now)


def set_session_cookie(token: str, member: Member) -> None:
    """Put a committed session into this browser's cookie, and nothing of the one before."""
    session.clear()
    session.permanent = True
    login_user(SessionUser(token, member))
