"""Look-up of films by TMDB id, in the database and the sources."""

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
from utils.title_text import placeholder_title


def find_film(conn: Connection, tmdb_id: int) -> Movie | None:
    """Return the stored film completed by the sources, which replace a stand-in title."""
    stored, sourced = known_movies.get(conn, tmdb_id), _from_sources(tmdb_id)
    if _has_title(stored):
        return _with_details(stored, sourced) if sourced else stored
    if _has_title(sourced):
        return sourced
    return _from_trakt(conn, tmdb_id) or stored or sourced


def find_films(conn: Connection, tmdb_ids: Collection[int]) -> dict[int, Movie]:
    """Return known films by id, with one query; unlike find_film, without Trakt's lists."""
    stored = known_movies.with_ids(conn, tmdb_ids)
    found = {}
    for tmdb_id in tmdb_ids:
        movie, sourced = stored.get(tmdb_id), _from_sources(tmdb_id)
        if movie and sourced:
            movie = _with_details(movie, sourced)
        if best := movie or sourced:
            found[tmdb_id] = best
    return found


def _with_details(movie: Movie, sourced: Movie) -> Movie:
    """Fill in runtime and genres, which films from Trakt's lists lack, and a missing title."""
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
    """Return the film with this id; `title` and `year` are used if no source knows it."""
    tmdb_fetch.request_details(tmdb_id)
    sourced = _from_sources(tmdb_id)
    if _has_title(sourced):
        return sourced
    if found := _from_trakt(conn, tmdb_id):
        return found
    if title:
        return Movie(tmdb_id, title, year)
    return find_film(conn, tmdb_id) or Movie(tmdb_id, placeholder_title(tmdb_id))


def film_or_placeholder(tmdb_id: int, title: str, year: int | None) -> Movie:
    """Return the film from the sources, else a film with the given title and year."""
    sourced = _from_sources(tmdb_id)
    return (
        sourced
        if _has_title(sourced)
        else Movie(tmdb_id, title or placeholder_title(tmdb_id), year)
    )


def film_title(conn: Connection, tmdb_id: int) -> str:
    """Return the film's title, or a stand-in made from its id."""
    movie = find_film(conn, tmdb_id)
    return movie.title if movie else placeholder_title(tmdb_id)


def _has_title(movie: Movie | None) -> TypeGuard[Movie]:
    """Return True for a film with a title other than the stand-in."""
    return movie is not None and movie.title != placeholder_title(movie.tmdb_id)


def _from_sources(tmdb_id: int) -> Movie | None:
    """Return a film from the bundled list and recent results of sources."""
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
    """Return a film from the stored lists of Trakt."""
    discovery = discoveries.find(conn, "film", tmdb_id)
    if discovery is None or discovery.title == placeholder_title(tmdb_id):
        return None
    return Movie(tmdb_id, discovery.title, discovery.year, discovery.runtime, discovery.genres)
