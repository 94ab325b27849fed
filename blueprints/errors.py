"""Refusals and failures as an answer: JSON, the page they happened on, or a page of their own."""

import logging
import math
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import (
    Flask,
    Response,
    current_app,
    jsonify,
    make_response,
    render_template,
    request,
)
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from blueprints import guide
from blueprints.answers import on_tv, wants_json
from blueprints.wording import sentences, statuses
from db import DatabaseError
from rules import Refused
from trakt.errors import TraktError
from utils.translation import gettext as _

log = logging.getLogger(__name__)
Page = Callable[..., Any]


def shown_on(page: Page) -> Callable[[Page], Page]:
    """A refused form comes back as `page(error=sentence, **parts of the URL)`, as it was typed."""

    def decorate(view: Page) -> Page:
        @wraps(view)
        def guarded(**parts: Any) -> Any:
            try:
                return view(**parts)
            except Refused as refused:
                if wants_json():
                    raise
                status, sentence = sentences.refusal(refused)
                shown = current_app.view_functions["tv.screen"] if on_tv() else page
                return _finish(make_response(shown(error=sentence, **parts)), status, refused)

        return guarded

    return decorate


def init_app(app: Flask) -> None:
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(TraktError, _trakt)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DatabaseError, _database)
    app.register_error_handler(Exception, _bug)


def _refused(refused: Refused) -> Response:
    status, sentence = sentences.refusal(refused)
    return _finish(_answer(status, refused.code, sentence), status, refused)


def _trakt(error: TraktError) -> Response:
    log.warning("%s %s: Trakt: %s", request.method, request.path, error)
    status, sentence = sentences.trakt(error)
    answer = _answer(status, error.code, sentence, guide.guide_to(error.code))
    if error.retry_after:
        answer.headers["Retry-After"] = str(math.ceil(error.retry_after))
    return answer


def _csrf(_error: CSRFError) -> Response:
    return _refused(Refused("csrf"))


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        return make_response(error.get_response())
    answer = _answer(status, f"http_{status}", statuses.sentence(status))
    for name, value in error.get_headers():
        if name in ("Allow", "Content-Range"):
            answer.headers[name] = value
    return answer


def _database(error: Exception) -> Response:
    log.error("%s %s: the database said: %s", request.method, request.path, error)
    return _answer(503, "database", _("The database cannot answer just now. Please try again."))


def _bug(error: Exception) -> Response:
    log.exception("%s %s failed", request.method, request.path, exc_info=error)
    return _answer(500, "bug", statuses.sentence(500))


def _answer(status: int, code: str, sentence: str, way_on: str = "") -> Response:
    """`way_on` is the address of what to do about it."""
    if wants_json():
        answer = jsonify({"error": {"code": code, "message": sentence}})
    else:
        answer = make_response(
            render_template("error.html", status=status, error=sentence, guide=way_on)
        )
    answer.status_code = status
    return answer


def _finish(answer: Response, status: int, refused: Refused) -> Response:
    answer.status_code = status
    if status == 429:
        answer.headers["Retry-After"] = str(refused.values.get("seconds", 1))
    return answer
