"""Access checks before every route. A view without a decorator is for members only.

The order is content type, sign-in, role, CSRF token. A browser that is not signed in is redirected
to "Who's watching?", or to the set-up while the household has no members.
"""

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
from db.weeks import Week
from rules import Refused
from services import current_week
from utils import instants

View = TypeVar("View", bound=Callable[..., Any])
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
BODY_TYPES = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data")


class SessionUser:
    """The user object of Flask-Login: a session's token and its member."""

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


def max_body(size: int) -> Callable[[View], View]:
    """Raise the body limit of a route to `size` bytes, for those with access to it."""

    def decorate(view: View) -> View:
        view.max_body = size  # type: ignore[attr-defined]
        return view

    return decorate


def required_access(endpoint: str) -> str:
    """Return `public`, `member` or `admin`."""
    if endpoint == "static":
        return "public"
    return getattr(current_app.view_functions[endpoint], "access", "member")


def current_member() -> Member:
    """Return the signed-in member; only for views that are not public."""
    return cast(SessionUser, current_user).member


@contextmanager
def member_transaction() -> Iterator[Connection]:
    """Open a transaction and check the session again inside it."""
    with transaction(conn := get_db()):
        recheck_session(conn)
        yield conn


@contextmanager
def member_week_transaction() -> Iterator[tuple[Connection, Week, datetime]]:
    """Open a transaction on the current week and check the session again inside it."""
    conn, now = get_db(), instants.now()
    with current_week.week_transaction(conn, now) as week:
        recheck_session(conn)
        yield conn, week, now


def recheck_session(conn: Connection) -> None:
    """Refuse a session or role that ended since the request came in; call it in a transaction."""
    member = sessions.member_of(conn, current_user.get_id(), instants.now())
    if member is None:
        raise Refused("not_signed_in")
    if required_access(request.endpoint or "") == "admin" and not member.is_admin:
        raise Refused("admins_only")


def record_audit(
    conn: Connection,
    now: datetime,
    action: str,
    subject_id: int | None = None,
    *,
    actor_id: int | None = None,
    detail: str = "",
) -> None:
    """Add an audit row with the request's member and address; the caller commits.

    `actor_id` replaces the signed-in member, for requests that sign a member in.
    """
    if actor_id is None and current_user.is_authenticated:
        actor_id = current_member().id
    audit.add(
        conn,
        now,
        action,
        actor_id=actor_id,
        subject_id=subject_id,
        detail=detail,
        address=request.remote_addr or "",
    )


def load_user(token: str) -> SessionUser | None:
    member = sessions.member_of(get_db(), token, instants.now())
    return SessionUser(token, member) if member else None


def init_app(app: Flask) -> None:
    app.before_request(_check_access)


def _check_access() -> Response | None:
    if request.endpoint is None:  # unknown URL or method: Flask answers 404 or 405
        return None
    _check_content_type()
    access = required_access(request.endpoint)
    if access != "public":
        if not current_user.is_authenticated:
            return _redirect_to_sign_in()
        if access == "admin" and not current_member().is_admin:
            raise Refused("admins_only")
    if request.method not in SAFE_METHODS:
        _apply_max_body(request.endpoint)
        cast(CSRFProtect, current_app.extensions["csrf"]).protect()
    return None


def _apply_max_body(endpoint: str) -> None:
    """Raise the body limit. Called after the access check, and before CSRF reads the body."""
    size = getattr(current_app.view_functions[endpoint], "max_body", None)
    if size is not None:
        request.max_content_length = size


def _check_content_type() -> None:
    if request.method in SAFE_METHODS or not (request.content_length or request.mimetype):
        return
    if request.mimetype not in BODY_TYPES:
        raise Refused("content_type")


def _redirect_to_sign_in() -> Response:
    is_empty = users.is_empty(get_db())
    if wants_json() or request.method not in SAFE_METHODS:
        raise Refused("set_up_first" if is_empty else "not_signed_in")
    if is_empty:
        return see_other(url_for("household.setup"))
    screen = "tv" if request.endpoint == "tv.screen" else None
    return see_other(url_for("household.who", screen=screen))
