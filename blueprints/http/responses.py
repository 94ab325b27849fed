"""How a door answers: JSON to who asks for it, a page or a redirect to everybody else."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, flash, jsonify, redirect, request, url_for
from flask_login import current_user

from blueprints.http.forms import Fields
from utils import messages

# Addresses that programs use: they answer JSON unless text/html is asked for.
JSON_PATHS = ("/api/", "/healthz", "/trakt/")
LONGEST_BACK = 8000  # the search takes 300 letters, and one may be 12 in a URL
_BACK = re.compile(r"/(discover|search|films/[0-9]+)(\?[^#\s]*)?(#[a-z0-9-]+)?", re.ASCII)


def wants_json() -> bool:
    accepted = request.accept_mimetypes
    if request.path.startswith(JSON_PATHS):
        return request.path == "/healthz" or "text/html" not in accepted.values()
    asked = accepted.best_match(["text/html", "application/json"])
    if asked == "application/json":
        return True
    return request.is_json and "text/html" not in accepted.values()


def see_other(url: str) -> Response:
    """303: go and look there."""
    answer = redirect(url, 303)
    assert isinstance(answer, Response)  # noqa: S101 - werkzeug's type is wider than what it makes
    return answer


def is_tv_form() -> bool:
    """Whether the form stood on the television's page, which then shows what came of it."""
    return request.form.get("screen") == "tv" and current_user.is_authenticated


def return_path(fields: Fields, otherwise: str) -> str:
    """The page with titles that a form stood on, as it wrote it; anything else is `otherwise`."""
    back = fields.text("back", "", LONGEST_BACK)
    return back if _BACK.fullmatch(back) else otherwise


def guide_url(code: str) -> str:
    """Return the address in the guide of what to do about a failure."""
    return url_for("guide.trakt", _anchor=messages.guide_anchor(code))


def week_url(week: str, place: str, *, is_on: bool) -> str:
    """A place on the page of a week; of the week that is on, the home page."""
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
    """After a change: the new facts as JSON, or a redirect to the page that shows and says them."""
    if not wants_json():
        if flash_message:
            flash(flash_message)
        return see_other(url_for("tv.screen") if is_tv_form() else to)
    answer = jsonify(body() if body else {"ok": True})
    answer.status_code = status
    return answer
