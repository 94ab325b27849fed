"""Plays, ratings and wishes that a member imports from another site; existing rows stay.

Imports are not sent to Trakt, so nothing is added to the outbox. The caller imports a few hundred
rows per transaction, so that other members can vote in between.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from db import Connection, watch_history
from db.watchlist import Wish
from utils.instants import to_text, to_text_or_none
from utils.title_text import placeholder_title

Outcome = Literal["imported", "already_there", "kept", "not_matched"]


class Play(NamedTuple):
    tmdb_id: int
    trakt_id: int | None
    watched_at: datetime | None  # None: undated
    day: tuple[datetime, datetime] | None  # start and end of its day in the household's zone


class Rating(NamedTuple):
    tmdb_id: int
    rating: int  # 1-10
    rated_at: datetime | None


def known_titles(conn: Connection) -> list[tuple[int, str, int | None]]:
    """List TMDB id, title and year of every film with a real title."""
    rows = conn.execute("SELECT tmdb_id, title, year FROM movies").fetchall()
    return [tuple(row) for row in rows if row["title"] != placeholder_title(row["tmdb_id"])]


def add_plays(
    conn: Connection, user_id: int, plays: Sequence[Play], now: datetime
) -> Counter[Outcome]:
    """Add one play per film and day; an undated one only if the film has no play at all."""
    added = conn.executemany(
        "INSERT INTO watch_history"
        " (user_id, tmdb_id, trakt_id, watched_at, source, marked_by, created_at)"
        " SELECT ?1, ?2, ?3, ?4, 'import', ?1, ?5 WHERE NOT EXISTS"
        " (SELECT 1 FROM watch_history WHERE tmdb_id = ?2 AND user_id = ?1"
        "  AND (?6 IS NULL OR watched_at >= ?6 AND watched_at < ?7))",
        [_play_values(user_id, play, to_text(now)) for play in plays],
    ).rowcount
    if added > 0:
        watch_history.bump_state_version(conn)
    return Counter[Outcome]({"imported": added, "already_there": len(plays) - added})


def delete_undated(conn: Connection, user_id: int) -> None:
    """Delete imported plays without a date of films that also have a dated play."""
    conn.execute(
        "DELETE FROM watch_history AS undated"
        " WHERE user_id = ? AND watched_at IS NULL AND source = 'import' AND EXISTS"
        " (SELECT 1 FROM watch_history AS dated WHERE dated.tmdb_id = undated.tmdb_id"
        "  AND dated.user_id = undated.user_id AND dated.watched_at IS NOT NULL)",
        (user_id,),
    )


def add_ratings(
    conn: Connection, user_id: int, ratings: Sequence[Rating], now: datetime
) -> Counter[Outcome]:
    """Add or replace ratings; "kept" counts those that differ here and are as new or newer."""
    counts: Counter[Outcome] = Counter()
    for imported in ratings:
        is_new = conn.execute(
            "INSERT INTO ratings (user_id, tmdb_id, rating, rated_at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (user_id, tmdb_id) DO UPDATE"
            " SET rating = excluded.rating, rated_at = excluded.rated_at"
            " WHERE ? AND excluded.rated_at > rated_at AND excluded.rating <> rating",
            (
                user_id,
                imported.tmdb_id,
                imported.rating,
                to_text(imported.rated_at or now),
                imported.rated_at is not None,
            ),
        ).rowcount
        counts["imported" if is_new else _unchanged(conn, user_id, imported)] += 1
    return counts


def add_wishes(
    conn: Connection, user_id: int, wishes: Sequence[Wish], _now: datetime
) -> Counter[Outcome]:
    counts: Counter[Outcome] = Counter()
    for wish in wishes:
        is_new = conn.execute(
            "INSERT INTO watchlist"
            " (user_id, kind, tmdb_id, trakt_id, title, year, listed_at, source)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, 'import')"
            " ON CONFLICT (user_id, kind, tmdb_id) DO NOTHING",
            (user_id, *wish),
        ).rowcount
        counts["imported" if is_new else "already_there"] += 1
    return counts


def _play_values(user_id: int, play: Play, created_at: str) -> tuple[object, ...]:
    watched_at = to_text_or_none(play.watched_at)
    start, end = map(to_text, play.day) if play.day else (None, None)
    return user_id, play.tmdb_id, play.trakt_id, watched_at, created_at, start, end


def _unchanged(conn: Connection, user_id: int, imported: Rating) -> Outcome:
    row = conn.execute(
        "SELECT rating FROM ratings WHERE user_id = ? AND tmdb_id = ?", (user_id, imported.tmdb_id)
    ).fetchone()
    return "already_there" if row["rating"] == imported.rating else "kept"
