"""The members' watchlists seen together: what several of us want, and what only one does."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from db import Connection
from db.watchlist import STANDS

_ACTIVE = "(SELECT id FROM users WHERE retired_at IS NULL)"
_LISTED = (
    "SELECT tmdb_id, count(*) AS lists, max(listed_at) AS newest, min(user_id) AS user_id"
    f" FROM watchlist l WHERE kind = :kind AND user_id IN {_ACTIVE}"
)
# LIMIT -1 keeps SQLite from dropping the order: what is outside looks at rows until it has enough,
# so that who has seen them is not asked for thousands of titles.
_MOST_FIRST = "ORDER BY lists DESC, newest DESC, tmdb_id LIMIT -1"
# Who watched what they wished for is somebody who has seen it: among unseen films all wishes stand.
_SHARED = f"{_LISTED} GROUP BY tmdb_id HAVING lists > 1 {_MOST_FIRST}"
_STANDING = f"{_LISTED} AND {STANDS} GROUP BY tmdb_id {_MOST_FIRST}"
_SINGLE = (
    "SELECT *, row_number() OVER (PARTITION BY user_id ORDER BY newest DESC, tmdb_id) AS turn"
    f" FROM ({_LISTED} GROUP BY tmdb_id HAVING lists = 1) ORDER BY turn, user_id LIMIT -1"
)
# Nothing is known here of who has seen a show.
_IS_SEEN = (
    "(:kind = 'film' AND EXISTS (SELECT 1 FROM watch_history w"
    f" WHERE w.tmdb_id = o.tmdb_id AND w.user_id IN {_ACTIVE}))"
)
_HIDDEN = (
    "EXISTS (SELECT 1 FROM hidden h"
    " WHERE h.user_id = :me AND h.kind = :kind AND h.tmdb_id = o.tmdb_id)"
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


def shared(conn: Connection, kind: str, me: int, limit: int) -> list[WishedTitle]:
    """On two lists or more, most first, and seen by nobody here."""
    return _wished(conn, _SHARED, f"NOT {_IS_SEEN}", kind, me, limit)


def others(conn: Connection, kind: str, me: int, limit: int) -> list[WishedTitle]:
    """On one list, each member's newest in turn; behind them what somebody here has seen."""
    unseen = _wished(conn, _SINGLE, f"NOT {_IS_SEEN}", kind, me, limit)
    return unseen + _wished(conn, _STANDING, _IS_SEEN, kind, me, limit - len(unseen))


def wanted_by(conn: Connection, kind: str, tmdb_ids: Collection[int]) -> dict[int, list[Wisher]]:
    """The active members who still want to see each title, in one query."""
    found: defaultdict[int, list[Wisher]] = defaultdict(list)
    marks = ",".join("?" * len(tmdb_ids))
    for tmdb_id, user_id, name in conn.execute(
        "SELECT l.tmdb_id, u.id, u.name FROM watchlist l"
        " JOIN users u ON u.id = l.user_id AND u.retired_at IS NULL"
        f" WHERE l.kind = ? AND l.tmdb_id IN ({marks}) AND {STANDS} ORDER BY u.id",
        (kind, *tmdb_ids),
    ):
        found[tmdb_id].append(Wisher(user_id, name))
    return found


def _wished(
    conn: Connection, ordered: str, condition: str, kind: str, me: int, limit: int
) -> list[WishedTitle]:
    """Without what I hid."""
    found = conn.execute(
        "SELECT o.tmdb_id, l.title, l.year FROM (SELECT tmdb_id, user_id FROM"
        f" ({ordered}) o WHERE {condition} AND NOT {_HIDDEN} LIMIT :limit) o"
        " CROSS JOIN watchlist l ON l.user_id = o.user_id AND l.kind = :kind"
        " AND l.tmdb_id = o.tmdb_id",
        {"kind": kind, "me": me, "limit": limit},
    )
    return [WishedTitle(*row) for row in found]
