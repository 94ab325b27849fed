"""Weeks and their phases; db/results.py counts them.

`current` only reads. `catch_up` writes what is due by the schedule, in the caller's transaction:
the week's row, the opening of voting, missed counts.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db import Connection, results, settings
from db.settings import Limits
from rules import Refused, schedule, tally
from rules.schedule import Acts, Phase, Schedule
from utils.instants import from_text_or_none, to_text


@dataclass(frozen=True)
class Week:
    key: str
    phase: Phase
    deadline: datetime  # end of the phase by the schedule
    evening: datetime  # start of results: movie night
    ends: datetime  # start of the next week's nominating
    limits: Limits
    is_due: bool = False  # `catch_up` has something to do


def current(conn: Connection, now: datetime) -> Week:
    """Return the current week."""
    chosen = settings.schedule(conn)
    key = schedule.week_of(chosen, now)
    row = _row(conn, key)
    is_due = row is None or _opens(conn, chosen, row, now) or bool(_missed(conn, chosen, now))
    return _week(conn, chosen, key, row, now, is_due)


def get(conn: Connection, key: str, now: datetime) -> Week:
    """Return the current week or one that has a row; raises Refused for any other."""
    chosen = settings.schedule(conn)
    row = _row(conn, key)
    if row is None and key != schedule.week_of(chosen, now):
        raise Refused("no_week", week=key)
    return _week(conn, chosen, key, row, now)


def catch_up(conn: Connection, now: datetime) -> list[tuple[str, str]]:
    """Apply the schedule; returns each audit action taken, with its week."""
    chosen = settings.schedule(conn)
    key = schedule.week_of(chosen, now)
    limits = settings.limits(conn)
    conn.execute(
        "INSERT OR IGNORE INTO weeks (week, max_nominations, max_votes, own_votes)"
        " VALUES (?, ?, ?, ?)",
        (key, limits.max_nominations, limits.max_votes, limits.own_votes),
    )
    acts = [("week_closed", week) for week in _missed(conn, chosen, now)]
    for _act, week in acts:
        _close(conn, week, now, by=None)
    if _opens(conn, chosen, _row(conn, key), now):
        _open(conn, key, now, by=None)
        acts.append(("voting_opened", key))
    return acts


def open_voting(conn: Connection, week: Week, now: datetime, by: int | None) -> None:
    """Open voting by hand; refused without a nomination, as none could follow."""
    if week.phase != "nomination":
        raise Refused("voting_opened_already")
    if not _has_films(conn, week.key):
        raise Refused("nothing_nominated")
    _open(conn, week.key, now, by)


def open_if_all_nominated(conn: Connection, week: Week, now: datetime) -> bool:
    """Open voting if every active member has used all of their nominations."""
    if week.phase != "nomination":
        return False
    active, done = conn.execute(
        "SELECT count(*), coalesce(sum(n >= ?), 0) FROM (SELECT (SELECT count(*) FROM nominations"
        " WHERE proposed_by = u.id AND week = ?) AS n FROM users u WHERE retired_at IS NULL)",
        (week.limits.max_nominations, week.key),
    ).fetchone()
    if early := tally.opens_early(active, done):
        _open(conn, week.key, now, by=None)
    return early


def close(conn: Connection, week: Week, now: datetime, by: int | None) -> None:
    """End voting and count the week; refused if it was closed before."""
    if week.phase == "nomination":
        raise Refused("voting_not_open")
    if week.phase != "voting":
        raise Refused("week_over")
    _close(conn, week.key, now, by)


def skip(conn: Connection, week: Week, now: datetime, by: int | None) -> None:
    if week.phase not in ("nomination", "voting"):
        raise Refused("week_over")
    conn.execute(
        "UPDATE weeks SET skipped_at = ?, skipped_by = ? WHERE week = ?",
        (to_text(now), by, week.key),
    )


def version(conn: Connection) -> int:
    """Return the state's version, which every change of the state raises."""
    return int(conn.execute("SELECT version FROM state").fetchone()[0])


def _row(conn: Connection, key: str) -> Any:
    return conn.execute("SELECT * FROM weeks WHERE week = ?", (key,)).fetchone()


def _week(
    conn: Connection, chosen: Schedule, key: str, row: Any, now: datetime, is_due: bool = False
) -> Week:
    phase = schedule.phase(chosen, key, _acts(row), now)
    limits = (
        Limits(row["max_nominations"], row["max_votes"], bool(row["own_votes"]))
        if row
        else settings.limits(conn)
    )
    deadline = schedule.deadline(chosen, key, phase)
    starts = schedule.starts(chosen, key)
    return Week(key, phase, deadline, starts.results, starts.ends, limits, is_due)


def _acts(row: Any) -> Acts:
    if row is None:
        return Acts()
    columns = ("voting_opened_at", "closed_at", "skipped_at")
    return Acts(*(from_text_or_none(row[column]) for column in columns))


def _opens(conn: Connection, chosen: Schedule, row: Any, now: datetime) -> bool:
    """Return True if voting has started by the schedule and its opening is not recorded yet.

    Without a nomination it is not recorded, so that a new schedule can still move it.
    """
    return (
        row["voting_opened_at"] is None
        and schedule.phase(chosen, row["week"], _acts(row), now) == "voting"
        and _has_films(conn, row["week"])
    )


def _has_films(conn: Connection, key: str) -> bool:
    row = conn.execute("SELECT 1 FROM nominations WHERE week = ? LIMIT 1", (key,)).fetchone()
    return row is not None


def _missed(conn: Connection, chosen: Schedule, now: datetime) -> list[str]:
    """List weeks with nominations that are due for the count, oldest first."""
    rows = conn.execute(
        "SELECT week FROM weeks w WHERE closed_at IS NULL AND skipped_at IS NULL"
        " AND EXISTS (SELECT 1 FROM nominations n WHERE n.week = w.week) ORDER BY week"
    )
    return [week for (week,) in rows if schedule.starts(chosen, week).results <= now]


def _open(conn: Connection, key: str, now: datetime, by: int | None) -> None:
    conn.execute(
        "UPDATE weeks SET voting_opened_at = ?, voting_opened_by = ? WHERE week = ?",
        (to_text(now), by, key),
    )


def _close(conn: Connection, key: str, now: datetime, by: int | None) -> None:
    results.count(conn, key)
    conn.execute(
        "UPDATE weeks SET closed_at = ?, closed_by = ? WHERE week = ?", (to_text(now), by, key)
    )
