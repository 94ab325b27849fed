"""Files of an invented household, as the legacy app would have written them."""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

Json = dict[str, Any]

SCHEMA = """
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT UNIQUE, icon TEXT, pin TEXT,
  created_at TEXT DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE trakt_auth (user_id INTEGER PRIMARY KEY, trakt_username TEXT, access_token TEXT,
  refresh_token TEXT, expires_at TEXT, linked_at TEXT);
CREATE TABLE nominations (id INTEGER PRIMARY KEY, week TEXT, tmdb_id INTEGER, title TEXT, year TEXT,
  poster_path TEXT, backdrop_path TEXT, overview TEXT, rating REAL, imdb_id TEXT,
  proposed_by INTEGER, proposed_at TEXT DEFAULT CURRENT_TIMESTAMP, UNIQUE (week, proposed_by));
CREATE TABLE votes (id INTEGER PRIMARY KEY, nomination_id INTEGER, user_id INTEGER, week TEXT,
  voted_at TEXT DEFAULT CURRENT_TIMESTAMP, UNIQUE (nomination_id, user_id));
CREATE TABLE watch_history (id INTEGER PRIMARY KEY, user_id INTEGER, tmdb_id INTEGER, title TEXT,
  watched_at TEXT, rating INTEGER, week TEXT, synced_to_trakt INTEGER DEFAULT 0,
  UNIQUE (user_id, tmdb_id));
CREATE TABLE week_results (id INTEGER PRIMARY KEY, week TEXT UNIQUE, first_place_tmdb INTEGER,
  second_place_tmdb INTEGER, first_place_title TEXT, second_place_title TEXT, finalized_at TEXT);
"""


def nomination(tmdb_id: int, by: str, **more: Any) -> Json:
    """As the page stored it; its id is the film's number behind 1770000."""
    return {
        "id": f"1770000{tmdb_id:06}",
        "tmdbId": tmdb_id,
        "title": f"Film {tmdb_id}",
        "year": "1999",
        "imdbId": f"tt{tmdb_id:07}",
        "posterPath": f"/p{tmdb_id}.jpg",
        "backdropPath": None,
        "rating": 7.5,
        "overview": "Once upon a time.",
        "proposedBy": by,
        "proposedAt": "2026-02-16T19:30:00.000Z",
    } | more


def from_bot(tmdb_id: int, by: str, **more: Any) -> Json:
    poster = f"https://images.example/t/p/w500/p{tmdb_id}.jpg"
    film = {"id": tmdb_id, "title": f"Film {tmdb_id}", "year": "1999", "poster": poster}
    return film | {"overview": "", "votes": 1, "proposedBy": by} | more


def vote_id(tmdb_id: int) -> str:
    return str(nomination(tmdb_id, "")["id"])


def archived(week: str, films: Sequence[Any], votes: Any = None, **more: Any) -> Json:
    places: Json = {"firstPlace": None, "secondPlace": None}
    copies = [dict(film) for film in films[:2] if isinstance(film, dict)]
    places |= dict(zip(places, copies, strict=False))
    return {"weekNumber": week, **places, "allMovies": list(films), "votes": votes or {}} | more


def current(week: str, films: Sequence[Any], votes: Any = None, **more: Any) -> Json:
    return {
        "weekNumber": week,
        "phase": "nomination",
        "votingDeadline": "2026-11-20T18:00:00.000Z",
        "nominations": list(films),
        "votes": votes or {},
    } | more


def users(**pins: Any) -> Json:
    return {name: {"icon": "🦉", "pin": pin} for name, pin in pins.items()}


def family() -> Json:
    """Three members; an archived week with ratings, and a current one."""
    return {
        "users": users(Ana="4821", Ben="0007", Cleo=None),
        "currentWeek": current(
            "2026-W47",
            [nomination(30, "Ana"), from_bot(40, "Ben")],
            {vote_id(30): {"Ben": True, "Cleo": False}, "Cleo": [40]},
            phase="voting",
        ),
        "history": [
            archived(
                "2026-W08",
                [
                    nomination(10, "Ana", ratings={"Ana": 4, "Ben": "3"}),
                    nomination(20, "Ben"),
                ],
                {vote_id(10): {"Ben": True, "Cleo": 1}, vote_id(20): {"Ana": "yes"}},
            )
        ],
    }


def write_json(path: Path, document: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document), "utf-8")
    return path


def write_sqlite(path: Path, **tables: Sequence[Json]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.executescript(SCHEMA)
        fill(conn, tables)
    return path


def fill(conn: sqlite3.Connection, tables: dict[str, Sequence[Json]]) -> None:
    for table, rows in tables.items():
        for row in rows:
            marks = ", ".join("?" * len(row))
            conn.execute(
                f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values())
            )
