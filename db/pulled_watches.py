"""Films on a member's Trakt history: one row per film, with the instant of the last play."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from db import Connection
from db.bulk import fields, rows
from utils.instants import to_text


class Watched(NamedTuple):
    trakt_id: int
    tmdb_id: int | None
    watched_at: str | None


def stored(conn: Connection, user_id: int, trakt_ids: list[int]) -> set[Watched]:
    """Return the stored rows of these films."""
    found = conn.execute(
        "SELECT trakt_id, tmdb_id, watched_at FROM watch_history WHERE user_id = ?"
        " AND source = 'trakt' AND trakt_id IN (SELECT value FROM json_each(?))",
        (user_id, json.dumps(trakt_ids)),
    )
    return {Watched(*row) for row in found}


def upsert(conn: Connection, user_id: int, films: Iterable[Watched], now: datetime) -> None:
    """Add films and update those that differ."""
    conn.execute(
        "INSERT INTO watch_history (user_id, trakt_id, tmdb_id, watched_at, source, created_at)"
        f" SELECT ?, {fields(3)}, 'trakt', ? FROM json_each(?) WHERE true"
        " ON CONFLICT (user_id, trakt_id) WHERE source = 'trakt' DO UPDATE"
        " SET tmdb_id = excluded.tmdb_id, watched_at = excluded.watched_at"
        " WHERE tmdb_id IS NOT excluded.tmdb_id OR watched_at IS NOT excluded.watched_at",
        (user_id, to_text(now), rows(films)),
    )


def count(conn: Connection, user_id: int) -> int:
    row = conn.execute(
        "SELECT count(*) FROM watch_history WHERE user_id = ? AND source = 'trakt'"
        " AND trakt_id > 0",
        (user_id,),
    ).fetchone()
    return int(row[0])


def missing_from(conn: Connection, user_id: int, seen: set[int]) -> list[int]:
    """List the films that a complete read of Trakt did not contain."""
    found = conn.execute(
        "SELECT trakt_id FROM watch_history WHERE user_id = ? AND source = 'trakt'", (user_id,)
    )
    return [trakt_id for (trakt_id,) in found if trakt_id not in seen]


def delete(conn: Connection, user_id: int, trakt_ids: list[int]) -> None:
    conn.executemany(
        "DELETE FROM watch_history WHERE user_id = ? AND trakt_id = ? AND source = 'trakt'",
        [(user_id, trakt_id) for trakt_id in trakt_ids],
    )


def is_seen_between(conn: Connection, user_id: int, tmdb_id: int, start: str, end: str) -> bool:
    """Return True if Trakt had a play between these instants at the last pull."""
    row = conn.execute(
        "SELECT 1 FROM watch_history WHERE tmdb_id = ? AND user_id = ? AND source = 'trakt'"
        " AND watched_at BETWEEN ? AND ?",
        (tmdb_id, user_id, start, end),
    ).fetchone()
    return row is not None
