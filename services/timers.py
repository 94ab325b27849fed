"""Scheduled jobs: each runs once in a period, in whichever process claims the period first.

A period that the machine slept through is made up for once, after it wakes up. Runs of every-minute
jobs are not recorded, as the record would be most of their work.
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
        """Return True if its runs are recorded."""
        return self.every is not every_minute


def advance_week() -> None:
    """Open voting, count votes and start weeks whose time has come."""
    current_week(get_db(), instants.now())


def end_unstopped_films() -> None:
    """End films that ran to their end without being stopped, and push what follows."""
    conn, now = get_db(), instants.now()
    if not playback.past_end(conn, now):
        return
    with transaction(conn):
        playback.stop_past_end(conn, now)
    sync_queue.enqueue_push(conn, now)


def push_outbox() -> None:
    """Push outbox entries that are due, such as those of failed tries."""
    sync_queue.enqueue_push(get_db(), instants.now())


def sync_members() -> None:
    """Enqueue the automatic syncs that are due."""
    for user_id in trakt_sync.due_members(get_db(), instants.now()):
        sync_queue.enqueue_sync(user_id)


def refresh_links() -> None:
    """Refresh tokens that are due, so that links of members who are away do not expire."""
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
    """Run the job unless its period is claimed; errors are logged."""
    with app.app_context():
        try:
            if not job.is_kept:
                job.work()
            elif period := _unclaimed_period(job):
                run(job, period)
        except Exception:
            log.exception("the timed job %s failed", job.name)


def run(job: Job, period: str) -> None:
    """Run the job once for this period and record its end; raises what the job raises."""
    conn = get_db()
    with transaction(conn):
        is_ours = job_runs.claim(conn, job.name, period, instants.now())
    if not is_ours:
        return
    error: str | None = "it was cut off"
    try:
        job.work()
        error = None
    except Exception as exception:
        error = type(exception).__name__
        raise
    finally:
        with transaction(conn):
            job_runs.finish_run(conn, job.name, period, instants.now(), error)


def next_due(job: Job) -> datetime:
    """Return the time of the next run: now, if this period is not claimed yet."""
    _name, ends_at = _period(job)
    return instants.now() if _unclaimed_period(job) else ends_at


def _unclaimed_period(job: Job) -> str | None:
    """Return the name of this period, None if it is claimed."""
    name, _ends_at = _period(job)
    return None if job_runs.is_claimed(get_db(), job.name, name) else name


def _period(job: Job) -> tuple[str, datetime]:
    """Return the name and end of the current period.

    Periods start at another minute in each household, to spread the load on Trakt.
    """
    seconds = int(job.every(get_db()).total_seconds())
    offset = int.from_bytes(sha256(current_app.config["PIN_PEPPER"]).digest()[:4]) % seconds
    number = int((instants.now() - EPOCH).total_seconds() + offset) // seconds
    ends_at = EPOCH + timedelta(seconds=(number + 1) * seconds - offset)
    return f"{seconds}:{number}", ends_at
