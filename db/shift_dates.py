"""Moving a household in time, by whole weeks: what a demo does to the example."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from db import Connection
from rules import schedule
from utils.instants import from_text, to_text

Column = tuple[str, str]  # of a table


def shift_to_week(conn: Connection, week: str, now: datetime) -> None:
    """Make the last week `week`: every key and instant moves along, but none past `now`.

    Belongs in the caller's transaction, at whose end foreign keys are checked.
    """
    last = conn.execute("SELECT max(week) FROM weeks").fetchone()[0]
    if last is None:
        return
    step = schedule.monday(week) - schedule.monday(last)
    conn.execute("PRAGMA defer_foreign_keys = ON")
    _move_facts(conn, step)
    _move_keys(conn, step)
    _move_instants(conn, step, now)


def keys(conn: Connection) -> list[Column]:
    """The columns that hold the key of a week."""
    return [(table, column) for table, column in _columns(conn) if column == "week"]


def instants(conn: Connection) -> list[Column]:
    """The columns that hold an instant."""
    return [
        (table, column)
        for table, column in _columns(conn)
        if column == "at" or column.endswith(("_at", "_since"))
    ]


def _columns(conn: Connection) -> Iterator[Column]:
    rows = conn.execute(
        "SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c"
        " WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'"
    )
    return iter([(table, column) for table, column in rows])


def _move_keys(conn: Connection, step: timedelta) -> None:
    columns = keys(conn)
    found = [row["week"] for row in conn.execute("SELECT week FROM weeks ORDER BY week")]
    # The foremost first, so that nobody is in the way.
    for week in reversed(found) if step > timedelta() else found:
        for table, column in columns:
            conn.execute(
                f"UPDATE {table} SET {column} = ? WHERE {column} = ?",
                (_moved_week(week, step), week),
            )


def _move_instants(conn: Connection, step: timedelta, now: datetime) -> None:
    for table, column in instants(conn):
        conn.execute(
            f"UPDATE {table} SET {column} ="
            f" min(strftime('%Y-%m-%dT%H:%M:%fZ', {column}, ?), ?) WHERE {column} IS NOT NULL",
            (f"{step.days:+} days", to_text(now)),
        )


def _move_facts(conn: Connection, step: timedelta) -> None:
    """The reasons of a count name weeks and instants, too."""
    for column in ("first_facts", "second_facts"):
        rows = conn.execute(f"SELECT id, {column} FROM week_history WHERE {column} IS NOT NULL")
        conn.executemany(
            f"UPDATE week_history SET {column} = ? WHERE id = ?",
            [(_moved_facts(facts, step), row_id) for row_id, facts in rows.fetchall()],
        )


def _moved_facts(text: str, step: timedelta) -> str:
    facts: dict[str, Any] = json.loads(text)
    for ending, move in _MOVES.items():
        for name, value in facts.items():
            if value is not None and name.endswith(ending):
                facts[name] = move(value, step)
    return json.dumps(facts, ensure_ascii=False)


def _moved_week(week: str, step: timedelta) -> str:
    year, number, _day = (schedule.monday(week) + step).isocalendar()
    return f"{year:04}-W{number:02}"


def _moved_instant(instant: str, step: timedelta) -> str:
    return to_text(from_text(instant) + step)


_MOVES: dict[str, Callable[[str, timedelta], str]] = {
    "waiting_since": _moved_week,
    "nominated_at": _moved_instant,
}
