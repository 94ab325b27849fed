"""The current week, after catching up the deadlines that have passed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from db import Connection, audit, transaction, weeks
from db.weeks import Week


def current_week(conn: Connection, now: datetime) -> Week:
    """Return the current week; passed deadlines are caught up and committed first."""
    return current_week_and_version(conn, now)[1]


def current_week_and_version(conn: Connection, now: datetime) -> tuple[int, Week]:
    """Return the state's version and the current week; the version is never newer than the week."""
    version, week = weeks.version(conn), weeks.current(conn, now)
    if week.is_due:
        with transaction(conn):
            for act, key in weeks.catch_up(conn, now):
                audit.add(conn, now, act, detail=key)
        version, week = weeks.version(conn), weeks.current(conn, now)
    return version, week


@contextmanager
def week_transaction(conn: Connection, now: datetime) -> Iterator[Week]:
    """Open a transaction on the current week.

    Deadlines are caught up in a separate transaction first, so that a refusal does not undo them.
    """
    current_week(conn, now)
    with transaction(conn):
        yield weeks.current(conn, now)
