"""Brakes for doors behind which Trakt is asked: so often a second each, so many at once in all."""

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
TRAKT_CALLS = 3  # of the server's eight threads


def init_app(app: Flask) -> None:
    app.extensions["rate_limits"] = {}
    app.extensions["trakt_seats"] = BoundedSemaphore(TRAKT_CALLS)


def per_second(most: int) -> Callable[[View], View]:
    """Counts for each member and door; the count is this process's, as the server is one."""

    def decorate(view: View) -> View:
        name = f"{view.__module__}.{view.__name__}"

        @wraps(view)
        def limited(**parts: Any) -> Any:
            limits: dict[str, RateLimit] = current_app.extensions["rate_limits"]
            if not limits.setdefault(name, RateLimit(most)).allows(
                current_member().id, instants.now()
            ):
                raise Refused("too_often", seconds=1)
            return view(**parts)

        return limited

    return decorate


def limit_trakt_calls(view: View) -> View:
    """A Trakt that hangs holds up who asks it, and never the household's pages and votes."""

    @wraps(view)
    def seated(**parts: Any) -> Any:
        seats: BoundedSemaphore = current_app.extensions["trakt_seats"]
        if not seats.acquire(blocking=False):
            raise Refused("trakt_busy")
        try:
            return view(**parts)
        finally:
            seats.release()

    return seated
