"""Members' watchlists: wishes from Trakt, added here, or imported."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from db import Connection, outbox_events
from db.bulk import fields, rows
from db.outbox import OutboxEntry
from utils.instants import to_text

# True if the wish `l` still stands: as at Trakt, one for a film ends when its member watches it. A
# play without a date counts from when it was recorded.
STANDS = (
    "(l.kind = 'show' OR NOT EXISTS (SELECT 1 FROM watch_history p"
    " WHERE p.tmdb_id = l.tmdb_id AND p.user_id = l.user_id"
    " AND coalesce(p.watched_at, p.created_at) > l.listed_at))"
)


class Wish(NamedTuple):
    kind: str  # film or show
    tmdb_id: int
    trakt_id: int | None
    title: str
    year: int | None
    listed_at: str


@dataclass(frozen=True)
class ListedTitle:
    kind: str
    tmdb_id: int
    title: str
    year: int | None
    listed_at: str


def of_member(
    conn: Connection, user_id: int, kind: str, limit: int = 100, offset: int = 0
) -> list[ListedTitle]:
    """List a member's standing wishes, newest first."""
    found = conn.execute(
        "SELECT kind, tmdb_id, title, year, listed_at FROM watchlist l"
        f" WHERE user_id = ? AND kind = ? AND {STANDS}"
        " ORDER BY listed_at DESC, tmdb_id LIMIT ? OFFSET ?",
        (user_id, kind, limit, offset),
    )
    return [ListedTitle(*row) for row in found]


def has_films(conn: Connection, user_id: int) -> bool:
    row = conn.execute(
        f"SELECT 1 FROM watchlist l WHERE user_id = ? AND kind = 'film' AND {STANDS} LIMIT 1",
        (user_id,),
    ).fetchone()
    return row is not None


def has(conn: Connection, user_id: int, kind: str, tmdb_id: int) -> bool:
    row = conn.execute(
        f"SELECT 1 FROM watchlist l WHERE user_id = ? AND kind = ? AND tmdb_id = ? AND {STANDS}",
        (user_id, kind, tmdb_id),
    ).fetchone()
    return row is not None


def add(
    conn: Connection,
    user_id: int,
    kind: str,
    tmdb_id: int,
    title: str,
    year: int | None,
    now: datetime,
) -> None:
    """Add a member's wish, unless it stands already, and enqueue it for Trakt."""
    added = conn.execute(
        "INSERT INTO watchlist AS l (user_id, kind, tmdb_id, title, year, listed_at, source)"
        " VALUES (?, ?, ?, ?, ?, ?, 'member') ON CONFLICT (user_id, kind, tmdb_id)"
        " DO UPDATE SET listed_at = excluded.listed_at, source = excluded.source"
        f" WHERE NOT {STANDS}",
        (user_id, kind, tmdb_id, title, year, to_text(now)),
    ).rowcount
    if added:
        outbox_events.enqueue_listed(conn, user_id, "listed", kind, tmdb_id, now)


def remove(conn: Connection, user_id: int, kind: str, tmdb_id: int, now: datetime) -> None:
    """Remove a wish and enqueue that for Trakt."""
    removed = conn.execute(
        "DELETE FROM watchlist WHERE user_id = ? AND kind = ? AND tmdb_id = ?",
        (user_id, kind, tmdb_id),
    ).rowcount
    if removed:
        outbox_events.enqueue_listed(conn, user_id, "unlisted", kind, tmdb_id, now)


def upsert_from_trakt(conn: Connection, user_id: int, wishes: Iterable[Wish]) -> None:
    """Add or update Trakt's wishes; one made here that Trakt has too becomes Trakt's.

    The later `listed_at` stays, or a wish renewed here after watching the film would end.
    """
    conn.execute(
        "INSERT INTO watchlist"
        " (user_id, kind, tmdb_id, trakt_id, title, year, listed_at, source)"
        f" SELECT ?, {fields(6)}, 'trakt' FROM json_each(?) WHERE true"
        " ON CONFLICT (user_id, kind, tmdb_id) DO UPDATE SET trakt_id = excluded.trakt_id,"
        " title = excluded.title, year = excluded.year,"
        " listed_at = max(listed_at, excluded.listed_at), source = 'trakt'"
        " WHERE source <> 'trakt' OR title <> excluded.title OR year IS NOT excluded.year"
        " OR listed_at < excluded.listed_at OR trakt_id IS NOT excluded.trakt_id",
        (user_id, rows(wishes)),
    )


def mark_as_from_trakt(conn: Connection, entries: Iterable[OutboxEntry]) -> None:
    """Mark sent wishes as Trakt's: a pull deletes them here once they are removed there."""
    conn.executemany(
        "UPDATE watchlist SET source = 'trakt' WHERE user_id = ? AND kind = ? AND tmdb_id = ?",
        [(entry.user_id, entry.kind, entry.tmdb_id) for entry in entries],
    )


def missing_from(
    conn: Connection, user_id: int, seen: set[tuple[str, int]]
) -> list[tuple[str, int]]:
    """List (kind, tmdb_id) of Trakt's wishes that a complete read did not contain."""
    found = conn.execute(
        "SELECT kind, tmdb_id FROM watchlist WHERE user_id = ? AND source = 'trakt'", (user_id,)
    )
    return [wish for wish in map(tuple, found) if wish not in seen]


def delete_from_trakt(conn: Connection, user_id: int, wishes: list[tuple[str, int]]) -> None:
    """Delete wishes, except those that the member has removed and added here meanwhile."""
    conn.executemany(
        "DELETE FROM watchlist WHERE user_id = ? AND kind = ? AND tmdb_id = ? AND source = 'trakt'",
        [(user_id, *wish) for wish in wishes],
    )


def count(conn: Connection, user_id: int) -> int:
    """Count Trakt's wishes as of the last pull."""
    row = conn.execute(
        "SELECT count(*) FROM watchlist WHERE user_id = ? AND source = 'trakt'", (user_id,)
    ).fetchone()
    return int(row[0])
