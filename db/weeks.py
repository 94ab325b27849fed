"""Weeks: what the clock and the admins did with them. Counting is db/results.py.

`current` reads; `catch_up` writes what is due (the week's row, voting opened by the clock, counts
that were missed) and belongs in a transaction of the door.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db import Connection, results, settings
from db.settings import Limits
from rules import Refused, schedule, tally
from rules.schedule import Acts, Phase, Schedule
from utils.instants import from_text, to_text


@dataclass(frozen=True)
class Week:
    key: str
    phase: Phase
    deadline: datetime  # when the phase ends by the clock
    evening: datetime  # when results start: movie night
    ends: datetime  # when the next week's nominating begins
    limits: Limits
    is_due: bool = False  # something of this week or an older one waits for `catch_up`


def current(conn: Connection, now: datetime) -> Week:
    """The week that is on, without writing anything."""
    chosen = settings.schedule(conn)
    key = schedule.week_of(chosen, now)
    row = _row(conn, key)
    is_due = row is None or _clock_act(conn, chosen, row, now) or bool(_missed(conn, chosen, now))
    return _week(conn, chosen, key, row, now, is_due)


def get(conn: Connection, key: str, now: datetime) -> Week:
    """The week that is on, or a past one that left a trace here."""
    chosen = settings.schedule(conn)
    row = _row(conn, key)
    if row is None and key != schedule.week_of(chosen, now):
        raise Refused("no_week", week=key)
    return _week(conn, chosen, key, row, now)


def catch_up(conn: Connection, now: datetime) -> list[tuple[str, str]]:
    """Do once what the clock asks for; answers each act, by its name in the audit log, and week."""
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
    if _clock_act(conn, chosen, _row(conn, key), now):
        _open(conn, key, now, by=None)
        acts.append(("voting_opened", key))
    return acts


def open_voting(conn: Connection, week: Week, now: datetime, by: int | None) -> None:
    """Refused while nothing is nominated: nobody could nominate any more."""
    if week.phase != "nomination":
        raise Refused("voting_opened_already")
    if not _has_films(conn, week.key):
        raise Refused("nothing_nominated")
    _open(conn, week.key, now, by)


def open_if_everybody_nominated(conn: Connection, week: Week, now: datetime) -> bool:
    """Early opening: each active member has used all nominations that the week gives them."""
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
    """End voting and count. A second close is refused by the phase, and by UNIQUE below it."""
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
    """Grows with every change that the state shows."""
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
    begun = schedule.starts(chosen, key)
    return Week(key, phase, deadline, begun.results, begun.ends, limits, is_due)


def _acts(row: Any) -> Acts:
    if row is None:
        return Acts()
    return Acts(*(_instant(row[f"{act}_at"]) for act in ("voting_opened", "closed", "skipped")))


def _instant(text: str | None) -> datetime | None:
    return from_text(text) if text else None


def _clock_act(conn: Connection, chosen: Schedule, row: Any, now: datetime) -> bool:
    """Whether voting has begun by the clock and nobody has written it down yet.

    A week without a film is never written down: a new schedule may still change it.
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
    """Weeks with films whose results have started and that nobody counted, oldest first."""
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
