"""Past weeks by pages, newest first, with a week's key as the cursor."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from db import Connection, placeholders

AFTER_ALL = "9999-W99"
_HAS_CONTENT = (
    " ((closed_at IS NOT NULL OR skipped_at IS NOT NULL)"
    "  AND EXISTS (SELECT 1 FROM nominations n WHERE n.week = w.week)"
    "  OR EXISTS (SELECT 1 FROM watch_history h WHERE h.week = w.week))"
)


@dataclass(frozen=True)
class Page:
    keys: list[str]
    newer: str | None  # `after` of the newer page
    older: str | None  # `before` of the older page


def page(conn: Connection, size: int, *, before: str = "", after: str = "") -> Page:
    """List weeks older than `before` or newer than `after`; the newest if those fill no page."""
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
    """Map weeks to the films of their evenings."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for week, tmdb_id in conn.execute(
        f"SELECT DISTINCT week, tmdb_id FROM watch_history WHERE week IN ({placeholders(weeks)})",
        tuple(weeks),
    ):
        found[week].add(tmdb_id)
    return found


def _older(conn: Connection, than: str, limit: int) -> list[str]:
    rows = conn.execute(
        f"SELECT week FROM weeks w WHERE week < ? AND {_HAS_CONTENT} ORDER BY week DESC LIMIT ?",
        (than, limit),
    )
    return [row["week"] for row in rows]


def _newer(conn: Connection, than: str, limit: int) -> list[str]:
    rows = conn.execute(
        f"SELECT week FROM weeks w WHERE week > ? AND {_HAS_CONTENT} ORDER BY week LIMIT ?",
        (than, limit),
    )
    return [row["week"] for row in rows]
