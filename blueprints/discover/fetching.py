"""What the page "Discover" shows of Trakt, fetched in the background: pages ask and never wait."""

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
from trakt import application, discovering, sync
from trakt.client import Client
from trakt.errors import TraktError
from utils import instants
from utils.breaker import Breaker
from utils.errands import Errands

log = logging.getLogger(__name__)
ERRAND = "discover"


@dataclass
class Attempts:
    """How asking for one member, or for the household, has gone since the server began."""

    breaker: Breaker = field(default_factory=Breaker)
    problem: str | None = None  # a code of trakt/errors.py


@dataclass
class Fetches:
    errands: Errands[int] = field(default_factory=Errands)
    attempts: defaultdict[int, Attempts] = field(default_factory=lambda: defaultdict(Attempts))


@dataclass(frozen=True)
class Outlook:
    """What to tell beside the rows that are there already."""

    is_coming: bool = False
    problem: str | None = None


def init_app(app: Flask) -> None:
    app.extensions["discover_fetches"] = Fetches()


def of(app: Flask) -> Fetches:
    return cast(Fetches, app.extensions["discover_fetches"])


def want(conn: Connection, user_id: int, now: datetime) -> Outlook:
    """Ask for what is old by now, the household's and this member's; an old answer stays meanwhile.

    Whatever has just failed is left alone for a while.
    """
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
    if application.load(conn, app.config) is None:
        return Outlook()
    whose = [HOUSEHOLD, user_id] if _is_linked(conn, user_id) else [HOUSEHOLD]
    due = [owner for owner in whose if discovering.due(conn, owner, now)]
    return _outlook([_ask(app, owner) for owner in due])


def _is_linked(conn: Connection, user_id: int) -> bool:
    link = trakt_auth.get(conn, user_id)
    return link is not None and link.is_ready


def _ask(app: Flask, owner: int) -> Outlook:
    fetches = of(app)
    attempts = fetches.attempts[owner]
    if attempts.breaker.is_open:
        return Outlook(problem=attempts.problem)
    fetches.errands.ask(owner, ERRAND, partial(_fetch, app, owner))
    return Outlook(is_coming=True)


def _outlook(parts: list[Outlook]) -> Outlook:
    problems = [part.problem for part in parts if part.problem]
    return Outlook(any(part.is_coming for part in parts), problems[0] if problems else None)


def _fetch(app: Flask, owner: int) -> None:
    """In a thread of its own, with a connection of its own."""
    attempts = of(app).attempts[owner]
    if attempts.breaker.is_open:  # asked for once more before the last time had failed
        return
    with app.app_context():
        try:
            _read(get_db(), app, owner)
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


def _read(conn: Connection, app: Flask, owner: int) -> None:
    if owner == HOUSEHOLD:
        client = Client(application.must_load(conn, app.config))
    else:
        client = sync.client_for(conn, app.config, owner)
    discovering.read(conn, client, owner, discovering.due(conn, owner, instants.now()))
