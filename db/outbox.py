"""The outbox: changes to send to Trakt, stored with the change itself and sent later."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from db import Connection, placeholders
from utils.instants import to_text

RATING_ACTS = ("rated", "unrated")
SCROBBLE_ACTS = ("started", "paused", "stopped")


@dataclass(frozen=True)
class OutboxEntry:
    id: int
    user_id: int
    act: str
    kind: str
    tmdb_id: int
    trakt_id: int | None  # of a title to hide, or of the play that Trakt made of a scrobble
    week: str | None
    happened_at: str
    rating: int | None
    progress: float | None  # per cent of a film, for scrobbles and the plays they end in
    maybe_sent: bool  # Trakt may have it, as the answer was lost
    attempts: int


COLUMNS = ", ".join(field.name for field in fields(OutboxEntry)).replace(
    "maybe_sent", "is_doubtful AS maybe_sent"
)


def add(
    conn: Connection,
    user_id: int,
    act: str,
    tmdb_id: int,
    now: datetime,
    *,
    happened_at: str,
    kind: str = "film",
    **more: Any,
) -> None:
    """Add an entry, unless the evening's play is there already.

    `more` are any of trakt_id, week, rating and progress.
    """
    row = {
        "user_id": user_id,
        "act": act,
        "kind": kind,
        "tmdb_id": tmdb_id,
        "happened_at": happened_at,
        "created_at": to_text(now),
        "next_try_at": to_text(now),
        **more,
    }
    conn.execute(
        f"INSERT INTO outbox ({', '.join(row)}) VALUES ({placeholders(row)})"
        " ON CONFLICT (user_id, tmdb_id, week) WHERE act = 'watched' AND week IS NOT NULL"
        " DO NOTHING",
        tuple(row.values()),
    )


def delete_unsent(
    conn: Connection, user_id: int, acts: Collection[str], tmdb_id: int, kind: str = "film"
) -> None:
    """Delete the member's unsent entries of these acts for a title."""
    conn.execute(
        f"DELETE FROM outbox WHERE user_id = ? AND act IN ({placeholders(acts)}) AND tmdb_id = ?"
        " AND kind = ? AND status IN ('waiting', 'parked', 'dropped')",
        (user_id, *acts, tmdb_id, kind),
    )


def delete_unsent_ratings(conn: Connection, user_id: int, tmdb_id: int) -> None:
    """Delete unsent ratings of a film, except maybe-sent ones: those show which rating is ours."""
    conn.execute(
        "DELETE FROM outbox WHERE user_id = ? AND act IN ('rated', 'unrated') AND tmdb_id = ?"
        " AND status IN ('waiting', 'parked', 'dropped') AND NOT is_doubtful",
        (user_id, tmdb_id),
    )


def maybe_sent_ratings(conn: Connection, user_id: int) -> dict[int, int]:
    """Map films to the rating that Trakt may have received without answering."""
    rows = conn.execute(
        "SELECT tmdb_id, rating FROM outbox WHERE user_id = ? AND act = 'rated'"
        " AND (status = 'claimed' OR status IN ('waiting', 'parked', 'dropped') AND is_doubtful)"
        " ORDER BY id",
        (user_id,),
    )
    return dict(rows.fetchall())


def delete_ratings(conn: Connection, user_id: int, tmdb_id: int) -> None:
    """Delete a film's ratings that are not known as sent, because Trakt has these or newer ones.

    Includes claimed entries: the caller holds the member's lock, so none is being sent.
    """
    conn.execute(
        "DELETE FROM outbox WHERE user_id = ? AND act IN ('rated', 'unrated') AND tmdb_id = ?"
        " AND status IN ('waiting', 'claimed', 'parked', 'dropped')",
        (user_id, tmdb_id),
    )


def unsent_ratings(conn: Connection, user_id: int) -> dict[int, int | None]:
    """Map films to their unsent, failed or dropped rating; None is a removal."""
    rows = conn.execute(
        "SELECT tmdb_id, rating FROM outbox WHERE user_id = ? AND act IN ('rated', 'unrated')"
        " AND status IN ('waiting', 'claimed', 'parked', 'dropped') ORDER BY id",
        (user_id,),
    )
    return dict(rows.fetchall())


def pending_removals(conn: Connection, user_id: int, acts: Collection[str]) -> set[tuple[str, int]]:
    """Return (kind, tmdb_id) of titles with unsent entries of these acts."""
    rows = conn.execute(
        f"SELECT kind, tmdb_id FROM outbox WHERE user_id = ? AND act IN ({placeholders(acts)})"
        " AND status IN ('waiting', 'claimed')",
        (user_id, *acts),
    )
    return {(kind, tmdb_id) for kind, tmdb_id in rows}


def has_newer_scrobble(conn: Connection, entry: OutboxEntry) -> bool:
    """Return True if the week's film was started, paused, stopped or watched after this entry."""
    row = conn.execute(
        "SELECT 1 FROM outbox WHERE user_id = ? AND week = ? AND id > ?"
        " AND act <> 'unwatched' AND progress IS NOT NULL",
        (entry.user_id, entry.week, entry.id),
    ).fetchone()
    return row is not None


def is_sent_by_shared_account(conn: Connection, entry: OutboxEntry, first: str, last: str) -> bool:
    """Return True if a member with the same Trakt account sent, or may have sent, such a play.

    `first` and `last` are the instants between which a play is the same one.
    """
    row = conn.execute(
        "SELECT 1 FROM trakt_auth mine JOIN trakt_auth other USING (trakt_uuid)"
        " JOIN outbox o ON o.user_id = other.user_id"
        " WHERE mine.user_id = ? AND other.user_id <> mine.user_id"
        " AND o.act = 'watched' AND o.kind = 'film' AND o.tmdb_id = ?"
        " AND o.happened_at BETWEEN ? AND ?"
        " AND (o.status IN ('sent', 'there', 'claimed') OR o.status = 'waiting' AND is_doubtful)",
        (entry.user_id, entry.tmdb_id, first, last),
    ).fetchone()
    return row is not None


def fail_all(conn: Connection, user_id: int, problem: str, now: datetime) -> None:
    """Mark all unsent entries of a member as failed, because the link ended."""
    conn.execute(
        "UPDATE outbox SET is_doubtful = is_doubtful OR status = 'claimed',"
        " status = 'parked', ended_at = ?, problem = ?"
        " WHERE user_id = ? AND status IN ('waiting', 'claimed')",
        (to_text(now), problem, user_id),
    )


def members_with_due(conn: Connection, now: datetime) -> list[int]:
    rows = conn.execute(
        "SELECT DISTINCT user_id FROM outbox WHERE status IN ('waiting', 'claimed')"
        " AND next_try_at <= ?",
        (to_text(now),),
    )
    return [row[0] for row in rows]


def make_due_now(conn: Connection, user_id: int, now: datetime) -> None:
    """Make a member's postponed entries due, unless Trakt itself set the time."""
    conn.execute(
        "UPDATE outbox SET next_try_at = ?1"
        " WHERE user_id = ?2 AND status = 'waiting' AND next_try_at > ?1"
        " AND problem IS NOT 'slow_down'",
        (to_text(now), user_id),
    )


def claim(conn: Connection, user_id: int, now: datetime, limit: int = 100) -> list[OutboxEntry]:
    """Claim the due entries, oldest first; the caller holds the member's lock and commits at once.

    An entry waits for older ones of its title, or a removal could reach Trakt after the addition
    that followed it.
    """
    due = conn.execute(
        f"SELECT {COLUMNS} FROM outbox o"
        " WHERE user_id = ?1 AND status = 'waiting' AND next_try_at <= ?2 AND NOT EXISTS"
        " (SELECT 1 FROM outbox older WHERE older.user_id = ?1 AND older.status = 'waiting'"
        "  AND older.next_try_at > ?2 AND older.id < o.id"
        "  AND older.kind = o.kind AND older.tmdb_id = o.tmdb_id)"
        " ORDER BY id LIMIT ?3",
        (user_id, to_text(now), limit),
    ).fetchall()
    entries = [OutboxEntry(**dict(row) | {"maybe_sent": bool(row["maybe_sent"])}) for row in due]
    conn.execute(
        "UPDATE outbox SET status = 'claimed', attempts = attempts + 1"
        f" WHERE id IN ({placeholders(entries)}) AND status = 'waiting'",
        _ids(entries),
    )
    return entries


def release_stale_claims(conn: Connection, user_id: int) -> None:
    """Release entries that a killed run had claimed, as maybe sent.

    The caller holds the member's lock, so no other run can be sending them.
    """
    conn.execute(
        "UPDATE outbox SET status = 'waiting', is_doubtful = 1"
        " WHERE user_id = ? AND status = 'claimed'",
        (user_id,),
    )


def mark_done(
    conn: Connection, entries: Collection[OutboxEntry], status: str, now: datetime
) -> None:
    """Mark entries as `sent`, or as `there` if Trakt had it already."""
    conn.execute(
        "UPDATE outbox SET status = ?, ended_at = ?, problem = NULL, is_doubtful = 0"
        f" WHERE id IN ({placeholders(entries)})",
        (status, to_text(now), *_ids(entries)),
    )


def mark_failed(
    conn: Connection, entries: Collection[OutboxEntry], problem: str, now: datetime
) -> None:
    """Mark entries as failed (`parked`) until their member retries or drops them."""
    conn.execute(
        "UPDATE outbox SET status = 'parked', ended_at = ?, problem = ?"
        f" WHERE id IN ({placeholders(entries)})",
        (to_text(now), problem, *_ids(entries)),
    )


def postpone(
    conn: Connection,
    entries: Collection[OutboxEntry],
    until: datetime,
    problem: str,
    *,
    maybe_sent: bool = False,
) -> None:
    """Set the next try, unless the link ended meanwhile; `maybe_sent` is never reset here."""
    conn.execute(
        "UPDATE outbox SET status = 'waiting', next_try_at = ?, problem = ?,"
        " is_doubtful = max(is_doubtful, ?)"
        f" WHERE id IN ({placeholders(entries)}) AND status = 'claimed'",
        (to_text(until), problem, int(maybe_sent), *_ids(entries)),
    )


def set_play_id(conn: Connection, entry: OutboxEntry, play_id: int) -> None:
    """Store Trakt's id of the play, by which it can be removed."""
    conn.execute("UPDATE outbox SET trakt_id = ? WHERE id = ?", (play_id, entry.id))


def _ids(entries: Collection[OutboxEntry]) -> tuple[int, ...]:
    return tuple(entry.id for entry in entries)
