"""Titles on a member's Trakt lists that have no TMDB id; they are only shown."""

from collections.abc import Iterable
from typing import NamedTuple

from db import Connection


class Unmatched(NamedTuple):
    trakt_id: int
    title: str
    year: int | None


def replace(conn: Connection, user_id: int, list_name: str, titles: Iterable[Unmatched]) -> None:
    """Store the titles of a complete read of that list, in place of the last."""
    conn.execute("DELETE FROM trakt_unmatched WHERE user_id = ? AND list = ?", (user_id, list_name))
    conn.executemany(
        "INSERT OR REPLACE INTO trakt_unmatched (user_id, list, trakt_id, title, year)"
        " VALUES (?, ?, ?, ?, ?)",
        [(user_id, list_name, *title) for title in titles],
    )


def of_member(conn: Connection, user_id: int, limit: int = 50) -> list[Unmatched]:
    rows = conn.execute(
        "SELECT DISTINCT trakt_id, title, year FROM trakt_unmatched WHERE user_id = ?"
        " ORDER BY title, trakt_id LIMIT ?",
        (user_id, limit),
    )
    return [Unmatched(*row) for row in rows]


def count(conn: Connection, user_id: int) -> int:
    row = conn.execute(
        "SELECT count(DISTINCT trakt_id) FROM trakt_unmatched WHERE user_id = ?", (user_id,)
    ).fetchone()
    return int(row[0])
