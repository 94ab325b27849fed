"""The outbox as members see it: receipts of an evening, unsent and failed entries."""

from dataclasses import dataclass
from datetime import datetime

from db import Connection, placeholders
from db.outbox import SCROBBLE_ACTS
from rules import Refused
from utils.instants import to_text


@dataclass(frozen=True)
class Receipt:
    """One member's play of an evening, with the status of its outbox entry."""

    user_id: int
    member: str
    tmdb_id: int
    status: str | None  # None: no entry
    problem: str | None
    next_try_at: str | None
    is_linked: bool
    outbox_id: int | None


@dataclass(frozen=True)
class Unsent:
    id: int
    act: str
    kind: str
    tmdb_id: int
    title: str | None
    happened_at: str
    rating: int | None
    status: str
    problem: str | None
    next_try_at: str


def receipts(conn: Connection, week: str) -> list[Receipt]:
    """List a receipt for each member and film of the week's evenings, in the order of marking."""
    rows = conn.execute(
        "SELECT w.user_id, u.name, w.tmdb_id, o.status, o.problem, o.next_try_at,"
        " a.user_id IS NOT NULL, o.id"
        " FROM watch_history w JOIN users u ON u.id = w.user_id"
        " LEFT JOIN trakt_auth a ON a.user_id = w.user_id"
        " LEFT JOIN outbox o ON o.user_id = w.user_id AND o.tmdb_id = w.tmdb_id"
        " AND o.week = w.week AND o.act = 'watched'"
        " WHERE w.week = ? ORDER BY w.id",
        (week,),
    )
    return [Receipt(*row) for row in rows]


def removals(conn: Connection, week: str) -> list[Receipt]:
    """List the unsent and failed removals of plays of the week's evenings."""
    rows = conn.execute(
        "SELECT o.user_id, u.name, o.tmdb_id, o.status, o.problem, o.next_try_at,"
        " a.user_id IS NOT NULL, o.id FROM outbox o JOIN users u ON u.id = o.user_id"
        " LEFT JOIN trakt_auth a ON a.user_id = o.user_id"
        " WHERE o.week = ? AND o.act = 'unwatched'"
        " AND o.status IN ('waiting', 'claimed', 'parked') ORDER BY o.id",
        (week,),
    )
    return [Receipt(*row) for row in rows]


def scrobble_problems(conn: Connection, week: str, tmdb_id: int) -> dict[int, str]:
    """Map members to the problem of their newest scrobble of the film that was not sent."""
    rows = conn.execute(
        "SELECT user_id, problem FROM outbox WHERE week = ? AND tmdb_id = ?"
        f" AND act IN ({placeholders(SCROBBLE_ACTS)})"
        " AND status IN ('waiting', 'parked') AND problem IS NOT NULL ORDER BY id",
        (week, tmdb_id, *SCROBBLE_ACTS),
    )
    return dict(rows.fetchall())


def pending(conn: Connection, user_id: int) -> int:
    """Count the member's entries that are still to be sent."""
    row = conn.execute(
        "SELECT count(*) FROM outbox WHERE user_id = ? AND status IN ('waiting', 'claimed')",
        (user_id,),
    ).fetchone()
    return int(row[0])


def unsent(conn: Connection, user_id: int, limit: int = 100) -> list[Unsent]:
    """List the member's unsent and failed entries, oldest first."""
    rows = conn.execute(
        "SELECT o.id, o.act, o.kind, o.tmdb_id, coalesce(m.title, l.title, h.title), o.happened_at,"
        " o.rating, o.status, o.problem, o.next_try_at FROM outbox o"
        " LEFT JOIN movies m ON m.tmdb_id = o.tmdb_id AND o.kind = 'film'"
        " LEFT JOIN watchlist l ON l.user_id = o.user_id AND l.kind = o.kind"
        " AND l.tmdb_id = o.tmdb_id"
        " LEFT JOIN hidden h ON h.user_id = o.user_id AND h.kind = o.kind"
        " AND h.tmdb_id = o.tmdb_id"
        " WHERE o.user_id = ? AND o.status IN ('waiting', 'claimed', 'parked')"
        " ORDER BY o.id LIMIT ?",
        (user_id, limit),
    )
    return [Unsent(*row) for row in rows]


def retry(conn: Connection, user_id: int, outbox_id: int, now: datetime) -> bool:
    """Make a failed entry of this member due; return False if it has not failed."""
    changed = conn.execute(
        "UPDATE outbox SET status = 'waiting', next_try_at = ?, ended_at = NULL, attempts = 0"
        " WHERE id = ? AND user_id = ? AND status = 'parked'",
        (to_text(now), outbox_id, user_id),
    ).rowcount
    return changed == 1


def status_of(conn: Connection, user_id: int, outbox_id: int) -> tuple[str, str]:
    """Return status and next try of an entry of this member that is not dropped."""
    row = conn.execute(
        "SELECT status, next_try_at FROM outbox"
        " WHERE id = ? AND user_id = ? AND status <> 'dropped'",
        (outbox_id, user_id),
    ).fetchone()
    if row is None:
        raise Refused("no_outbox_row")
    return row["status"], row["next_try_at"]


def drop(conn: Connection, user_id: int, outbox_id: int, now: datetime) -> None:
    """Drop an unsent or failed entry, so that it is never sent; the change itself stays here."""
    changed = conn.execute(
        "UPDATE outbox SET status = 'dropped', ended_at = ?"
        " WHERE id = ? AND user_id = ? AND status IN ('waiting', 'parked')",
        (to_text(now), outbox_id, user_id),
    ).rowcount
    if not changed:
        raise Refused("no_outbox_row")
