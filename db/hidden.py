"""Titles that a member hid ("Not interested"); they are hidden at the member's Trakt as well."""

from dataclasses import dataclass
from datetime import datetime

from db import Connection, outbox, outbox_events
from utils.instants import to_text


@dataclass(frozen=True)
class Hidden:
    kind: str  # film or show
    tmdb_id: int
    title: str
    year: int | None
    hidden_at: str


def of_member(conn: Connection, user_id: int) -> list[Hidden]:
    """List a member's hidden titles, newest first."""
    rows = conn.execute(
        "SELECT kind, tmdb_id, title, year, hidden_at FROM hidden WHERE user_id = ?"
        " ORDER BY hidden_at DESC, kind, tmdb_id",
        (user_id,),
    )
    return [Hidden(*row) for row in rows]


def hide(
    conn: Connection,
    user_id: int,
    kind: str,
    tmdb_id: int,
    title: str,
    year: int | None,
    now: datetime,
) -> None:
    """Hide a title for this member, here and at their Trakt; does nothing if it is hidden."""
    added = conn.execute(
        "INSERT INTO hidden (user_id, kind, tmdb_id, title, year, hidden_at)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (user_id, kind, tmdb_id) DO NOTHING",
        (user_id, kind, tmdb_id, title, year, to_text(now)),
    ).rowcount
    if added:
        trakt_id = _find_trakt_id(conn, kind, tmdb_id)
        outbox_events.enqueue_hidden(conn, user_id, kind, tmdb_id, trakt_id, now)


def unhide(conn: Connection, user_id: int, kind: str, tmdb_id: int) -> None:
    """Show a title again here. At Trakt it stays hidden once that was sent: it has no undo."""
    conn.execute(
        "DELETE FROM hidden WHERE user_id = ? AND kind = ? AND tmdb_id = ?",
        (user_id, kind, tmdb_id),
    )
    outbox.delete_unsent(conn, user_id, ("hidden",), tmdb_id, kind)


def _find_trakt_id(conn: Connection, kind: str, tmdb_id: int) -> int | None:
    """Find Trakt's own id, by which it hides, on any of its lists that we stored."""
    row = conn.execute(
        "SELECT trakt_id FROM discoveries WHERE kind = ?1 AND tmdb_id = ?2 AND trakt_id > 0"
        " UNION ALL"
        " SELECT trakt_id FROM watchlist WHERE kind = ?1 AND tmdb_id = ?2 AND trakt_id > 0"
        " LIMIT 1",
        (kind, tmdb_id),
    ).fetchone()
    return row[0] if row else None
