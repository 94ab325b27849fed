"""Background syncs: enqueued here, run in a thread for each member."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, cast

from flask import Flask, current_app

import db
from db import Connection, get_db, outbox, settings, trakt_auth
from trakt import application, sync
from trakt.errors import TraktError
from utils.keyed_executor import KeyedExecutor

log = logging.getLogger(__name__)
INTERVAL = "sync_hours"  # name of the setting
DEFAULT_HOURS, FEWEST_HOURS, MOST_HOURS = 2, 1, 48


def init_app(app: Flask) -> None:
    app.extensions["sync_executor"] = KeyedExecutor[int]()


def executor(app: Flask) -> KeyedExecutor[int]:
    return cast(KeyedExecutor[int], app.extensions["sync_executor"])


def sync_interval(conn: Connection) -> timedelta:
    """Return the time between automatic syncs of a member, as an admin chose."""
    return timedelta(hours=int(settings.get(conn, INTERVAL, str(DEFAULT_HOURS))))


def enqueue_sync(user_id: int, *, joins: bool = True) -> None:
    """Enqueue a member's sync; with `joins` not if one is queued or running.

    A new link does not join, as a running sync may have started with the old one.
    """
    app = _app()
    if not (joins and is_running(user_id)):
        executor(app).submit(user_id, "sync", partial(_run, app, user_id, sync.sync))


def enqueue_push(conn: Connection, now: datetime) -> None:
    """Enqueue a push for each member who has due outbox entries."""
    app, members = _app(), outbox.members_with_due(conn, now)
    if not members or application.load(conn, app.config) is None:
        return
    for user_id in members:
        executor(app).submit(user_id, "push", partial(_run, app, user_id, sync.push_only))


def is_running(user_id: int) -> bool:
    """Return True if a sync is queued, or running in this process or another one."""
    app = _app()
    tasks = executor(app)
    if tasks.is_pending(user_id, "sync") or tasks.is_running(user_id, "sync"):
        return True
    # A push holds the same lock as a sync, but does not read anything.
    return not tasks.is_running(user_id, "push") and sync.is_running(app.config, user_id)


def _run(
    app: Flask, user_id: int, work: Callable[[Connection, Mapping[str, Any], int], bool]
) -> None:
    """Sync or push in this thread, on its own connection; log errors."""
    with app.app_context():
        try:
            link = trakt_auth.get(conn := get_db(), user_id)
            # Before the account is known, it may turn out to be another member's.
            if link and link.uuid:
                work(conn, app.config, user_id)
        except TraktError as error:
            log.warning("Trakt of member %d: %s", user_id, error)
        except Exception:
            log.exception("the sync of member %d failed", user_id)
        finally:
            db.close_db(app)


def _app() -> Flask:
    return cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
