"""A brake for doors that a program may press faster than Trakt likes: so often a second, each."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import current_app

from blueprints.gate import me
from rules import Refused
from utils import instants
from utils.rate_limit import RateLimit

View = Callable[..., Any]


def per_second(most: int) -> Callable[[View], View]:
    """Counts for each member and door; the count is this process's, as the server is one."""

    def decorate(view: View) -> View:
        name = f"{view.__module__}.{view.__name__}"

        @wraps(view)
        def limited(**parts: Any) -> Any:
            limits: dict[str, RateLimit] = current_app.extensions["rate_limits"]
            if not limits.setdefault(name, RateLimit(most)).allows(me().id, instants.now()):
                raise Refused("too_often", seconds=1)
            return view(**parts)

        return limited

    return decorate
