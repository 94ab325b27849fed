"""Films that members nominated, watched, rated or opened."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db import Connection, placeholders
from db.bulk import fields, rows
from utils.instants import to_text
from utils.title_text import placeholder_title

_PLACEHOLDER = "replace(?1, '#', tmdb_id)"  # for an unknown title; ?1 is stand_in("#")


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
    poster_path: str | None = None
    backdrop_path: str | None = None
    certification: str | None = None  # in the household's country
    trailer: str | None = None  # a YouTube key
    looked_up_at: str | None = None  # None: its details were never fetched from TMDB


def get(conn: Connection, tmdb_id: int) -> Movie | None:
    return with_ids(conn, [tmdb_id]).get(tmdb_id)


def with_ids(conn: Connection, tmdb_ids: Collection[int]) -> dict[int, Movie]:
    found = conn.execute(
        f"SELECT * FROM movies WHERE tmdb_id IN ({placeholders(tmdb_ids)})", tuple(tmdb_ids)
    )
    return {
        row["tmdb_id"]: Movie(**{**row, "genres": tuple(json.loads(row["genres"]))})
        for row in found
    }


def store(conn: Connection, movie: Movie) -> None:
    store_all(conn, [movie])


def store_all(conn: Connection, movies: Iterable[Movie]) -> None:
    """Add new films; in existing ones, fill only a missing title, year, runtime or genres."""
    conn.execute(
        "INSERT INTO movies (tmdb_id, title, year, runtime, genres, imdb_id, overview, rating)"
        f" SELECT {fields(8)} FROM json_each(?2) WHERE true"
        " ON CONFLICT (tmdb_id) DO UPDATE"
        f" SET title = iif(title = {_PLACEHOLDER}, excluded.title, title),"
        " year = coalesce(year, excluded.year), runtime = coalesce(runtime, excluded.runtime),"
        " genres = iif(genres = '[]', excluded.genres, genres)"
        f" WHERE title = {_PLACEHOLDER} AND excluded.title <> {_PLACEHOLDER}"
        " OR year IS NULL AND excluded.year IS NOT NULL"
        " OR runtime IS NULL AND excluded.runtime IS NOT NULL"
        " OR genres = '[]' AND excluded.genres <> '[]'",
        (placeholder_title("#"), rows(map(_values, movies))),
    )


def store_details(conn: Connection, movie: Movie, now: datetime) -> None:
    """Add or update a film from TMDB's details; values that TMDB lacks stay as they were.

    Store the poster's file first: pages request it as soon as its path is here.
    """
    conn.execute(
        "INSERT INTO movies (tmdb_id, title, year, runtime, genres, imdb_id, overview, rating,"
        " poster_path, backdrop_path, certification, trailer, looked_up_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (tmdb_id) DO UPDATE SET title = excluded.title,"
        " year = coalesce(excluded.year, year), runtime = coalesce(excluded.runtime, runtime),"
        " genres = iif(excluded.genres = '[]', genres, excluded.genres),"
        " imdb_id = coalesce(excluded.imdb_id, imdb_id),"
        " overview = iif(excluded.overview = '', overview, excluded.overview),"
        " rating = coalesce(excluded.rating, rating), poster_path = excluded.poster_path,"
        " backdrop_path = excluded.backdrop_path, certification = excluded.certification,"
        " trailer = excluded.trailer, looked_up_at = excluded.looked_up_at",
        (
            *_values(movie),
            movie.poster_path,
            movie.backdrop_path,
            movie.certification,
            movie.trailer,
            to_text(now),
        ),
    )


def clear_certifications(conn: Connection) -> None:
    """Clear certifications after a change of country; films are fetched again when shown."""
    conn.execute(
        "UPDATE movies SET certification = NULL, looked_up_at = NULL WHERE looked_up_at IS NOT NULL"
    )


def _values(movie: Movie) -> tuple[Any, ...]:
    return (
        movie.tmdb_id,
        movie.title,
        movie.year,
        movie.runtime,
        json.dumps(movie.genres, ensure_ascii=False) if movie.genres else "[]",
        movie.imdb_id,
        movie.overview,
        movie.rating,
    )
