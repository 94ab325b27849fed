"""Background fetches of Trakt's lists for the page "Discover"; pages never wait for them."""

import logging
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import cast

from flask import Flask, current_app

import db
from db import Connection, get_db, trakt_auth
from db.discoveries import HOUSEHOLD
from trakt import application, discover, sync
from trakt.client import Client
from trakt.errors import TraktError
from utils import instants
from utils.circuit_breaker import CircuitBreaker
from utils.keyed_executor import KeyedExecutor

log = logging.getLogger(__name__)


@dataclass
class Attempts:
    """Results of the fetches for a member, or for the household, since the server started."""

    breaker: CircuitBreaker = field(default_factory=CircuitBreaker)
    problem: str | None = None  # a code of trakt/errors.py


@dataclass
class Fetches:
    executor: KeyedExecutor[int] = field(default_factory=KeyedExecutor)
    attempts: defaultdict[int, Attempts] = field(default_factory=lambda: defaultdict(Attempts))


@dataclass(frozen=True)
class FetchStatus:
    """State of a page's fetches: still running, or failed with `problem`, a code."""

    is_coming: bool = False
    problem: str | None = None


def init_app(app: Flask) -> None:
    app.extensions["discover_fetches"] = Fetches()


def of_app(app: Flask) -> Fetches:
    return cast(Fetches, app.extensions["discover_fetches"])


def request(conn: Connection, user_id: int, now: datetime) -> FetchStatus:
    """Start fetches of the household's and this member's lists that are due.

    After a failure, none starts until the circuit breaker closes.
    """
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
    if application.load(conn, app.config) is None:
        return FetchStatus()
    owners = [HOUSEHOLD, user_id] if _is_linked(conn, user_id) else [HOUSEHOLD]
    due = [owner for owner in owners if discover.due_lists(conn, owner, now)]
    statuses = [_enqueue(app, owner) for owner in due]
    problem = next((status.problem for status in statuses if status.problem), None)
    return FetchStatus(any(status.is_coming for status in statuses), problem)


def _is_linked(conn: Connection, user_id: int) -> bool:
    link = trakt_auth.get(conn, user_id)
    return link is not None and link.is_ready


def _enqueue(app: Flask, owner: int) -> FetchStatus:
    fetches = of_app(app)
    attempts = fetches.attempts[owner]
    if attempts.breaker.is_open:
        return FetchStatus(problem=attempts.problem)
    fetches.executor.submit(owner, "discover", partial(_fetch, app, owner))
    return FetchStatus(is_coming=True)


def _fetch(app: Flask, owner: int) -> None:
    """Fetch the owner's due lists; runs in a thread with a connection of its own."""
    attempts = of_app(app).attempts[owner]
    if attempts.breaker.is_open:  # queued again before the previous run failed
        return
    with app.app_context():
        try:
            _fetch_due(get_db(), app, owner)
            attempts.breaker.succeeded()
        except TraktError as error:
            log.warning("discoveries of %s: %s", owner or "the household", error)
            attempts.problem = error.code
            attempts.breaker.failed(error.retry_after or 0.0)
        except Exception:
            log.exception("discoveries of %s failed", owner or "the household")
            attempts.breaker.failed()
        finally:
            db.close_db(app)


def _fetch_due(conn: Connection, app: Flask, owner: int) -> None:
    if owner == HOUSEHOLD:
        client = Client(application.require(conn, app.config))
    else:
        client = sync.member_client(conn, app.config, owner)
    discover.fetch(conn, client, owner, discover.due_lists(conn, owner, instants.now()))
