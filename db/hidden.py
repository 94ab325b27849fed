"""What members do not want to be shown: kept here for each of them, and told to their Trakt."""

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
    """The last one first."""
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
    """For this member, here and at their Trakt; what is hidden already stays as it is."""
    added = conn.execute(
        "INSERT INTO hidden (user_id, kind, tmdb_id, title, year, hidden_at)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (user_id, kind, tmdb_id) DO NOTHING",
        (user_id, kind, tmdb_id, title, year, to_text(now)),
    ).rowcount
    if added:
        trakt_id = _trakt_id(conn, kind, tmdb_id)
        outbox_events.enqueue_hidden(conn, user_id, kind, tmdb_id, trakt_id, now)


def unhide(conn: Connection, user_id: int, kind: str, tmdb_id: int) -> None:
    """Show it again here. Trakt is not told, if it has not been; it knows no way back."""
    conn.execute(
        "DELETE FROM hidden WHERE user_id = ? AND kind = ? AND tmdb_id = ?",
        (user_id, kind, tmdb_id),
    )
    outbox.delete_unsent(conn, user_id, ("hidden",), tmdb_id, kind)


def _trakt_id(conn: Connection, kind: str, tmdb_id: int) -> int | None:
    """Trakt hides by its own ids; whichever of its lists named this title tells it."""
    row = conn.execute(
        "SELECT trakt_id FROM discoveries WHERE kind = ?1 AND tmdb_id = ?2 AND trakt_id > 0"
        " UNION ALL"
        " SELECT trakt_id FROM watchlist WHERE kind = ?1 AND tmdb_id = ?2 AND trakt_id > 0"
        " LIMIT 1",
        (kind, tmdb_id),
    ).fetchone()
    return row[0] if row else None
