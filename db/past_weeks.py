"""The past weeks, newest first, by pages with a key; the queries of one page, whatever its size."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from db import Connection

AFTER_ALL = "9999-W99"
_LEFT_A_TRACE = (
    " ((closed_at IS NOT NULL OR skipped_at IS NOT NULL)"
    "  AND EXISTS (SELECT 1 FROM nominations n WHERE n.week = w.week)"
    "  OR EXISTS (SELECT 1 FROM watch_history h WHERE h.week = w.week))"
)


@dataclass(frozen=True)
class Page:
    keys: list[str]
    newer: str | None  # the key to ask `after`, where there is something newer
    older: str | None  # the key to ask `before`


def page(conn: Connection, size: int, *, before: str = "", after: str = "") -> Page:
    """Weeks older than `before`, or newer than `after`; where there are not enough, the newest."""
    keys = _newer(conn, after, size)[::-1] if after else _older(conn, before or AFTER_ALL, size)
    if not keys or (after and len(keys) < size):
        keys = _older(conn, AFTER_ALL, size)
    if not keys:
        return Page([], None, None)
    return Page(
        keys,
        newer=keys[0] if _newer(conn, keys[0], 1) else None,
        older=keys[-1] if _older(conn, keys[-1], 1) else None,
    )


def watched(conn: Connection, weeks: Collection[str]) -> dict[str, set[int]]:
    """The films of each week's movie night."""
    marks = ",".join("?" * len(weeks))
    found: defaultdict[str, set[int]] = defaultdict(set)
    for week, tmdb_id in conn.execute(
        f"SELECT DISTINCT week, tmdb_id FROM watch_history WHERE week IN ({marks})", tuple(weeks)
    ):
        found[week].add(tmdb_id)
    return found


def _older(conn: Connection, than: str, limit: int) -> list[str]:
    rows = conn.execute(
        f"SELECT week FROM weeks w WHERE week < ? AND {_LEFT_A_TRACE} ORDER BY week DESC LIMIT ?",
        (than, limit),
    )
    return [row["week"] for row in rows]


def _newer(conn: Connection, than: str, limit: int) -> list[str]:
    rows = conn.execute(
        f"SELECT week FROM weeks w WHERE week > ? AND {_LEFT_A_TRACE} ORDER BY week LIMIT ?",
        (than, limit),
    )
    return [row["week"] for row in rows]
