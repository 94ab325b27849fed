"""Runs of timed jobs: one per period, whichever process runs the timers."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from db import Connection
from utils.instants import to_text

KEPT = timedelta(days=30)


@dataclass(frozen=True)
class Run:
    name: str
    started_at: str
    finished_at: str | None  # None: it is running, or its process was killed
    error: str | None


def claim(conn: Connection, name: str, period: str, now: datetime) -> bool:
    """Return True if this process is to run the job in this period; commit before the run."""
    return bool(
        conn.execute(
            "INSERT INTO job_runs (name, period, started_at) VALUES (?, ?, ?)"
            " ON CONFLICT (name, period) DO NOTHING",
            (name, period, to_text(now)),
        ).rowcount
    )


def is_claimed(conn: Connection, name: str, period: str) -> bool:
    row = conn.execute(
        "SELECT 1 FROM job_runs WHERE name = ? AND period = ?", (name, period)
    ).fetchone()
    return row is not None


def finish_run(
    conn: Connection, name: str, period: str, now: datetime, error: str | None = None
) -> None:
    """Store the end of a run, and delete runs older than KEPT."""
    conn.execute(
        "UPDATE job_runs SET finished_at = ?, error = ? WHERE name = ? AND period = ?",
        (to_text(now), error, name, period),
    )
    conn.execute("DELETE FROM job_runs WHERE started_at < ?", (to_text(now - KEPT),))


def latest(conn: Connection, name: str, limit: int = 5) -> list[Run]:
    """Newest first."""
    rows = conn.execute(
        "SELECT name, started_at, finished_at, error FROM job_runs WHERE name = ?"
        " ORDER BY started_at DESC, id DESC LIMIT ?",
        (name, limit),
    )
    return [Run(*row) for row in rows]
