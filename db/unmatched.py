"""What Trakt lists for a member without a TMDB id: counted and shown, because it cannot be used."""

from collections.abc import Iterable
from typing import NamedTuple

from db import Connection


class Unmatched(NamedTuple):
    trakt_id: int
    title: str
    year: int | None


def replace(conn: Connection, user_id: int, list_name: str, titles: Iterable[Unmatched]) -> None:
    """What a complete read of that list held without a TMDB id."""
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
