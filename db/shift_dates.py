"""Shift of all dates by whole weeks, so that the demo's example ends this week."""

import json
from datetime import datetime, timedelta
from typing import Any

from db import Connection
from rules import schedule
from utils.instants import from_text, to_text

Column = tuple[str, str]  # table, column


def shift_to_week(conn: Connection, week: str, now: datetime) -> None:
    """Shift all weeks and instants so that the last week is `week`; no instant passes `now`.

    The caller opens the transaction; foreign keys are checked at its end.
    """
    last = conn.execute("SELECT max(week) FROM weeks").fetchone()[0]
    if last is None:
        return
    step = schedule.monday(week) - schedule.monday(last)
    conn.execute("PRAGMA defer_foreign_keys = ON")
    _shift_facts(conn, step)
    _shift_weeks(conn, step)
    _shift_instants(conn, step, now)


def keys(conn: Connection) -> list[Column]:
    """List the columns that hold a week."""
    return [(table, column) for table, column in _columns(conn) if column == "week"]


def instants(conn: Connection) -> list[Column]:
    """List the columns that hold an instant."""
    return [
        (table, column)
        for table, column in _columns(conn)
        if column == "at" or column.endswith(("_at", "_since"))
    ]


def _columns(conn: Connection) -> list[Column]:
    rows = conn.execute(
        "SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c"
        " WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'"
    )
    return [(table, column) for table, column in rows]


def _shift_weeks(conn: Connection, step: timedelta) -> None:
    columns = keys(conn)
    weeks = [row["week"] for row in conn.execute("SELECT week FROM weeks ORDER BY week")]
    # Start at the end towards which weeks move, so that no new key is in use.
    for week in reversed(weeks) if step > timedelta() else weeks:
        for table, column in columns:
            conn.execute(
                f"UPDATE {table} SET {column} = ? WHERE {column} = ?",
                (_shifted_week(week, step), week),
            )


def _shift_instants(conn: Connection, step: timedelta, now: datetime) -> None:
    for table, column in instants(conn):
        conn.execute(
            f"UPDATE {table} SET {column} ="
            f" min(strftime('%Y-%m-%dT%H:%M:%fZ', {column}, ?), ?) WHERE {column} IS NOT NULL",
            (f"{step.days:+} days", to_text(now)),
        )


def _shift_facts(conn: Connection, step: timedelta) -> None:
    """Shift the weeks and instants in the facts of results."""
    for column in ("first_facts", "second_facts"):
        rows = conn.execute(f"SELECT id, {column} FROM week_history WHERE {column} IS NOT NULL")
        conn.executemany(
            f"UPDATE week_history SET {column} = ? WHERE id = ?",
            [(_shifted_facts(facts, step), row_id) for row_id, facts in rows.fetchall()],
        )


def _shifted_facts(text: str, step: timedelta) -> str:
    facts: dict[str, Any] = json.loads(text)
    for name, value in facts.items():
        if value is not None and name.endswith("waiting_since"):
            facts[name] = _shifted_week(value, step)
        elif value is not None and name.endswith("nominated_at"):
            facts[name] = to_text(from_text(value) + step)
    return json.dumps(facts, ensure_ascii=False)


def _shifted_week(week: str, step: timedelta) -> str:
    year, number, _day = (schedule.monday(week) + step).isocalendar()
    return f"{year:04}-W{number:02}"
