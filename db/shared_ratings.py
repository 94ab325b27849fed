"""Comparison of members' ratings, for recommendations from each other."""

from collections.abc import Collection

from db import Connection, placeholders
from rules.taste_similarity import LOVED, Common, Favourite

NEWEST = 500  # only this many of a member's ratings are compared: present taste, bounded cost
MOST = 500


def rated_in_common(conn: Connection, user_id: int) -> dict[int, Common]:
    """Map active members to how their ratings of the same films differ from this member's."""
    rows = conn.execute(
        "WITH mine AS (SELECT tmdb_id, rating FROM ratings WHERE user_id = ?1"
        " ORDER BY rated_at DESC, tmdb_id LIMIT ?2)"
        " SELECT u.id, count(*), sum(abs(r.rating - m.rating)) FROM mine m"
        " CROSS JOIN ratings r ON r.tmdb_id = m.tmdb_id AND r.user_id <> ?1"
        " JOIN users u ON u.id = r.user_id AND u.retired_at IS NULL GROUP BY u.id",
        (user_id, NEWEST),
    )
    return {other_id: Common(films, apart) for other_id, films, apart in rows}


def loved_by(conn: Connection, user_id: int, others: Collection[int]) -> list[Favourite]:
    """List films that `others` rated highly and the member has not seen, rated or hidden."""
    # LIMIT -1 makes SQLite sort first, so that the outer query stops at the first MOST films.
    rows = conn.execute(
        "SELECT r.tmdb_id, r.user_id, r.rating FROM (SELECT tmdb_id, user_id, rating FROM ratings"
        f" WHERE user_id IN ({placeholders(others)}) AND rating >= ?"
        " ORDER BY rating DESC, rated_at DESC, tmdb_id LIMIT -1) r"
        " WHERE NOT EXISTS"
        " (SELECT 1 FROM ratings o WHERE o.user_id = ? AND o.tmdb_id = r.tmdb_id)"
        " AND NOT EXISTS"
        " (SELECT 1 FROM watch_history w WHERE w.user_id = ? AND w.tmdb_id = r.tmdb_id)"
        " AND NOT EXISTS (SELECT 1 FROM hidden h"
        "  WHERE h.user_id = ? AND h.kind = 'film' AND h.tmdb_id = r.tmdb_id) LIMIT ?",
        (*others, LOVED, user_id, user_id, user_id, MOST),
    )
    return [Favourite(*row) for row in rows]
