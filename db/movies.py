"""What is known of each film that anybody here nominated, watched or rated."""

import json
from dataclasses import dataclass
from typing import Any

from db import Connection

PLACEHOLDER = "TMDB film {}"


@dataclass(frozen=True)
class Movie:
    tmdb_id: int
    title: str
    year: int | None = None
    runtime: int | None = None  # minutes
    genres: tuple[str, ...] = ()
    imdb_id: str | None = None
    overview: str = ""
    rating: float | None = None  # TMDB's average


def get(conn: Connection, tmdb_id: int) -> Movie | None:
    row = conn.execute("SELECT * FROM movies WHERE tmdb_id = ?", (tmdb_id,)).fetchone()
    return _movie(row) if row else None


def remember(conn: Connection, movie: Movie) -> None:
    """Keep a film that is not known yet; a better title replaces a placeholder, nothing else."""
    conn.execute(
        "INSERT INTO movies (tmdb_id, title, year, runtime, genres, imdb_id, overview, rating)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (tmdb_id) DO UPDATE SET title = excluded.title, year = excluded.year,"
        " runtime = excluded.runtime, genres = excluded.genres"
        " WHERE title = ? AND excluded.title <> title",
        (
            movie.tmdb_id,
            movie.title,
            movie.year,
            movie.runtime,
            json.dumps(movie.genres, ensure_ascii=False),
            movie.imdb_id,
            movie.overview,
            movie.rating,
            PLACEHOLDER.format(movie.tmdb_id),
        ),
    )


def _movie(row: Any) -> Movie:
    return Movie(
        row["tmdb_id"],
        row["title"],
        row["year"],
        row["runtime"],
        tuple(json.loads(row["genres"])),
        row["imdb_id"],
        row["overview"],
        row["rating"],
    )
