"""Threads beside the server's own: the clock of timed.py, TMDB's worker, jobs run by hand."""

import logging
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, cast

from flask import Flask, current_app

import db
from blueprints.discover import fetching as discover_fetching
from blueprints.films import fetch_tasks, fetching
from blueprints.serving import timed
from blueprints.serving.timed import Job
from blueprints.trakt import syncing
from utils import instants
from utils.errands import Errands

if TYPE_CHECKING:
    from apscheduler.schedulers.background import BackgroundScheduler

log = logging.getLogger(__name__)
PATIENCE = 2.0  # seconds that a fetch or a sync gets once the server is told to stop
LATE = 24 * 60 * 60  # seconds; a laptop that slept still runs what it missed


def init_app(app: Flask) -> None:
    app.extensions["jobs_by_hand"] = Errands[str]()


def by_hand(app: Flask) -> Errands[str]:
    """What admins asked for; the key is the job's name."""
    return cast(Errands[str], app.extensions["jobs_by_hand"])


def run_now(job: Job) -> None:
    """Soon, in a thread of its own, whether or not the job's period is over."""
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
    period = f"by hand {instants.to_text(instants.now())}"
    by_hand(app).ask(job.name, "run", partial(_run, app, job, period))


def _run(app: Flask, job: Job, period: str) -> None:
    with app.app_context():
        try:
            timed.run(job, period)
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
    for job in timed.JOBS:
        scheduler.add_job(partial(timed.look, app, job), "interval", minutes=1, name=job.name)
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


def stop_errands(app: Flask) -> None:
    """Jobs run by hand, syncs, and what "Discover" fetches.

    A sync that is cut off here is begun again; a write that was under way is looked up first.
    """
    by_hand(app).close(PATIENCE)
    syncing.errands(app).close(PATIENCE)
    discover_fetching.of(app).errands.close(PATIENCE)
