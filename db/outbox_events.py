"""What the household did, as rows of the outbox: for linked members who let it be sent.

Called by the verbs that write the fact itself, so that both stand in one transaction.
"""

from collections.abc import Collection
from datetime import datetime

from db import Connection, outbox
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
    """One play each, with the evening's time; `progress` of a film that was on and has ended."""
    when = to_text(watched_at)
    for user_id in _members_sending(conn, user_ids, "send_watches"):
        outbox.delete_unsent(conn, user_id, outbox.SCROBBLE_ACTS, tmdb_id)
        outbox.add(
            conn, user_id, "watched", tmdb_id, now, happened_at=when, week=week, progress=progress
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
    """`started`, `paused`, or `stopped` before it counts."""
    for user_id in _members_sending(conn, user_ids, "send_watches"):
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
    """Take back the plays we sent, or may have sent: their instants. What was there is not ours."""
    sent = []
    for row in conn.execute(
        "DELETE FROM outbox WHERE user_id = ? AND act = 'watched' AND kind = 'film'"
        " AND tmdb_id = ? AND week IS ?"
        " RETURNING status, is_doubtful, happened_at, trakt_id, progress",
        (user_id, tmdb_id, week),
    ).fetchall():
        status, is_doubtful, *play = row
        if status in ("sent", "claimed") or is_doubtful:
            sent.append(row["happened_at"])
            known = dict(zip(("happened_at", "trakt_id", "progress"), play, strict=True))
            outbox.add(conn, user_id, "unwatched", tmdb_id, now, week=week, **known)
    return sent


def enqueue_rated(
    conn: Connection, user_id: int, tmdb_id: int, rating: int, rated_at: str, now: datetime
) -> None:
    """The newest rating is the only one worth sending."""
    for listener in _members_sending(conn, [user_id], "send_ratings"):
        outbox.delete_unsent(conn, listener, outbox.RATING_ACTS, tmdb_id)
        outbox.add(conn, listener, "rated", tmdb_id, now, happened_at=rated_at, rating=rating)


def enqueue_unrated(conn: Connection, user_id: int, tmdb_id: int, now: datetime) -> None:
    for listener in _members_sending(conn, [user_id], "send_ratings"):
        outbox.delete_unsent_ratings(conn, listener, tmdb_id)
        outbox.add(conn, listener, "unrated", tmdb_id, now, happened_at=to_text(now))


def enqueue_listed(
    conn: Connection, user_id: int, act: str, kind: str, tmdb_id: int, now: datetime
) -> None:
    """`listed` or `unlisted`: a member's wish, sent whenever they are linked."""
    for listener in _members_sending(conn, [user_id], None):
        outbox.delete_unsent(conn, listener, ("listed", "unlisted"), tmdb_id, kind)
        outbox.add(conn, listener, act, tmdb_id, now, happened_at=to_text(now), kind=kind)


def enqueue_hidden(
    conn: Connection, user_id: int, kind: str, tmdb_id: int, trakt_id: int | None, now: datetime
) -> None:
    for listener in _members_sending(conn, [user_id], None):
        when = to_text(now)
        outbox.add(
            conn, listener, "hidden", tmdb_id, now, happened_at=when, kind=kind, trakt_id=trakt_id
        )


def _members_sending(conn: Connection, user_ids: Collection[int], switch: str | None) -> list[int]:
    """Those of them who are linked, and have left the switch on."""
    condition = f"coalesce(s.{switch}, 1)" if switch else "1"
    rows = conn.execute(
        "SELECT a.user_id FROM trakt_auth a LEFT JOIN trakt_sync s ON s.user_id = a.user_id"
        f" WHERE a.user_id IN ({','.join('?' * len(user_ids))}) AND {condition}"
        " ORDER BY a.user_id",
        tuple(user_ids),
    )
    return [row[0] for row in rows]
