"""What Trakt lists for a member without a TMDB id: counted and shown, because it cannot be used."""

from collections.abc import Iterable
from typing import NamedTuple

from db import Connection


class Unmatched(NamedTuple):
    trakt_id: int
    title: str
    year: int | None


def keep(conn: Connection, user_id: int, list_name: str, films: Iterable[Unmatched]) -> None:
    conn.executemany(
        "INSERT INTO trakt_unmatched (user_id, list, trakt_id, title, year) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (user_id, list, trakt_id) DO UPDATE"
        " SET title = excluded.title, year = excluded.year",
        [(user_id, list_name, *film) for film in films],
    )


def prune(conn: Connection, user_id: int, list_name: str, seen: set[int]) -> None:
    """After a complete read: forget those that are gone, or have a TMDB id by now."""
    kept = conn.execute(
        "SELECT trakt_id FROM trakt_unmatched WHERE user_id = ? AND list = ?", (user_id, list_name)
    )
    conn.executemany(
        "DELETE FROM trakt_unmatched WHERE user_id = ? AND list = ? AND trakt_id = ?",
        [(user_id, list_name, trakt_id) for (trakt_id,) in kept.fetchall() if trakt_id not in seen],
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
