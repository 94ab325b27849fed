"""What Trakt recommends to each member, and what is trending and popular, as it last said."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from db import Connection
from utils.instants import from_text, to_text

HOUSEHOLD = 0  # whose rows everybody sees


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
    found: Iterable[Discovery],
    now: datetime,
) -> None:
    """A source's new answer in place of its last one."""
    whose = (source, kind, user_id)
    conn.execute("DELETE FROM discoveries WHERE source = ? AND kind = ? AND user_id = ?", whose)
    conn.executemany(
        "INSERT INTO discoveries (source, kind, user_id, place, tmdb_id, trakt_id, title, year,"
        " runtime, genres, certification) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(*whose, place, *_facts(one)) for place, one in enumerate(found, 1)],
    )
    conn.execute(
        "REPLACE INTO discovery_answers (source, kind, user_id, answered_at) VALUES (?, ?, ?, ?)",
        (*whose, to_text(now)),
    )


def for_member(conn: Connection, user_id: int) -> dict[tuple[str, str], list[Discovery]]:
    """(source, kind) -> titles in their source's order: the household's, and this member's own."""
    found: defaultdict[tuple[str, str], list[Discovery]] = defaultdict(list)
    for row in conn.execute(
        "SELECT source, kind, tmdb_id, trakt_id, title, year, runtime, genres, certification"
        " FROM discoveries WHERE user_id IN (?, ?) ORDER BY source, kind, place",
        (HOUSEHOLD, user_id),
    ):
        one = _discovery(row)
        found[row["source"], one.kind].append(one)
    return found


def find(conn: Connection, kind: str, tmdb_id: int) -> Discovery | None:
    """One title as Trakt's rows speak of it, else as somebody's wish does."""
    row = conn.execute(
        "SELECT kind, tmdb_id, trakt_id, title, year, runtime, genres, certification"
        " FROM discoveries WHERE kind = ?1 AND tmdb_id = ?2"
        " UNION ALL SELECT kind, tmdb_id, trakt_id, title, year, NULL, '[]', NULL"
        " FROM watchlist WHERE kind = ?1 AND tmdb_id = ?2 LIMIT 1",
        (kind, tmdb_id),
    ).fetchone()
    return _discovery(row) if row else None


def answered(conn: Connection, user_id: int) -> dict[tuple[str, str], datetime]:
    """(source, kind) -> when it last answered for this member, or for the household."""
    rows = conn.execute(
        "SELECT source, kind, answered_at FROM discovery_answers WHERE user_id = ?", (user_id,)
    )
    return {(source, kind): from_text(text) for source, kind, text in rows}


def _facts(one: Discovery) -> tuple[Any, ...]:
    return (
        one.tmdb_id,
        one.trakt_id,
        one.title,
        one.year,
        one.runtime,
        json.dumps(one.genres, ensure_ascii=False),
        one.certification,
    )


def _discovery(row: Any) -> Discovery:
    known = {field.name: row[field.name] for field in fields(Discovery)}
    return Discovery(**known | {"genres": tuple(json.loads(row["genres"]))})
