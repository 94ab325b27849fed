"""Audit rows of a request: who is signed in did it, from this address."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar, cast

from flask import Flask, Response, current_app, request, url_for
from flask_login import current_user
from flask_wtf.csrf import CSRFProtect

from blueprints.http.responses import see_other, wants_json
from db import Connection, audit, get_db, sessions, transaction, users
from db.users import Member
from rules import Refused
from utils import instants


def record_audit(
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


View = TypeVar("View", bound=Callable[..., Any])
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
BODY_TYPES = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data")


class SessionUser:
    """What Flask-Login carries around: a session's token and its member."""

    is_authenticated = is_active = True
    is_anonymous = False

    def __init__(self, token: str, member: Member) -> None:
        self.token = token
        self.member = member

    def get_id(self) -> str:
        return self.token


def public(view: View) -> View:
    view.access = "public"  # type: ignore[attr-defined]
    return view


def admins_only(view: View) -> View:
    view.access = "admin"  # type: ignore[attr-defined]
    return view


def max_body(largest: int) -> Callable[[View], View]:
    """Lets members send this route a larger body than others take; `largest` is in bytes."""

    def mark(view: View) -> View:
        view.largest_body = largest  # type: ignore[attr-defined]
        return view

    return mark


def required_access(endpoint: str) -> str:
    """`public`, `member` or `admin`."""
    if endpoint == "static":
        return "public"
    return getattr(current_app.view_functions[endpoint], "access", "member")


def current_member() -> Member:
    """Who acts: the session's member; only behind the gate."""
    return cast(SessionUser, current_user).member


@contextmanager
def member_transaction() -> Iterator[Connection]:
    """A transaction of the signed-in member."""
    with transaction(conn := get_db()):
        recheck_session(conn)
        yield conn


def recheck_session(conn: Connection) -> None:
    """Inside the transaction: refuse whose session or role ended since the request came in."""
    member = sessions.member_of(conn, current_user.get_id(), instants.now())
    if member is None:
        raise Refused("not_signed_in")
    if required_access(request.endpoint or "") == "admin" and not member.is_admin:
        raise Refused("admins_only")


def load_user(token: str) -> SessionUser | None:
    member = sessions.member_of(get_db(), token, instants.now())
    return SessionUser(token, member) if member else None


def init_app(app: Flask) -> None:
    app.before_request(_gate)


def _gate() -> Response | None:
    if request.endpoint is None:  # no such URL, or not by this method
        return None
    _check_content_type()
    needed = required_access(request.endpoint)
    if needed != "public":
        if not current_user.is_authenticated:
            return _sign_in_first()
        if needed == "admin" and not current_member().is_admin:
            raise Refused("admins_only")
    if request.method not in SAFE_METHODS:
        _apply_max_body(request.endpoint)
        cast(CSRFProtect, current_app.extensions["csrf"]).protect()
    return None


def _apply_max_body(endpoint: str) -> None:
    """Before the body is read for its token, and only for those who may pass."""
    largest = getattr(current_app.view_functions[endpoint], "largest_body", None)
    if largest is not None:
        request.max_content_length = largest


def _check_content_type() -> None:
    if request.method in SAFE_METHODS or not (request.content_length or request.mimetype):
        return
    if request.mimetype not in BODY_TYPES:
        raise Refused("content_type")


def _sign_in_first() -> Response:
    is_empty = users.is_empty(get_db())
    if wants_json() or request.method not in SAFE_METHODS:
        raise Refused("set_up_first" if is_empty else "not_signed_in")
    if is_empty:
        return see_other(url_for("household.setup"))
    screen = "tv" if request.endpoint == "tv.screen" else None
    return see_other(url_for("household.who", screen=screen))
