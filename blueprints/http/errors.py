"""Error responses: JSON, the page of the refused form, or the error page."""

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
View = Callable[..., Any]


def render_refusals_on(endpoint: str) -> Callable[[View], View]:
    """Show a refused form's page again: calls `endpoint` with `error` and the URL's arguments."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**arguments: Any) -> Any:
            try:
                return view(**arguments)
            except Refused as refused:
                if wants_json():
                    raise
                status, sentence = messages.refusal(refused.code, refused.values)
                page = current_app.view_functions["tv.screen" if is_tv_form() else endpoint]
                return _with_status(
                    make_response(page(error=sentence, **arguments)), status, refused
                )

        return guarded

    return decorate


def init_app(app: Flask) -> None:
    app.before_request(_abort_if_refused_by_waitress)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(TraktError, _trakt_error)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(DatabaseError, _database_error)
    app.register_error_handler(Exception, _unexpected)


def _abort_if_refused_by_waitress() -> None:
    """Abort with the status of waitress's refusal, such as 413 for too large a body."""
    if status := request.environ.get(REFUSAL):
        abort(status)


def _refused(refused: Refused) -> Response:
    status, sentence = messages.refusal(refused.code, refused.values)
    return _with_status(_error_response(status, refused.code, sentence), status, refused)


def _trakt_error(error: TraktError) -> Response:
    log.warning("%s %s: Trakt: %s", request.method, request.path, error)
    status, sentence = trakt_error(error)
    response = _error_response(status, error.code, sentence, guide_url(error.code))
    if error.retry_after:
        response.headers["Retry-After"] = str(math.ceil(error.retry_after))
    return response


def trakt_error(error: TraktError) -> tuple[int, str]:
    """Return status and sentence: 503 if a retry can help, 409 if a person has to act first."""
    return 409 if error.permanent else 503, messages.trakt_waited_for(error.code)


def _csrf(_error: CSRFError) -> Response:
    return _refused(Refused("csrf"))


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        return make_response(error.get_response())
    response = _error_response(status, f"http_{status}", messages.http_status(status))
    for name, value in error.get_headers():
        if name in ("Allow", "Content-Range"):
            response.headers[name] = value
    return response


def _database_error(error: Exception) -> Response:
    log.error("%s %s: the database said: %s", request.method, request.path, error)
    return _error_response(
        503, "database", _("The database cannot answer just now. Please try again.")
    )


def _unexpected(error: Exception) -> Response:
    log.exception("%s %s failed", request.method, request.path, exc_info=error)
    return _error_response(500, "bug", messages.http_status(500))


def _error_response(status: int, code: str, sentence: str, guide: str = "") -> Response:
    """Return JSON or the error page; `guide` is the URL of the guide's help for this error."""
    if wants_json():
        response = jsonify({"error": {"code": code, "message": sentence}})
    else:
        response = make_response(
            render_template("error.html", status=status, error=sentence, guide=guide)
        )
    response.status_code = status
    return response


def _with_status(response: Response, status: int, refused: Refused) -> Response:
    response.status_code = status
    if status == 429:
        response.headers["Retry-After"] = str(refused.values.get("seconds", 1))
    return response
