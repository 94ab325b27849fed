"""What is done again and again: each job once a period, whichever process has the clock.

A period that passed asleep is made good by the first look after it. Jobs of every minute keep no
rows: writing one would be most of their work.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from flask import Flask, current_app

from db import Connection, get_db, job_runs, sessions, trakt_auth, trakt_sync, transaction
from services import playback, sync_queue
from services.current_week import current_week
from trakt import accounts, application
from trakt.errors import TraktError
from utils import instants

log = logging.getLogger(__name__)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def every_minute(_conn: Connection) -> timedelta:
    return timedelta(minutes=1)


@dataclass(frozen=True)
class Job:
    name: str
    work: Callable[[], None]
    every: Callable[[Connection], timedelta]

    @property
    def is_kept(self) -> bool:
        """Whether its runs are written down."""
        return self.every is not every_minute


def advance_week() -> None:
    """Open, count and begin weeks as the clock asks."""
    current_week(get_db(), instants.now())


def end_unstopped_films() -> None:
    """Everybody went to bed: a film ends by its runtime all the same."""
    conn, now = get_db(), instants.now()
    if not playback.unstopped(conn, now):
        return
    with transaction(conn):
        playback.stop_unstopped(conn, now)
    sync_queue.enqueue_push(conn, now)


def push_outbox() -> None:
    """What could not reach Trakt before, and is due now."""
    sync_queue.enqueue_push(get_db(), instants.now())


def sync_members() -> None:
    """Whoever is linked and syncs by themselves; each in a thread of their own."""
    for user_id in trakt_sync.due_members(get_db(), instants.now()):
        sync_queue.enqueue_sync(user_id)


def refresh_links() -> None:
    """So that a link outlives the weeks in which its member does not open the app."""
    conn, config = get_db(), current_app.config
    if (household := application.load(conn, config)) is None:
        return
    for user_id in trakt_auth.due_for_refresh(conn, instants.now()):
        try:
            accounts.refresh_link(conn, config, household, user_id)
        except TraktError as error:
            log.warning("the link of member %d: %s", user_id, error)


def delete_old_sessions() -> None:
    with transaction(conn := get_db()):
        sessions.delete_old(conn, instants.now())


JOBS = (
    Job("week", advance_week, every_minute),
    Job("playing", end_unstopped_films, every_minute),
    Job("outbox", push_outbox, every_minute),
    Job("sync", sync_members, sync_queue.sync_interval),
    Job("links", refresh_links, lambda _conn: timedelta(minutes=15)),
    Job("sessions", delete_old_sessions, lambda _conn: timedelta(days=1)),
)
BY_NAME = {job.name: job for job in JOBS}


def run_if_due(app: Flask, job: Job) -> None:
    """The clock's minute: run the job if its period is not taken yet. Never raises."""
    with app.app_context():
        try:
            if not job.is_kept:
                job.work()
            elif period := _free_period(job):
                run(job, period)
        except Exception:
            log.exception("the timed job %s failed", job.name)


def run(job: Job, period: str) -> None:
    """Once for this period, with its end written down; raises what the job raises."""
    conn = get_db()
    with transaction(conn):
        is_ours = job_runs.claim(conn, job.name, period, instants.now())
    if not is_ours:
        return
    error: str | None = "it was cut off"
    try:
        job.work()
        error = None
    except Exception as failure:
        error = type(failure).__name__
        raise
    finally:
        with transaction(conn):
            job_runs.finish_run(conn, job.name, period, instants.now(), error)


def next_due(job: Job) -> datetime:
    """When the clock runs it next: now, if this period is still free."""
    _name, ends = _period(job)
    return instants.now() if _free_period(job) else ends


def _free_period(job: Job) -> str | None:
    """This period's name, unless it ran already."""
    name, _ends = _period(job)
    return None if job_runs.is_claimed(get_db(), job.name, name) else name


def _period(job: Job) -> tuple[str, datetime]:
    """Its name, and when it ends. Households do not all begin at the full hour."""
    seconds = int(job.every(get_db()).total_seconds())
    ahead = int.from_bytes(sha256(current_app.config["PIN_PEPPER"]).digest()[:4]) % seconds
    number = int((instants.now() - EPOCH).total_seconds() + ahead) // seconds
    ends = EPOCH + timedelta(seconds=(number + 1) * seconds - ahead)
    return f"{seconds}:{number}", ends
