"""Threads beside the server's own: the clock of timed.py, TMDB's worker, jobs run by hand."""

import logging
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, cast

from flask import Flask, current_app

import db
from services import discover_fetch as discover_fetching
from services import sync_queue, timers, tmdb_fetch
from services.timers import Job
from utils import instants
from utils.keyed_executor import KeyedExecutor

if TYPE_CHECKING:
    from apscheduler.schedulers.background import BackgroundScheduler

log = logging.getLogger(__name__)
PATIENCE = 2.0  # seconds that a fetch or a sync gets once the server is told to stop
LATE = 24 * 60 * 60  # seconds; a laptop that slept still runs what it missed


def init_app(app: Flask) -> None:
    app.extensions["jobs_by_hand"] = KeyedExecutor[str]()


def manual_runs(app: Flask) -> KeyedExecutor[str]:
    """What admins asked for; the key is the job's name."""
    return cast(KeyedExecutor[str], app.extensions["jobs_by_hand"])


def run_now(job: Job) -> None:
    """Soon, in a thread of its own, whether or not the job's period is over."""
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
    period = f"by hand {instants.to_text(instants.now())}"
    manual_runs(app).submit(job.name, "run", partial(_run, app, job, period))


def _run(app: Flask, job: Job, period: str) -> None:
    with app.app_context():
        try:
            timers.run(job, period)
        except Exception:
            log.exception("the job %s, run by hand, failed", job.name)
        finally:
            db.close_db(app)


def start(app: Flask) -> "BackgroundScheduler":
    """Looks at every job each minute; each knows itself whether its time has come."""
    from apscheduler.schedulers.background import BackgroundScheduler

    scheduler = BackgroundScheduler(
        timezone="UTC",
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": LATE},
    )
    for job in timers.JOBS:
        scheduler.add_job(
            partial(timers.run_if_due, app, job), "interval", minutes=1, name=job.name
        )
    scheduler.start()
    return scheduler


def stop(scheduler: "BackgroundScheduler") -> None:
    """Let the running job finish and start no other."""
    scheduler.shutdown(wait=True)


def start_fetching(app: Flask) -> Thread | None:
    """The thread that asks TMDB; none without a key. A fetch that is cut off is begun again."""
    if tmdb_fetch.of_app(app).tmdb is None:
        return None
    thread = Thread(target=tmdb_fetch.run_worker, args=[app], name="fetching", daemon=True)
    thread.start()
    with app.app_context():
        tmdb_fetch.request_lists()
    return thread


def stop_fetching(app: Flask, thread: Thread | None) -> None:
    tmdb_fetch.of_app(app).queue.close()
    if thread:
        thread.join(PATIENCE)


def stop_background_work(app: Flask) -> None:
    """Jobs run by hand, syncs, and what "Discover" fetches.

    A sync that is cut off here is begun again; a write that was under way is looked up first.
    """
    manual_runs(app).close(PATIENCE)
    sync_queue.executor(app).close(PATIENCE)
    discover_fetching.of_app(app).executor.close(PATIENCE)
