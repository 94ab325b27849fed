"""Limits for views that call Trakt: a rate per member and view, and a number of calls at once."""

from collections.abc import Callable
from functools import wraps
from threading import BoundedSemaphore
from typing import Any

from flask import Flask, current_app

from blueprints.http.auth import current_member
from rules import Refused
from utils import instants
from utils.rate_limit import RateLimit

View = Callable[..., Any]
MAX_TRAKT_CALLS = 3  # of the server's eight threads


def init_app(app: Flask) -> None:
    app.extensions["rate_limits"] = {}
    app.extensions["trakt_calls"] = BoundedSemaphore(MAX_TRAKT_CALLS)


def per_second(most: int) -> Callable[[View], View]:
    """Limit a view to `most` calls a second per member, counted in the one server process."""

    def decorate(view: View) -> View:
        name = f"{view.__module__}.{view.__name__}"

        @wraps(view)
        def limited(**arguments: Any) -> Any:
            limits: dict[str, RateLimit] = current_app.extensions["rate_limits"]
            if not limits.setdefault(name, RateLimit(most)).allows(
                current_member().id, instants.now()
            ):
                raise Refused("too_often", seconds=1)
            return view(**arguments)

        return limited

    return decorate


def limit_trakt_calls(view: View) -> View:
    """Refuse more than MAX_TRAKT_CALLS at once: a hanging Trakt must leave threads for pages."""

    @wraps(view)
    def limited(**arguments: Any) -> Any:
        slots: BoundedSemaphore = current_app.extensions["trakt_calls"]
        if not slots.acquire(blocking=False):
            raise Refused("trakt_busy")
        try:
            return view(**arguments)
        finally:
            slots.release()

    return limited
