"""The week as of now, caught up. Pages, commands and the timed job all pass through here."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from flask import has_request_context

from blueprints.http import auth
from db import Connection, audit, get_db, transaction, weeks
from db.weeks import Week
from utils import instants


def current_week(conn: Connection, now: datetime) -> Week:
    """The week that is on; a deadline that nobody noticed is caught up (and committed) first."""
    return current_week_and_version(conn, now)[1]


def current_week_and_version(conn: Connection, now: datetime) -> tuple[int, Week]:
    """The state's version and the week, caught up; the version is never newer than the week."""
    version, week = weeks.version(conn), weeks.current(conn, now)
    if week.is_due:
        with transaction(conn):
            for act, key in weeks.catch_up(conn, now):
                audit.note(conn, now, act, detail=key)
        version, week = weeks.version(conn), weeks.current(conn, now)
    return version, week


@contextmanager
def week_transaction() -> Iterator[tuple[Connection, Week, datetime]]:
    """A transaction on the week that is on, for doors that change it."""
    conn, now = get_db(), instants.now()
    version, week = current_week_and_version(
        conn, now
    )  # what was due stays done, even when what follows is refused
    with transaction(conn):
        if has_request_context():
            auth.recheck_session(conn)
        if weeks.version(conn) != version:
            week = weeks.current(conn, now)
        yield conn, week, now
