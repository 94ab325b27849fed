"""Refusals and failures as an answer: JSON, the page they happened on, or a page of their own."""

import logging
import math
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    jsonify,
    make_response,
    render_template,
    request,
)
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from blueprints.http.responses import guide_url, is_tv_form, wants_json
from db import DatabaseError
from rules import Refused
from trakt.errors import TraktError
from utils import messages
from utils.translation import gettext as _
from utils.waitress_channel import REFUSAL

log = logging.getLogger(__name__)
Page = Callable[..., Any]


def render_refusals_on(endpoint: str) -> Callable[[Page], Page]:
    """Answer a refused form with its page, `view(error=sentence, **parts of the URL)`, as typed."""

    def decorate(view: Page) -> Page:
        @wraps(view)
        def guarded(**parts: Any) -> Any:
            try:
                return view(**parts)
            except Refused as refused:
                if wants_json():
                    raise
                status, sentence = messages.refusal(refused.code, refused.values)
                page = current_app.view_functions["tv.screen" if is_tv_form() else endpoint]
                return _with_status(make_response(page(error=sentence, **parts)), status, refused)

        return guarded

    return decorate


def init_app(app: Flask) -> None:
    app.before_request(_answer_refused_by_waitress)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(TraktError, _trakt_error)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(DatabaseError, _database_error)
    app.register_error_handler(Exception, _unexpected)


def _answer_refused_by_waitress() -> None:
    """Answer a request that waitress refused, such as one with too large a body."""
    if status := request.environ.get(REFUSAL):
        abort(status)


def _refused(refused: Refused) -> Response:
    status, sentence = messages.refusal(refused.code, refused.values)
    return _with_status(_error_response(status, refused.code, sentence), status, refused)


def _trakt_error(error: TraktError) -> Response:
    log.warning("%s %s: Trakt: %s", request.method, request.path, error)
    status, sentence = trakt_error(error)
    answer = _error_response(status, error.code, sentence, guide_url(error.code))
    if error.retry_after:
        answer.headers["Retry-After"] = str(math.ceil(error.retry_after))
    return answer


def trakt_error(error: TraktError) -> tuple[int, str]:
    """Return status and sentence: 503 if Trakt cannot now, 409 if somebody has to act first."""
    return 409 if error.permanent else 503, messages.trakt_waited_for(error.code)


def _csrf(_error: CSRFError) -> Response:
    return _refused(Refused("csrf"))


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        return make_response(error.get_response())
    answer = _error_response(status, f"http_{status}", messages.http_status(status))
    for name, value in error.get_headers():
        if name in ("Allow", "Content-Range"):
            answer.headers[name] = value
    return answer


def _database_error(error: Exception) -> Response:
    log.error("%s %s: the database said: %s", request.method, request.path, error)
    return _error_response(
        503, "database", _("The database cannot answer just now. Please try again.")
    )


def _unexpected(error: Exception) -> Response:
    log.exception("%s %s failed", request.method, request.path, exc_info=error)
    return _error_response(500, "bug", messages.http_status(500))


def _error_response(status: int, code: str, sentence: str, way_on: str = "") -> Response:
    """`way_on` is the address of what to do about it."""
    if wants_json():
        answer = jsonify({"error": {"code": code, "message": sentence}})
    else:
        answer = make_response(
            render_template("error.html", status=status, error=sentence, guide=way_on)
        )
    answer.status_code = status
    return answer


def _with_status(answer: Response, status: int, refused: Refused) -> Response:
    answer.status_code = status
    if status == 429:
        answer.headers["Retry-After"] = str(refused.values.get("seconds", 1))
    return answer
