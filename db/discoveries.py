"""Titles from Trakt's last answers: recommended to a member, trending, popular."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from db import Connection
from utils.instants import from_text, to_text

HOUSEHOLD = 0  # user_id of rows for all members


@dataclass(frozen=True)
class Discovery:
    kind: str  # film or show
    tmdb_id: int
    trakt_id: int | None
    title: str
    year: int | None
    runtime: int | None  # minutes
    genres: tuple[str, ...]
    certification: str | None


def replace(
    conn: Connection,
    source: str,
    kind: str,
    user_id: int,
    titles: Iterable[Discovery],
    now: datetime,
) -> None:
    """Replace a source's last answer by its new one."""
    key = (source, kind, user_id)
    conn.execute("DELETE FROM discoveries WHERE source = ? AND kind = ? AND user_id = ?", key)
    conn.executemany(
        "INSERT INTO discoveries (source, kind, user_id, place, tmdb_id, trakt_id, title, year,"
        " runtime, genres, certification) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                *key,
                place,
                title.tmdb_id,
                title.trakt_id,
                title.title,
                title.year,
                title.runtime,
                json.dumps(title.genres, ensure_ascii=False),
                title.certification,
            )
            for place, title in enumerate(titles, 1)
        ],
    )
    conn.execute(
        "REPLACE INTO discovery_answers (source, kind, user_id, answered_at) VALUES (?, ?, ?, ?)",
        (*key, to_text(now)),
    )


def for_member(conn: Connection, user_id: int) -> dict[tuple[str, str], list[Discovery]]:
    """Map (source, kind) to the household's and this member's titles, in their source's order."""
    found: defaultdict[tuple[str, str], list[Discovery]] = defaultdict(list)
    for row in conn.execute(
        "SELECT source, kind, tmdb_id, trakt_id, title, year, runtime, genres, certification"
        " FROM discoveries WHERE user_id IN (?, ?) ORDER BY source, kind, place",
        (HOUSEHOLD, user_id),
    ):
        found[row["source"], row["kind"]].append(_discovery(row))
    return found


def find(conn: Connection, kind: str, tmdb_id: int) -> Discovery | None:
    """Find a title in the discoveries, else on a member's watchlist."""
    row = conn.execute(
        "SELECT kind, tmdb_id, trakt_id, title, year, runtime, genres, certification"
        " FROM discoveries WHERE kind = ?1 AND tmdb_id = ?2"
        " UNION ALL SELECT kind, tmdb_id, trakt_id, title, year, NULL, '[]', NULL"
        " FROM watchlist WHERE kind = ?1 AND tmdb_id = ?2 LIMIT 1",
        (kind, tmdb_id),
    ).fetchone()
    return _discovery(row) if row else None


def answered(conn: Connection, user_id: int) -> dict[tuple[str, str], datetime]:
    """Map (source, kind) to the instant of its last answer for this member or HOUSEHOLD."""
    rows = conn.execute(
        "SELECT source, kind, answered_at FROM discovery_answers WHERE user_id = ?", (user_id,)
    )
    return {(source, kind): from_text(text) for source, kind, text in rows}


def _discovery(row: Any) -> Discovery:
    values = {field.name: row[field.name] for field in fields(Discovery)}
    return Discovery(**values | {"genres": tuple(json.loads(row["genres"]))})
