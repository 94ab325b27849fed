"""The members' watchlists seen together: what several of us want, and what only one does."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from db import Connection

_LISTED = (
    "SELECT l.tmdb_id, count(*) AS lists, max(l.listed_at) AS newest, min(l.user_id) AS user_id"
    " FROM watchlist l JOIN users u ON u.id = l.user_id AND u.retired_at IS NULL"
    " WHERE l.kind = :kind AND NOT EXISTS (SELECT 1 FROM hidden h"
    "  WHERE h.user_id = :me AND h.kind = l.kind AND h.tmdb_id = l.tmdb_id)"
    " GROUP BY l.tmdb_id"
)
# Nothing is known here of who has seen a show.
_SEEN = (
    "(:kind = 'film' AND EXISTS (SELECT 1 FROM watch_history w"
    " JOIN users v ON v.id = w.user_id AND v.retired_at IS NULL WHERE w.tmdb_id = w1.tmdb_id))"
)
_NAMED = (
    "SELECT o.tmdb_id, l.title, l.year FROM ordered o"
    " JOIN watchlist l ON l.user_id = o.user_id AND l.kind = :kind AND l.tmdb_id = o.tmdb_id"
    " ORDER BY o.place"
)


@dataclass(frozen=True)
class Wish:
    tmdb_id: int
    title: str
    year: int | None


@dataclass(frozen=True)
class Wisher:
    user_id: int
    name: str


def shared(conn: Connection, kind: str, me: int, limit: int) -> list[Wish]:
    """On two lists or more: first what nobody here has seen, then what is on most of them."""
    return _found(
        conn,
        f"WITH wish AS ({_LISTED} HAVING lists > 1), ordered AS (SELECT tmdb_id, user_id,"
        f" row_number() OVER (ORDER BY {_SEEN}, lists DESC, newest DESC, tmdb_id) AS place"
        " FROM wish w1 ORDER BY place LIMIT :limit)",
        kind,
        me,
        limit,
    )


def single(conn: Connection, kind: str, me: int, limit: int) -> list[Wish]:
    """On one list: first what nobody here has seen; each member's newest, in turn."""
    return _found(
        conn,
        f"WITH wish AS ({_LISTED} HAVING lists = 1), seen AS (SELECT *, {_SEEN} AS is_seen"
        " FROM wish w1), turns AS (SELECT *, row_number() OVER"
        " (PARTITION BY user_id, is_seen ORDER BY newest DESC, tmdb_id) AS turn FROM seen),"
        " ordered AS (SELECT tmdb_id, user_id,"
        " row_number() OVER (ORDER BY is_seen, turn, user_id) AS place"
        " FROM turns ORDER BY place LIMIT :limit)",
        kind,
        me,
        limit,
    )


def wanted_by(conn: Connection, kind: str, tmdb_ids: Collection[int]) -> dict[int, list[Wisher]]:
    """The active members who want to see each title, in one query."""
    found: defaultdict[int, list[Wisher]] = defaultdict(list)
    marks = ",".join("?" * len(tmdb_ids))
    for tmdb_id, user_id, name in conn.execute(
        "SELECT l.tmdb_id, u.id, u.name FROM watchlist l"
        " JOIN users u ON u.id = l.user_id AND u.retired_at IS NULL"
        f" WHERE l.kind = ? AND l.tmdb_id IN ({marks}) ORDER BY u.id",
        (kind, *tmdb_ids),
    ):
        found[tmdb_id].append(Wisher(user_id, name))
    return found


def _found(conn: Connection, ordered: str, kind: str, me: int, limit: int) -> list[Wish]:
    values = {"kind": kind, "me": me, "limit": limit}
    return [Wish(*row) for row in conn.execute(f"{ordered} {_NAMED}", values)]
