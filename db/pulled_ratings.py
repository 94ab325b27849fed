"""Ratings for the merge with Trakt: the local ones and the bases."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from db import Connection
from db.bulk import fields, rows


class Rating(NamedTuple):
    tmdb_id: int
    rating: int
    rated_at: str


@dataclass
class Changes:
    """The changes of one page of Trakt's ratings."""

    taken: list[Rating] = field(default_factory=list)  # Trakt's, to store here with their dates
    removed: list[int] = field(default_factory=list)  # films, to delete the rating of
    agreed: list[Rating] = field(default_factory=list)  # new bases
    agreed_on_none: list[int] = field(default_factory=list)  # films, to delete the base of


def local_ratings(conn: Connection, user_id: int, tmdb_ids: Collection[int]) -> dict[int, Rating]:
    found = conn.execute(
        "SELECT tmdb_id, rating, rated_at FROM ratings"
        " WHERE user_id = ? AND tmdb_id IN (SELECT value FROM json_each(?))",
        (user_id, json.dumps(list(tmdb_ids))),
    )
    return {row[0]: Rating(*row) for row in found}


def locally_rated(conn: Connection, user_id: int) -> set[int]:
    found = conn.execute("SELECT tmdb_id FROM ratings WHERE user_id = ?", (user_id,))
    return {row[0] for row in found}


def bases(conn: Connection, user_id: int) -> dict[int, Rating]:
    found = conn.execute(
        "SELECT tmdb_id, rating, rated_at FROM trakt_ratings WHERE user_id = ?", (user_id,)
    )
    return {row[0]: Rating(*row) for row in found}


def apply(conn: Connection, user_id: int, changes: Changes) -> None:
    """Apply the changes, without outbox entries."""
    _write(conn, user_id, "ratings", changes.taken)
    _delete(conn, user_id, "ratings", changes.removed)
    set_bases(conn, user_id, changes.agreed)
    delete_bases(conn, user_id, changes.agreed_on_none)


def set_bases(conn: Connection, user_id: int, ratings: Iterable[Rating]) -> None:
    _write(conn, user_id, "trakt_ratings", ratings)


def delete_bases(conn: Connection, user_id: int, tmdb_ids: Collection[int]) -> None:
    _delete(conn, user_id, "trakt_ratings", tmdb_ids)


def count(conn: Connection, user_id: int) -> int:
    """Count Trakt's ratings as of the last read or write."""
    row = conn.execute(
        "SELECT count(*) FROM trakt_ratings WHERE user_id = ?", (user_id,)
    ).fetchone()
    return int(row[0])


def _write(conn: Connection, user_id: int, table: str, ratings: Iterable[Rating]) -> None:
    conn.execute(
        f"INSERT INTO {table} (user_id, tmdb_id, rating, rated_at)"
        f" SELECT ?, {fields(3)} FROM json_each(?) WHERE true"
        " ON CONFLICT (user_id, tmdb_id) DO UPDATE"
        " SET rating = excluded.rating, rated_at = excluded.rated_at",
        (user_id, rows(ratings)),
    )


def _delete(conn: Connection, user_id: int, table: str, tmdb_ids: Collection[int]) -> None:
    conn.executemany(
        f"DELETE FROM {table} WHERE user_id = ? AND tmdb_id = ?",
        [(user_id, tmdb_id) for tmdb_id in tmdb_ids],
    )
