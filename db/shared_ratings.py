"""Ratings of several members side by side."""

from collections.abc import Collection

from db import Connection
from rules.taste_similarity import LOVED, Common, Favourite

NEWEST = (
    500  # of one's own ratings: taste as it is now, at a cost that does not grow with the years
)
MOST = 500


def rated_in_common(conn: Connection, me: int) -> dict[int, Common]:
    """Active member -> what their ratings and mine of the same films say."""
    rows = conn.execute(
        "WITH mine AS (SELECT tmdb_id, rating FROM ratings WHERE user_id = ?1"
        " ORDER BY rated_at DESC, tmdb_id LIMIT ?2)"
        " SELECT u.id, count(*), sum(abs(r.rating - m.rating)) FROM mine m"
        " CROSS JOIN ratings r ON r.tmdb_id = m.tmdb_id AND r.user_id <> ?1"
        " JOIN users u ON u.id = r.user_id AND u.retired_at IS NULL GROUP BY u.id",
        (me, NEWEST),
    )
    return {user_id: Common(films, apart) for user_id, films, apart in rows}


def loved_by(conn: Connection, me: int, by: Collection[int]) -> list[Favourite]:
    """What these members rated highly, and I have neither seen nor rated nor hidden."""
    marks = ",".join("?" * len(by))
    # In order first (LIMIT -1 keeps it), so that only as many are looked at as are needed.
    rows = conn.execute(
        "SELECT r.tmdb_id, r.user_id, r.rating FROM (SELECT tmdb_id, user_id, rating FROM ratings"
        f" WHERE user_id IN ({marks}) AND rating >= ?"
        " ORDER BY rating DESC, rated_at DESC, tmdb_id LIMIT -1) r"
        " WHERE NOT EXISTS"
        " (SELECT 1 FROM ratings o WHERE o.user_id = ? AND o.tmdb_id = r.tmdb_id)"
        " AND NOT EXISTS"
        " (SELECT 1 FROM watch_history w WHERE w.user_id = ? AND w.tmdb_id = r.tmdb_id)"
        " AND NOT EXISTS (SELECT 1 FROM hidden h"
        "  WHERE h.user_id = ? AND h.kind = 'film' AND h.tmdb_id = r.tmdb_id) LIMIT ?",
        (*by, LOVED, me, me, me, MOST),
    )
    return [Favourite(*row) for row in rows]
