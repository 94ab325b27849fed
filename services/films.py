"""Which film an id means: what the household knows of it, and what our sources say."""

from collections.abc import Collection
from dataclasses import replace
from typing import TypeGuard

from db import Connection, discoveries
from db import movies as known_movies
from db.movies import Movie
from movies import bundled
from movies.merge_results import fill_missing
from rules import Refused
from services import tmdb_fetch
from utils.title_text import stand_in


def find_film(conn: Connection, tmdb_id: int) -> Movie | None:
    """What the household knows; a stand-in title gives way to what our sources say."""
    kept, sourced = known_movies.get(conn, tmdb_id), _from_sources(tmdb_id)
    if _has_title(kept):
        return _with_details(kept, sourced) if sourced else kept
    if _has_title(sourced):
        return sourced
    return _from_trakt(conn, tmdb_id) or kept or sourced


def find_films(conn: Connection, tmdb_ids: Collection[int]) -> dict[int, Movie]:
    """The same for many films, in one query; what Trakt's lists tell is left to the caller."""
    kept = known_movies.with_ids(conn, tmdb_ids)
    found = {}
    for tmdb_id in tmdb_ids:
        movie, sourced = kept.get(tmdb_id), _from_sources(tmdb_id)
        if movie and sourced:
            movie = _with_details(movie, sourced)
        if best := movie or sourced:
            found[tmdb_id] = best
    return found


def _with_details(movie: Movie, sourced: Movie) -> Movie:
    """What Trakt's lists told has neither runtime nor genres."""
    return replace(
        movie,
        title=movie.title if _has_title(movie) else sourced.title,
        runtime=movie.runtime or sourced.runtime,
        genres=movie.genres or sourced.genres,
    )


def require_film(conn: Connection, tmdb_id: int) -> Movie:
    movie = find_film(conn, tmdb_id)
    if movie is None:
        raise Refused("film_coming" if tmdb_fetch.request_details(tmdb_id) else "no_film")
    return movie


def resolve_film(conn: Connection, tmdb_id: int, title: str = "", year: int | None = None) -> Movie:
    """Return the film of an id; `title` and `year` are for one that no source of ours knows."""
    tmdb_fetch.request_details(tmdb_id)
    sourced = _from_sources(tmdb_id)
    if _has_title(sourced):
        return sourced
    if found := _from_trakt(conn, tmdb_id):
        return found
    if title:
        return Movie(tmdb_id, title, year)
    return find_film(conn, tmdb_id) or Movie(tmdb_id, stand_in(tmdb_id))


def film_named(tmdb_id: int, title: str, year: int | None) -> Movie:
    """The film as our sources have it, or else by the name that somebody gives it."""
    sourced = _from_sources(tmdb_id)
    return sourced if _has_title(sourced) else Movie(tmdb_id, title or stand_in(tmdb_id), year)


def film_title(conn: Connection, tmdb_id: int) -> str:
    """What a film is called here, if only by its id."""
    movie = find_film(conn, tmdb_id)
    return movie.title if movie else stand_in(tmdb_id)


def _has_title(movie: Movie | None) -> TypeGuard[Movie]:
    """Whether it is known, and by more than its id."""
    return movie is not None and movie.title != stand_in(movie.tmdb_id)


def _from_sources(tmdb_id: int) -> Movie | None:
    """From the bundled list and what was searched for lately."""
    found = [
        film for film in (bundled.by_id(tmdb_id), tmdb_fetch.current().recent.get(tmdb_id)) if film
    ]
    if not found:
        return None
    film = fill_missing(found[0], found[-1])
    return Movie(
        tmdb_id,
        film.title,
        film.year,
        film.runtime,
        film.genres,
        overview=film.overview,
        rating=film.rating,
        poster_path=film.poster_path,
    )


def _from_trakt(conn: Connection, tmdb_id: int) -> Movie | None:
    """From the lists of Trakt that the household reads."""
    told = discoveries.find(conn, "film", tmdb_id)
    if told is None or told.title == stand_in(tmdb_id):
        return None
    return Movie(tmdb_id, told.title, told.year, told.runtime, told.genres)
