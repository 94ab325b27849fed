"""The one gate before every route: who may pass, and how. A view without a mark is for members.

In this order: content type, sign-in, role, CSRF token. A browser that is not signed in is led to
"Who's watching?", or to the set-up while the household has no member at all.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from flask import Flask, Response, current_app, request, url_for
from flask_login import current_user
from flask_wtf.csrf import CSRFProtect

from blueprints.answers import see_other, wants_json
from db import Connection, get_db, sessions, transaction, users
from db.users import Member
from rules import Refused
from utils import instants

View = TypeVar("View", bound=Callable[..., Any])
READS = ("GET", "HEAD", "OPTIONS")
BODIES = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data")


class SignedIn:
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


def takes_up_to(largest: int) -> Callable[[View], View]:
    """Lets members send this route a larger body than others take; `largest` is in bytes."""

    def mark(view: View) -> View:
        view.largest_body = largest  # type: ignore[attr-defined]
        return view

    return mark


def access(endpoint: str) -> str:
    """`public`, `member` or `admin`."""
    if endpoint == "static":
        return "public"
    return getattr(current_app.view_functions[endpoint], "access", "member")


def me() -> Member:
    """Who acts: the session's member; only behind the gate."""
    return cast(SignedIn, current_user).member


@contextmanager
def as_me() -> Iterator[Connection]:
    """A transaction of the signed-in member."""
    with transaction(conn := get_db()):
        confirm(conn)
        yield conn


def confirm(conn: Connection) -> None:
    """Inside the transaction: refuse whose session or role ended since the request came in."""
    member = sessions.member_of(conn, current_user.get_id(), instants.now())
    if member is None:
        raise Refused("not_signed_in")
    if access(request.endpoint or "") == "admin" and not member.is_admin:
        raise Refused("admins_only")


def load_signed_in(token: str) -> SignedIn | None:
    member = sessions.member_of(get_db(), token, instants.now())
    return SignedIn(token, member) if member else None


def init_app(app: Flask) -> None:
    app.before_request(_check)


def _check() -> Response | None:
    if request.endpoint is None:  # no such URL, or not by this method
        return None
    _check_content_type()
    needed = access(request.endpoint)
    if needed != "public":
        if not current_user.is_authenticated:
            return _lead_in()
        if needed == "admin" and not me().is_admin:
            raise Refused("admins_only")
    if request.method not in READS:
        _widen(request.endpoint)
        cast(CSRFProtect, current_app.extensions["csrf"]).protect()
    return None


def _widen(endpoint: str) -> None:
    """Before the body is read for its token, and only for those who may pass."""
    largest = getattr(current_app.view_functions[endpoint], "largest_body", None)
    if largest is not None:
        request.max_content_length = largest


def _check_content_type() -> None:
    if request.method in READS or not (request.content_length or request.mimetype):
        return
    if request.mimetype not in BODIES:
        raise Refused("content_type")


def _lead_in() -> Response:
    is_empty = users.is_empty(get_db())
    if wants_json() or request.method not in READS:
        raise Refused("set_up_first" if is_empty else "not_signed_in")
    if is_empty:
        return see_other(url_for("household.setup"))
    screen = "tv" if request.endpoint == "tv.screen" else None
    return see_other(url_for("household.who", screen=screen))
