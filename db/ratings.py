"""Ratings, 1-10: one per member and film."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from db import Connection, outbox_events, placeholders, watch_history
from utils.instants import to_text

NEWEST = ("~", 0)  # `before` of the first page: sorts after every instant


@dataclass(frozen=True)
class RatedFilm:
    tmdb_id: int
    title: str
    year: int | None
    rating: int
    rated_at: str


def put(conn: Connection, user_id: int, tmdb_id: int, rating: int, now: datetime) -> None:
    """Store a rating and enqueue it for Trakt; repeating the same one changes nothing."""
    changed = conn.execute(
        "INSERT INTO ratings (user_id, tmdb_id, rating, rated_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (user_id, tmdb_id) DO UPDATE"
        " SET rating = excluded.rating, rated_at = excluded.rated_at"
        " WHERE rating <> excluded.rating",
        (user_id, tmdb_id, rating, to_text(now)),
    ).rowcount
    if changed:
        outbox_events.enqueue_rated(conn, user_id, tmdb_id, rating, to_text(now), now)
        watch_history.bump_state_version(conn)


def delete(conn: Connection, user_id: int, tmdb_id: int, now: datetime) -> None:
    deleted = conn.execute(
        "DELETE FROM ratings WHERE user_id = ? AND tmdb_id = ?", (user_id, tmdb_id)
    ).rowcount
    if deleted:
        outbox_events.enqueue_unrated(conn, user_id, tmdb_id, now)
        watch_history.bump_state_version(conn)


def for_film(conn: Connection, tmdb_id: int) -> dict[int, int]:
    """Map members to their rating of the film."""
    rows = conn.execute("SELECT user_id, rating FROM ratings WHERE tmdb_id = ?", (tmdb_id,))
    return dict(rows.fetchall())


def averages(conn: Connection, tmdb_ids: Collection[int]) -> dict[int, tuple[float, int]]:
    """Map films to the average and number of their ratings; films without one are absent."""
    rows = conn.execute(
        "SELECT tmdb_id, avg(rating), count(*) FROM ratings"
        f" WHERE tmdb_id IN ({placeholders(tmdb_ids)}) GROUP BY tmdb_id",
        tuple(tmdb_ids),
    )
    return {tmdb_id: (average, number) for tmdb_id, average, number in rows}


def of_member(
    conn: Connection, user_id: int, before: tuple[str, int], limit: int
) -> list[RatedFilm]:
    """List a member's ratings, newest first, that follow `before`: a (rated_at, tmdb_id)."""
    rows = conn.execute(
        "SELECT r.tmdb_id, m.title, m.year, r.rating, r.rated_at FROM ratings r"
        " JOIN movies m USING (tmdb_id) WHERE r.user_id = ?"
        " AND (r.rated_at, r.tmdb_id) < (?, ?) ORDER BY r.rated_at DESC, r.tmdb_id DESC LIMIT ?",
        (user_id, *before, limit),
    )
    return [RatedFilm(*row) for row in rows]
