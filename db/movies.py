"""What is known of each film that anybody here nominated, watched, rated or looked at."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db import Connection
from db.bulk import fields, rows
from utils.instants import to_text
from utils.title_text import stand_in

_NAMELESS = "replace(?1, '#', tmdb_id)"


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
    looked_up_at: str | None = None  # None: TMDB was never asked for all of it


def get(conn: Connection, tmdb_id: int) -> Movie | None:
    return with_ids(conn, [tmdb_id]).get(tmdb_id)


def with_ids(conn: Connection, tmdb_ids: Collection[int]) -> dict[int, Movie]:
    marks = ",".join("?" * len(tmdb_ids))
    found = conn.execute(f"SELECT * FROM movies WHERE tmdb_id IN ({marks})", tuple(tmdb_ids))
    return {row["tmdb_id"]: _movie(row) for row in found}


def store(conn: Connection, movie: Movie) -> None:
    store_all(conn, [movie])


def store_all(conn: Connection, movies: Iterable[Movie]) -> None:
    """Keep films that are not known yet; of the known ones only gaps are filled.

    A placeholder is a gap for a title; what came from Trakt's lists has no runtime and no genres.
    """
    conn.execute(
        "INSERT INTO movies (tmdb_id, title, year, runtime, genres, imdb_id, overview, rating)"
        f" SELECT {fields(8)} FROM json_each(?2) WHERE true"
        " ON CONFLICT (tmdb_id) DO UPDATE"
        f" SET title = iif(title = {_NAMELESS}, excluded.title, title),"
        " year = coalesce(year, excluded.year), runtime = coalesce(runtime, excluded.runtime),"
        " genres = iif(genres = '[]', excluded.genres, genres)"
        f" WHERE title = {_NAMELESS} AND excluded.title <> {_NAMELESS}"
        " OR year IS NULL AND excluded.year IS NOT NULL"
        " OR runtime IS NULL AND excluded.runtime IS NOT NULL"
        " OR genres = '[]' AND excluded.genres <> '[]'",
        (stand_in("#"), rows(map(_facts, movies))),
    )


def store_details(conn: Connection, movie: Movie, now: datetime) -> None:
    """Keep what TMDB says, known film or not; what it does not say stays as it was.

    Screens notice a poster by its path, so its file has to be there before this is called.
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
            *_facts(movie),
            movie.poster_path,
            movie.backdrop_path,
            movie.certification,
            movie.trailer,
            to_text(now),
        ),
    )


def clear_certifications(conn: Connection) -> None:
    """The household moved to another country: each film is looked up again when it is shown."""
    conn.execute(
        "UPDATE movies SET certification = NULL, looked_up_at = NULL WHERE looked_up_at IS NOT NULL"
    )


def _facts(movie: Movie) -> tuple[Any, ...]:
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


def _movie(row: Any) -> Movie:
    return Movie(**{**row, "genres": tuple(json.loads(row["genres"]))})
