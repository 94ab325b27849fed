"""Members' syncs, behind the pages' backs: asked for here, done in a thread for each member."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, cast

from flask import Flask, current_app

import db
from db import Connection, get_db, outbox, settings, trakt_auth
from db.trakt_auth import Link
from trakt import application
from trakt import sync as trakt
from trakt.errors import TraktError
from utils.keyed_executor import KeyedExecutor

log = logging.getLogger(__name__)
Work = Callable[[Connection, Mapping[str, Any], int], bool]
INTERVAL = "sync_hours"  # name of the setting
DEFAULT_HOURS, FEWEST_HOURS, MOST_HOURS = 2, 1, 48


def init_app(app: Flask) -> None:
    app.extensions["syncing"] = KeyedExecutor[int]()


def executor(app: Flask) -> KeyedExecutor[int]:
    return cast(KeyedExecutor[int], app.extensions["syncing"])


def sync_interval(conn: Connection) -> timedelta:
    """How often members who sync by themselves are synced; an admin's choice."""
    return timedelta(hours=int(settings.get(conn, INTERVAL, str(DEFAULT_HOURS))))


def enqueue_sync(user_id: int, *, joins: bool = True) -> None:
    """A whole sync, soon; one that runs already is joined, or followed where it cannot know all."""
    app = _app()
    if not (joins and is_running(user_id)):
        executor(app).submit(user_id, "sync", partial(_run, app, user_id, trakt.sync))


def enqueue_push(conn: Connection, now: datetime) -> None:
    """Whatever is due in the outbox, for each member who has something there."""
    app, members = _app(), outbox.members_with_due(conn, now)
    if not members or application.load(conn, app.config) is None:
        return
    for user_id in members:
        executor(app).submit(user_id, "send", partial(_run, app, user_id, trakt.push_only))


def is_running(user_id: int) -> bool:
    """In this process or beside it; also while it is only asked for."""
    app = _app()
    return executor(app).is_pending(user_id, "sync") or trakt.is_running(app.config, user_id)


def run_now(conn: Connection, link: Link, work: Work = trakt.sync) -> bool:
    """A whole sync, while the caller waits; False while another runs. Raises TraktError."""
    # Until the account is known, it may turn out to be somebody else's.
    return link.uuid is not None and work(conn, current_app.config, link.user_id)


def _run(app: Flask, user_id: int, work: Work) -> None:
    """In a thread of its own, with a connection of its own."""
    with app.app_context():
        try:
            if link := trakt_auth.get(conn := get_db(), user_id):
                run_now(conn, link, work)
        except TraktError as error:
            log.warning("Trakt of member %d: %s", user_id, error)
        except Exception:
            log.exception("the sync of member %d failed", user_id)
        finally:
            db.close_db(app)


def _app() -> Flask:
    return cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
