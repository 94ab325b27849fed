"""Each member's sync: switches, stamps of the lists, progress and result of the last run."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db import Connection, placeholders
from utils.instants import to_text

SWITCHES = ("by_itself", "send_watches", "send_ratings")


@dataclass(frozen=True)
class Sync:
    """The state of a member's sync; the defaults are those of the table."""

    by_itself: bool = True
    send_watches: bool = True
    send_ratings: bool = True
    step: str = ""
    done: int = 0
    total: int = 0
    started_at: str | None = None
    finished_at: str | None = None
    failed_at: str | None = None
    problem: str | None = None


_DUE = (
    "SELECT a.user_id FROM trakt_auth a JOIN users u ON u.id = a.user_id"
    " LEFT JOIN trakt_sync s ON s.user_id = a.user_id"
    " WHERE u.retired_at IS NULL AND coalesce(s.by_itself, 1)"
    " AND a.trakt_uuid IS NOT NULL AND a.problem IS NOT 'reconnect'"
    " AND max(coalesce(s.finished_at, ''), coalesce(s.failed_at, '')) <= ?"
)
_INITIAL = {
    "stamps": "{}",
    "empty_once": "[]",
    "step": "",
    "done": 0,
    "total": 0,
    "started_at": None,
    "finished_at": None,
    "failed_at": None,
    "problem": None,
}


def get(conn: Connection, user_id: int) -> Sync:
    row = conn.execute(
        "SELECT by_itself, send_watches, send_ratings, step, done, total, started_at, finished_at,"
        " failed_at, problem FROM trakt_sync WHERE user_id = ?",
        (user_id,),
    ).fetchone()
    if row is None:
        return Sync()
    by_itself, send_watches, send_ratings, *run = row
    return Sync(bool(by_itself), bool(send_watches), bool(send_ratings), *run)


def set_switch(conn: Connection, user_id: int, name: str, is_on: bool) -> None:
    _set(conn, user_id, {name: int(is_on)})


def start_run(conn: Connection, user_id: int, now: datetime) -> None:
    _set(conn, user_id, {"started_at": to_text(now), "step": "", "done": 0, "total": 0})


def progress(conn: Connection, user_id: int, step: str, done: int, total: int) -> None:
    """Store the progress of the run."""
    _set(conn, user_id, {"step": step, "done": done, "total": total})


def finish_run(conn: Connection, user_id: int, now: datetime) -> None:
    _set(
        conn,
        user_id,
        {"finished_at": to_text(now), "failed_at": None, "problem": None, "step": ""},
    )


def fail_run(conn: Connection, user_id: int, problem: str, now: datetime) -> None:
    """Store a failed run, with a code of trakt/errors.py; stamps of complete lists stay."""
    _set(conn, user_id, {"failed_at": to_text(now), "problem": problem, "step": ""})


def stamps(conn: Connection, user_id: int) -> dict[str, Any]:
    """Map lists to their stamp in Trakt's last_activities at the last complete read."""
    return dict(_json(conn, user_id, "stamps", {}))


def empty_lists(conn: Connection, user_id: int) -> list[str]:
    """List the lists that came back empty once; a second time it is believed."""
    return list(_json(conn, user_id, "empty_once", []))


def set_stamp(conn: Connection, user_id: int, list_name: str, stamp: Any) -> None:
    """Store the stamp of a list that was read completely, and clear its `empty_once`."""
    new_stamps = stamps(conn, user_id) | {list_name: stamp}
    empty = [name for name in empty_lists(conn, user_id) if name != list_name]
    _set(conn, user_id, {"stamps": json.dumps(new_stamps), "empty_once": json.dumps(empty)})


def record_empty_response(conn: Connection, user_id: int, list_name: str) -> None:
    empty = sorted({*empty_lists(conn, user_id), list_name})
    _set(conn, user_id, {"empty_once": json.dumps(empty)})


def delete(conn: Connection, user_id: int) -> None:
    """Delete all that was pulled through a link.

    The switches stay, so that a member who links again does not send what they had switched off.
    """
    _set(conn, user_id, _INITIAL)
    for table in ("trakt_unmatched", "trakt_ratings", "discoveries"):
        conn.execute(f"DELETE FROM {table} WHERE user_id = ?", (user_id,))
    conn.execute("DELETE FROM discovery_answers WHERE user_id = ?", (user_id,))
    conn.execute("DELETE FROM watchlist WHERE user_id = ? AND source = 'trakt'", (user_id,))


def due_members(conn: Connection, before: datetime) -> list[int]:
    """List linked members with automatic sync whose last run ended by `before`."""
    rows = conn.execute(f"{_DUE} ORDER BY a.user_id", (to_text(before),))
    return [row[0] for row in rows]


def is_due(conn: Connection, user_id: int, before: datetime) -> bool:
    row = conn.execute(f"{_DUE} AND a.user_id = ?", (to_text(before), user_id)).fetchone()
    return row is not None


def _set(conn: Connection, user_id: int, values: Mapping[str, Any]) -> None:
    names = ", ".join(values)
    changes = ", ".join(f"{name} = excluded.{name}" for name in values)
    conn.execute(
        f"INSERT INTO trakt_sync (user_id, {names}) VALUES (?, {placeholders(values)})"
        f" ON CONFLICT (user_id) DO UPDATE SET {changes}",
        (user_id, *values.values()),
    )


def _json(conn: Connection, user_id: int, column: str, default: Any) -> Any:
    row = conn.execute(f"SELECT {column} FROM trakt_sync WHERE user_id = ?", (user_id,)).fetchone()
    return json.loads(row[0]) if row else default
