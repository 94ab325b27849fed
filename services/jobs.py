"""Background threads of the server: the scheduler, the TMDB worker, and jobs run by an admin."""

import logging
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, cast

from flask import Flask, current_app

import db
from services import discover_fetch, sync_queue, timers, tmdb_fetch
from services.timers import Job
from utils import instants
from utils.keyed_executor import KeyedExecutor

if TYPE_CHECKING:
    from apscheduler.schedulers.background import BackgroundScheduler

log = logging.getLogger(__name__)
STOP_TIMEOUT = 2.0  # seconds that a fetch or a sync gets to finish when the server stops
MISFIRE_GRACE = 24 * 60 * 60  # seconds; a laptop that slept still runs what it missed


def init_app(app: Flask) -> None:
    app.extensions["jobs_by_hand"] = KeyedExecutor[str]()


def manual_runs(app: Flask) -> KeyedExecutor[str]:
    """Return the queue of jobs that admins started, by name."""
    return cast(KeyedExecutor[str], app.extensions["jobs_by_hand"])


def run_now(job: Job) -> None:
    """Enqueue a run of the job, even if this period has had one."""
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
    """Start the scheduler, which calls `timers.run_if_due` for every job each minute."""
    from apscheduler.schedulers.background import BackgroundScheduler

    scheduler = BackgroundScheduler(
        timezone="UTC",
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": MISFIRE_GRACE},
    )
    for job in timers.JOBS:
        scheduler.add_job(
            partial(timers.run_if_due, app, job), "interval", minutes=1, name=job.name
        )
    scheduler.start()
    return scheduler


def stop(scheduler: "BackgroundScheduler") -> None:
    """Wait for the running job and start no other."""
    scheduler.shutdown(wait=True)


def start_fetching(app: Flask) -> Thread | None:
    """Start the TMDB worker, if there is a key; return its thread."""
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
        thread.join(STOP_TIMEOUT)


def stop_background_work(app: Flask) -> None:
    """Stop manual jobs, syncs and fetches for "Discover".

    A sync that is cut off starts again later, and looks up a write that was under way.
    """
    manual_runs(app).close(STOP_TIMEOUT)
    sync_queue.executor(app).close(STOP_TIMEOUT)
    discover_fetch.of_app(app).executor.close(STOP_TIMEOUT)
