"""The clock's door: what runs without anybody asking. Each job calls what its command calls."""

import logging
from collections.abc import Callable
from datetime import timedelta
from threading import Thread
from typing import TYPE_CHECKING

from flask import Flask, current_app

from blueprints import fetch_tasks, fetching
from blueprints.clock import this_week
from db import get_db, sessions, trakt_auth, transaction
from trakt import application, linking
from trakt.errors import TraktError
from utils import instants

if TYPE_CHECKING:
    from apscheduler.schedulers.background import BackgroundScheduler

log = logging.getLogger(__name__)
PATIENCE = 2.0  # seconds that a fetch gets once the server is told to stop
LATE = int(timedelta(days=1).total_seconds())  # a laptop that slept still runs what it missed


def keep_week() -> None:
    """Open, count and begin weeks as the clock asks."""
    this_week(get_db(), instants.now())


def forget_old_sessions() -> None:
    with transaction(conn := get_db()):
        sessions.forget_old(conn, instants.now())


def keep_links_fresh() -> None:
    """So that a link outlives the weeks in which its member does not open the app."""
    conn, config = get_db(), current_app.config
    if (household := application.load(conn, config)) is None:
        return
    for user_id in trakt_auth.due(conn, instants.now()):
        try:
            linking.keep_fresh(conn, config, household, user_id)
        except TraktError as error:
            log.warning("the link of member %d: %s", user_id, error)


def start(app: Flask) -> "BackgroundScheduler":
    from apscheduler.schedulers.background import BackgroundScheduler

    scheduler = BackgroundScheduler(
        timezone="UTC",
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": LATE},
    )
    scheduler.add_job(_in_app(app, keep_week), "interval", minutes=1)
    scheduler.add_job(_in_app(app, forget_old_sessions), "interval", days=1)
    scheduler.add_job(_in_app(app, keep_links_fresh), "interval", minutes=15)
    scheduler.start()
    return scheduler


def stop(scheduler: "BackgroundScheduler") -> None:
    """Let the running job finish and start no other."""
    scheduler.shutdown(wait=True)


def start_fetching(app: Flask) -> Thread | None:
    """The thread that asks TMDB; none without a key. A fetch that is cut off is begun again."""
    if fetching.of(app).tmdb is None:
        return None
    thread = Thread(target=fetch_tasks.work, args=[app], name="fetching", daemon=True)
    thread.start()
    with app.app_context():
        fetching.want_lists()
    return thread


def stop_fetching(app: Flask, thread: Thread | None) -> None:
    fetching.of(app).queue.close()
    if thread:
        thread.join(PATIENCE)


def _in_app(app: Flask, work: Callable[[], None]) -> Callable[[], None]:
    def job() -> None:
        with app.app_context():
            try:
                work()
            except Exception:
                log.exception("the timed job %s failed", work.__name__)

    return job
