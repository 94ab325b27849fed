"""How each member's Trakt is kept in step: switches, what was read last, how the last run went."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db import Connection
from utils.instants import to_text

SWITCHES = ("by_itself", "send_watches", "send_ratings")


@dataclass(frozen=True)
class Sync:
    """Of a member who never synced: the defaults of the table."""

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
_UNREAD = {
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
    _set(conn, user_id, {"step": step, "done": done, "total": total})


def finish_run(conn: Connection, user_id: int, now: datetime) -> None:
    _set(
        conn,
        user_id,
        {"finished_at": to_text(now), "failed_at": None, "problem": None, "step": ""},
    )


def fail_run(conn: Connection, user_id: int, problem: str, now: datetime) -> None:
    """Codes of trakt/errors.py; what was read completely before stays read."""
    _set(conn, user_id, {"failed_at": to_text(now), "problem": problem, "step": ""})


def stamps(conn: Connection, user_id: int) -> dict[str, Any]:
    """List -> stamp of Trakt's last_activities when it was last read to the end."""
    return dict(_json(conn, user_id, "stamps", {}))


def empty_lists(conn: Connection, user_id: int) -> list[str]:
    return list(_json(conn, user_id, "empty_once", []))


def set_stamp(conn: Connection, user_id: int, list_name: str, stamp: Any) -> None:
    """The list was read to the end; a doubt about its emptiness is settled with it."""
    kept = stamps(conn, user_id) | {list_name: stamp}
    doubts = [name for name in empty_lists(conn, user_id) if name != list_name]
    _set(conn, user_id, {"stamps": json.dumps(kept), "empty_once": json.dumps(doubts)})


def note_empty_answer(conn: Connection, user_id: int, list_name: str) -> None:
    """A list of many came back empty; a second time it is believed."""
    doubts = sorted({*empty_lists(conn, user_id), list_name})
    _set(conn, user_id, {"empty_once": json.dumps(doubts)})


def delete(conn: Connection, user_id: int) -> None:
    """With the link goes what was read through it.

    The switches stay: who sends no ratings must not send them because they linked again.
    """
    _set(conn, user_id, _UNREAD)
    for table in ("trakt_unmatched", "trakt_ratings", "discoveries"):
        conn.execute(f"DELETE FROM {table} WHERE user_id = ?", (user_id,))
    conn.execute("DELETE FROM discovery_answers WHERE user_id = ?", (user_id,))
    conn.execute("DELETE FROM watchlist WHERE user_id = ? AND source = 'trakt'", (user_id,))


def due_members(conn: Connection, before: datetime) -> list[int]:
    """Linked members who sync by themselves and whose last run ended before that instant."""
    rows = conn.execute(f"{_DUE} ORDER BY a.user_id", (to_text(before),))
    return [row[0] for row in rows]


def is_due(conn: Connection, user_id: int, before: datetime) -> bool:
    row = conn.execute(f"{_DUE} AND a.user_id = ?", (to_text(before), user_id)).fetchone()
    return row is not None


def _set(conn: Connection, user_id: int, values: Mapping[str, Any]) -> None:
    names = ", ".join(values)
    changes = ", ".join(f"{name} = excluded.{name}" for name in values)
    conn.execute(
        f"INSERT INTO trakt_sync (user_id, {names}) VALUES (?{', ?' * len(values)})"
        f" ON CONFLICT (user_id) DO UPDATE SET {changes}",
        (user_id, *values.values()),
    )


def _json(conn: Connection, user_id: int, column: str, default: Any) -> Any:
    row = conn.execute(f"SELECT {column} FROM trakt_sync WHERE user_id = ?", (user_id,)).fetchone()
    return json.loads(row[0]) if row else default
