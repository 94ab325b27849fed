"""Plays. A member has seen a film if they have a row here."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from db import Connection, outbox_events
from rules import Refused
from utils.instants import from_text, to_text

SAME_EVENING = timedelta(hours=2)


@dataclass(frozen=True)
class Play:
    user_id: int
    name: str
    icon: str
    watched_at: str | None
    week: str | None
    marked_by: int | None


def seen_by(conn: Connection, tmdb_ids: Collection[int]) -> dict[int, list[str]]:
    """Map films to the names of the active members who have seen them."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    films = set(tmdb_ids)
    if not films:
        return found
    # EXISTS reads one index entry per film and member; a join would read each of a hundred plays.
    values = ",".join(["(?)"] * len(films))
    for tmdb_id, name in conn.execute(
        f"WITH film (tmdb_id) AS (VALUES {values})"
        " SELECT f.tmdb_id, u.name FROM users u CROSS JOIN film f WHERE u.retired_at IS NULL"
        " AND EXISTS (SELECT 1 FROM watch_history w"
        "  WHERE w.tmdb_id = f.tmdb_id AND w.user_id = u.id) ORDER BY u.id",
        tuple(films),
    ):
        found[tmdb_id].append(name)
    return found


def for_film(conn: Connection, tmdb_id: int) -> list[Play]:
    """List the plays of a film, newest first, undated ones last."""
    rows = conn.execute(
        "SELECT w.user_id, u.name, u.icon, w.watched_at, w.week, w.marked_by FROM watch_history w"
        " JOIN users u ON u.id = w.user_id WHERE w.tmdb_id = ? ORDER BY w.watched_at DESC, u.id",
        (tmdb_id,),
    )
    return [Play(*row) for row in rows]


def evening(conn: Connection, week: str) -> dict[int, list[Play]]:
    """Map the films watched together in a week to their plays."""
    found: defaultdict[int, list[Play]] = defaultdict(list)
    for tmdb_id, *play in conn.execute(
        "SELECT w.tmdb_id, w.user_id, u.name, u.icon, w.watched_at, w.week, w.marked_by"
        " FROM watch_history w JOIN users u ON u.id = w.user_id WHERE w.week = ? ORDER BY w.id",
        (week,),
    ):
        found[tmdb_id].append(Play(*play))
    return dict(found)


def add_evening(
    conn: Connection,
    week: str,
    tmdb_id: int,
    user_ids: Iterable[int],
    *,
    watched_at: datetime,
    marked_by: int,
    now: datetime,
    progress: float | None = None,
) -> None:
    """Add a play for each member who has none of this evening, and enqueue it for Trakt.

    `progress` is per cent of a film that was playing here.
    """
    added = [
        user_id
        for user_id in user_ids
        if conn.execute(
            "INSERT INTO watch_history"
            " (user_id, tmdb_id, watched_at, week, source, marked_by, created_at)"
            " VALUES (?, ?, ?, ?, 'evening', ?, ?)"
            " ON CONFLICT (week, tmdb_id, user_id) WHERE week IS NOT NULL DO NOTHING",
            (user_id, tmdb_id, to_text(watched_at), week, marked_by, to_text(now)),
        ).rowcount
    ]
    outbox_events.enqueue_watched(conn, added, tmdb_id, watched_at, now, week, progress)
    bump_state_version(conn)


def remove_evening(
    conn: Connection,
    week: str,
    tmdb_id: int,
    user_ids: Iterable[int],
    *,
    by: int,
    is_admin: bool,
    now: datetime,
) -> None:
    """Remove plays of an evening; `by` may remove their own and those they marked, an admin all."""
    marked = {play.user_id: play for play in evening(conn, week).get(tmdb_id, [])}
    for user_id in user_ids:
        play = marked.get(user_id)
        if play is None:
            continue
        if not (is_admin or by in (user_id, play.marked_by)):
            raise Refused("not_your_mark", name=play.name)
        conn.execute(
            "DELETE FROM watch_history WHERE week = ? AND tmdb_id = ? AND user_id = ?",
            (week, tmdb_id, user_id),
        )
        _remove_at_trakt(conn, user_id, tmdb_id, now, week)
    bump_state_version(conn)


def add_own(conn: Connection, user_id: int, tmdb_id: int, now: datetime) -> None:
    """Add a play outside of an evening, unless the member has seen the film."""
    added = conn.execute(
        "INSERT INTO watch_history (user_id, tmdb_id, watched_at, source, marked_by, created_at)"
        " SELECT ?1, ?2, ?3, 'member', ?1, ?3 WHERE NOT EXISTS"
        " (SELECT 1 FROM watch_history WHERE tmdb_id = ?2 AND user_id = ?1)",
        (user_id, tmdb_id, to_text(now)),
    ).rowcount
    if added:
        outbox_events.enqueue_watched(conn, [user_id], tmdb_id, now, now)
    bump_state_version(conn)


def remove_own(conn: Connection, user_id: int, tmdb_id: int, now: datetime) -> None:
    """Remove the member's plays of a film; those that came from Trakt can only be removed there."""
    removed = conn.execute(
        "DELETE FROM watch_history WHERE user_id = ? AND tmdb_id = ? AND source <> 'trakt'"
        " RETURNING week",
        (user_id, tmdb_id),
    ).fetchall()
    for (week,) in removed:
        _remove_at_trakt(conn, user_id, tmdb_id, now, week)
    if not removed and _is_at_trakt(conn, user_id, tmdb_id):
        raise Refused("seen_at_trakt")
    bump_state_version(conn)


def _remove_at_trakt(
    conn: Connection, user_id: int, tmdb_id: int, now: datetime, week: str | None
) -> None:
    """Enqueue the removal at Trakt, and delete the copy of the play that a sync pulled."""
    for sent_at in outbox_events.enqueue_unwatched(conn, user_id, tmdb_id, now, week):
        conn.execute(
            "DELETE FROM watch_history WHERE user_id = ? AND tmdb_id = ? AND source = 'trakt'"
            " AND watched_at BETWEEN ? AND ?",
            (user_id, tmdb_id, *evening_bounds(sent_at)),
        )


def evening_bounds(watched_at: str) -> tuple[str, str]:
    """Return the instants between which plays of one film count as the same play."""
    instant = from_text(watched_at)
    return to_text(instant - SAME_EVENING), to_text(instant + SAME_EVENING)


def _is_at_trakt(conn: Connection, user_id: int, tmdb_id: int) -> bool:
    row = conn.execute(
        "SELECT 1 FROM watch_history WHERE user_id = ? AND tmdb_id = ? AND source = 'trakt'",
        (user_id, tmdb_id),
    ).fetchone()
    return row is not None


def bump_state_version(conn: Connection) -> None:
    """Raise the state's version; a trigger would do so for each of 100,000 pulled rows."""
    conn.execute("UPDATE state SET version = version + 1")
