"""The form of a response: JSON for programs, a page or a redirect for browsers."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, flash, jsonify, redirect, request, url_for
from flask_login import current_user

from blueprints.http.forms import Fields
from utils import messages

# Paths for programs: they return JSON unless the request accepts text/html.
JSON_PATHS = ("/api/", "/healthz", "/trakt/")
LONGEST_BACK = 8000  # a search has up to 300 characters, each up to 12 in a URL
_BACK = re.compile(r"/(discover|search|films/[0-9]+)(\?[^#\s]*)?(#[a-z0-9-]+)?", re.ASCII)


def wants_json() -> bool:
    accepted = request.accept_mimetypes
    if request.path.startswith(JSON_PATHS):
        asked = accepted.best_match(["application/json", "text/html"], "application/json")
        return request.path == "/healthz" or asked == "application/json"
    preferred = accepted.best_match(["text/html", "application/json"])
    if preferred == "application/json":
        return True
    return request.is_json and "text/html" not in accepted.values()


def see_other(url: str) -> Response:
    """Return a 303 redirect, which the browser follows with GET."""
    response = redirect(url, 303)
    assert isinstance(response, Response)  # noqa: S101 - werkzeug's type is wider than what it makes
    return response


def is_tv_form() -> bool:
    """Return True if the form was on the television's page, which then shows the outcome."""
    return request.form.get("screen") == "tv" and current_user.is_authenticated


def return_path(fields: Fields, otherwise: str) -> str:
    """Return the form's `back` field if it is the path of a page with films, else `otherwise`."""
    back = fields.text("back", "", LONGEST_BACK)
    return back if _BACK.fullmatch(back) else otherwise


def guide_url(code: str) -> str:
    """Return the URL of the guide's help for an error code."""
    return url_for("guide.trakt", _anchor=messages.guide_anchor(code))


def week_url(week: str, place: str, *, is_on: bool) -> str:
    """Return the URL of an anchor on a week's page; the current week's page is the home page."""
    if is_on:
        return url_for("week.this_week", _anchor=place)
    return url_for("history.week", week=week, _anchor=place)


def redirect_or_json(
    to: str,
    body: Callable[[], Mapping[str, Any]] | None = None,
    status: int = 200,
    *,
    flash_message: str = "",
) -> Response:
    """Respond to a change: `body` as JSON, or a redirect with the flash message."""
    if not wants_json():
        if flash_message:
            flash(flash_message)
        return see_other(url_for("tv.screen") if is_tv_form() else to)
    response = jsonify(body() if body else {"ok": True})
    response.status_code = status
    return response
