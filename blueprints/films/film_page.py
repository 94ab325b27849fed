"""Data of the page of a film: facts, plays, ratings, and its nominations."""

from datetime import datetime, timedelta
from typing import Any

from flask import url_for

from db import Connection, nominations, ratings, results, shared_wishes, users, watch_history
from db.movies import Movie
from db.nominations import Nomination
from db.users import Member
from db.watch_history import Play
from db.weeks import Week
from services import films, tmdb_fetch, week_page, week_state
from services.tmdb_fetch import Task
from utils import instants

TRAILER_URL = "https://www.youtube.com/watch?v="


def body(conn: Connection, tmdb_id: int, member: Member) -> dict[str, Any]:
    """Return the JSON response; raises Refused for an unknown film."""
    movie = films.require_film(conn, tmdb_id)
    film_ratings = ratings.for_film(conn, tmdb_id)
    return {
        "tmdb_id": tmdb_id,
        "title": movie.title,
        "year": movie.year,
        "runtime": movie.runtime,
        "genres": list(movie.genres),
        "overview": movie.overview,
        "poster": week_state.poster_url(tmdb_id),
        **_extras(movie),
        "seen": [
            {
                "member": play.name,
                "watched_at": play.watched_at,
                "rating": film_ratings.get(play.user_id),
            }
            for play in _latest_plays(conn, tmdb_id)
        ],
        "wanted_by": [
            wisher.name for wisher in shared_wishes.wanted_by(conn, "film", [tmdb_id])[tmdb_id]
        ],
        "your_rating": film_ratings.get(member.id),
        "average": week_page.average(film_ratings),
    }


def parts(conn: Connection, tmdb_id: int, week: Week, member: Member) -> dict[str, Any]:
    """Return the template variables, including the JSON response as `film`."""
    film = body(conn, tmdb_id, member)
    plays = _latest_plays(conn, tmdb_id)
    film_nominations = nominations.for_film(conn, tmdb_id)
    return {
        "film": film,
        "only_rated": _only_rated(conn, tmdb_id, plays),
        "times": _times(week, film["runtime"], instants.now()),
        "story": film_nominations,
        "won": _won(conn, film_nominations),
        "i_saw_it": any(play.user_id == member.id for play in plays),
        "is_nominated": any(nomination.week == week.key for nomination in film_nominations),
        "obstacle": week_page.nomination_obstacle(conn, week, member),
    }


def _extras(movie: Movie) -> dict[str, Any]:
    """Return the stored facts that only TMDB has, and queue fetches of missing ones."""
    tmdb_id = movie.tmdb_id
    has_backdrop = tmdb_fetch.current().images.has("film", tmdb_id, "backdrop")
    if not tmdb_fetch.request_details(tmdb_id, movie) and movie.backdrop_path and not has_backdrop:
        tmdb_fetch.request(Task("backdrop", tmdb_id=tmdb_id))
    return {
        "backdrop": url_for("films.backdrop", tmdb_id=tmdb_id) if has_backdrop else None,
        "certification": movie.certification,
        "trailer": TRAILER_URL + movie.trailer if movie.trailer else None,
        "imdb_id": movie.imdb_id,
        "tmdb_rating": movie.rating,
    }


def _times(week: Week, runtime: int | None, now: datetime) -> dict[str, Any] | None:
    """Return start and end on the week's evening, or from now if that has passed."""
    if not runtime:
        return None
    length = timedelta(minutes=runtime)
    start = max(week.evening, now)
    return {"start": start, "end": start + length, "is_ahead": start > now}


def _won(conn: Connection, film_nominations: list[Nomination]) -> set[int]:
    """Return the ids of those nominations that won; a week without votes has no winner."""
    outcomes = results.for_weeks(conn, [nomination.week for nomination in film_nominations])
    return {outcome.first_id for outcome in outcomes.values() if outcome.first_id}


def _latest_plays(conn: Connection, tmdb_id: int) -> list[Play]:
    """Return the latest play of each member."""
    plays: dict[int, Play] = {}
    for play in watch_history.for_film(conn, tmdb_id):
        plays.setdefault(play.user_id, play)
    return list(plays.values())


def _only_rated(conn: Connection, tmdb_id: int, plays: list[Play]) -> list[dict[str, Any]]:
    """Return ratings of members without a play, as from imports; they count in the average."""
    seen = {play.user_id for play in plays}
    film_ratings = ratings.for_film(conn, tmdb_id)
    return [
        {"member": member.name, "rating": film_ratings[member.id]}
        for member in users.list_all(conn)
        if member.id in film_ratings and member.id not in seen
    ]
