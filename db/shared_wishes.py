"""The active members' watchlists combined: titles on several lists, and on one."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from db import Connection, placeholders
from db.watchlist import STANDS

_ACTIVE = "(SELECT id FROM users WHERE retired_at IS NULL)"
_LISTED = (
    "SELECT tmdb_id, count(*) AS lists, max(listed_at) AS newest, min(user_id) AS user_id"
    f" FROM watchlist l WHERE kind = :kind AND user_id IN {_ACTIVE}"
)
# LIMIT -1 makes SQLite sort first, so that the outer query stops after `limit` titles and does not
# look up the plays of thousands.
_MOST_FIRST = "ORDER BY lists DESC, newest DESC, tmdb_id LIMIT -1"
# STANDS is not needed here: only unseen films are listed, and a wish is over by watching.
_SHARED = f"{_LISTED} GROUP BY tmdb_id HAVING lists > 1 {_MOST_FIRST}"
_STANDING = f"{_LISTED} AND {STANDS} GROUP BY tmdb_id {_MOST_FIRST}"
_SINGLE = (
    "SELECT *, row_number() OVER (PARTITION BY user_id ORDER BY newest DESC, tmdb_id) AS turn"
    f" FROM ({_LISTED} GROUP BY tmdb_id HAVING lists = 1) ORDER BY turn, user_id LIMIT -1"
)
# Plays of shows are not stored.
_IS_SEEN = (
    "(:kind = 'film' AND EXISTS (SELECT 1 FROM watch_history w"
    f" WHERE w.tmdb_id = o.tmdb_id AND w.user_id IN {_ACTIVE}))"
)
_HIDDEN = (
    "EXISTS (SELECT 1 FROM hidden h"
    " WHERE h.user_id = :user_id AND h.kind = :kind AND h.tmdb_id = o.tmdb_id)"
)


@dataclass(frozen=True)
class WishedTitle:
    tmdb_id: int
    title: str
    year: int | None


@dataclass(frozen=True)
class Wisher:
    user_id: int
    name: str


def shared(conn: Connection, kind: str, user_id: int, limit: int) -> list[WishedTitle]:
    """List unseen titles on two lists or more, most lists first, except those the member hid."""
    return _wished(conn, _SHARED, f"NOT {_IS_SEEN}", kind, user_id, limit)


def others(conn: Connection, kind: str, user_id: int, limit: int) -> list[WishedTitle]:
    """List unseen titles on one list, each member's newest in turn, then those seen by a member.

    Titles that `user_id` hid are left out.
    """
    unseen = _wished(conn, _SINGLE, f"NOT {_IS_SEEN}", kind, user_id, limit)
    return unseen + _wished(conn, _STANDING, _IS_SEEN, kind, user_id, limit - len(unseen))


def wanted_by(conn: Connection, kind: str, tmdb_ids: Collection[int]) -> dict[int, list[Wisher]]:
    """Map titles to the active members who still want to see them."""
    found: defaultdict[int, list[Wisher]] = defaultdict(list)
    for tmdb_id, user_id, name in conn.execute(
        "SELECT l.tmdb_id, u.id, u.name FROM watchlist l"
        " JOIN users u ON u.id = l.user_id AND u.retired_at IS NULL"
        f" WHERE l.kind = ? AND l.tmdb_id IN ({placeholders(tmdb_ids)}) AND {STANDS}"
        " ORDER BY u.id",
        (kind, *tmdb_ids),
    ):
        found[tmdb_id].append(Wisher(user_id, name))
    return found


def _wished(
    conn: Connection, ordered: str, condition: str, kind: str, user_id: int, limit: int
) -> list[WishedTitle]:
    found = conn.execute(
        "SELECT o.tmdb_id, l.title, l.year FROM (SELECT tmdb_id, user_id FROM"
        f" ({ordered}) o WHERE {condition} AND NOT {_HIDDEN} LIMIT :limit) o"
        " CROSS JOIN watchlist l ON l.user_id = o.user_id AND l.kind = :kind"
        " AND l.tmdb_id = o.tmdb_id",
        {"kind": kind, "user_id": user_id, "limit": limit},
    )
    return [WishedTitle(*row) for row in found]
