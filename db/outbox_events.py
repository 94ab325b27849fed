"""Outbox entries for members' changes, if they are linked and their switch is on.

Called by the functions that write the change itself, in the same transaction.
"""

from collections.abc import Collection
from datetime import datetime

from db import Connection, outbox, placeholders
from utils.instants import to_text


def enqueue_watched(
    conn: Connection,
    user_ids: Collection[int],
    tmdb_id: int,
    watched_at: datetime,
    now: datetime,
    week: str | None = None,
    progress: float | None = None,
) -> None:
    """Enqueue one play per member in place of its unsent scrobbles.

    `progress` is per cent of a film that was playing here.
    """
    for user_id in _linked_members(conn, user_ids, "send_watches"):
        outbox.delete_unsent(conn, user_id, outbox.SCROBBLE_ACTS, tmdb_id)
        outbox.add(
            conn,
            user_id,
            "watched",
            tmdb_id,
            now,
            happened_at=to_text(watched_at),
            week=week,
            progress=progress,
        )


def enqueue_scrobble(
    conn: Connection,
    user_ids: Collection[int],
    act: str,
    tmdb_id: int,
    progress: float,
    at: datetime,
    week: str,
) -> None:
    """Enqueue `started`, `paused`, or `stopped` before the film counts as watched."""
    for user_id in _linked_members(conn, user_ids, "send_watches"):
        outbox.delete_unsent(conn, user_id, outbox.SCROBBLE_ACTS, tmdb_id)
        outbox.add(
            conn,
            user_id,
            act,
            tmdb_id,
            at,
            happened_at=to_text(at),
            week=week,
            progress=progress,
        )


def enqueue_unwatched(
    conn: Connection, user_id: int, tmdb_id: int, now: datetime, week: str | None = None
) -> list[str]:
    """Enqueue the removal of plays that we sent or may have sent; returns their instants.

    Plays that Trakt had already (`there`) are not ours and stay.
    """
    sent = []
    for status, is_doubtful, happened_at, trakt_id, progress in conn.execute(
        "DELETE FROM outbox WHERE user_id = ? AND act = 'watched' AND kind = 'film'"
        " AND tmdb_id = ? AND week IS ?"
        " RETURNING status, is_doubtful, happened_at, trakt_id, progress",
        (user_id, tmdb_id, week),
    ).fetchall():
        if status in ("sent", "claimed") or is_doubtful:
            sent.append(happened_at)
            outbox.add(
                conn,
                user_id,
                "unwatched",
                tmdb_id,
                now,
                happened_at=happened_at,
                week=week,
                trakt_id=trakt_id,
                progress=progress,
            )
    return sent


def enqueue_rated(
    conn: Connection, user_id: int, tmdb_id: int, rating: int, rated_at: str, now: datetime
) -> None:
    if _linked_members(conn, [user_id], "send_ratings"):
        outbox.delete_unsent(conn, user_id, outbox.RATING_ACTS, tmdb_id)
        outbox.add(conn, user_id, "rated", tmdb_id, now, happened_at=rated_at, rating=rating)


def enqueue_unrated(conn: Connection, user_id: int, tmdb_id: int, now: datetime) -> None:
    if _linked_members(conn, [user_id], "send_ratings"):
        outbox.delete_unsent_ratings(conn, user_id, tmdb_id)
        outbox.add(conn, user_id, "unrated", tmdb_id, now, happened_at=to_text(now))


def enqueue_listed(
    conn: Connection, user_id: int, act: str, kind: str, tmdb_id: int, now: datetime
) -> None:
    """Enqueue `listed` or `unlisted`, which have no switch."""
    if _linked_members(conn, [user_id], None):
        outbox.delete_unsent(conn, user_id, ("listed", "unlisted"), tmdb_id, kind)
        outbox.add(conn, user_id, act, tmdb_id, now, happened_at=to_text(now), kind=kind)


def enqueue_hidden(
    conn: Connection, user_id: int, kind: str, tmdb_id: int, trakt_id: int | None, now: datetime
) -> None:
    if _linked_members(conn, [user_id], None):
        outbox.add(
            conn,
            user_id,
            "hidden",
            tmdb_id,
            now,
            happened_at=to_text(now),
            kind=kind,
            trakt_id=trakt_id,
        )


def _linked_members(conn: Connection, user_ids: Collection[int], switch: str | None) -> list[int]:
    """Return those of `user_ids` who are linked and whose switch, if one is given, is on."""
    condition = f"coalesce(s.{switch}, 1)" if switch else "1"
    rows = conn.execute(
        "SELECT a.user_id FROM trakt_auth a LEFT JOIN trakt_sync s ON s.user_id = a.user_id"
        f" WHERE a.user_id IN ({placeholders(user_ids)}) AND {condition}"
        " ORDER BY a.user_id",
        tuple(user_ids),
    )
    return [row[0] for row in rows]
