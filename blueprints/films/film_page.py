"""One film: what it is, who has seen it, what they gave it, and how it fared here."""

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

TRAILER = "https://www.youtube.com/watch?v="


def body(conn: Connection, tmdb_id: int, me: Member) -> dict[str, Any]:
    """What programs get; raises Refused for a film that is not known."""
    movie = films.require_film(conn, tmdb_id)
    given = ratings.for_film(conn, tmdb_id)
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
            {"member": play.name, "watched_at": play.watched_at, "rating": given.get(play.user_id)}
            for play in _latest(conn, tmdb_id)
        ],
        "wanted_by": [
            one.name for one in shared_wishes.wanted_by(conn, "film", [tmdb_id])[tmdb_id]
        ],
        "your_rating": given.get(me.id),
        "average": week_page.average(given),
    }


def parts(conn: Connection, tmdb_id: int, week: Week, me: Member) -> dict[str, Any]:
    """What the page shows beyond that."""
    film = body(conn, tmdb_id, me)
    plays = _latest(conn, tmdb_id)
    story = nominations.for_film(conn, tmdb_id)
    return {
        "film": film,
        "only_rated": _only_rated(conn, tmdb_id, plays),
        "times": _times(week, film["runtime"], instants.now()),
        "story": story,
        "won": _won(conn, story),
        "i_saw_it": any(play.user_id == me.id for play in plays),
        "is_nominated": any(nomination.week == week.key for nomination in story),
        "obstacle": week_page.why_not_nominate(conn, week, me),
    }


def _extras(movie: Movie) -> dict[str, Any]:
    """What only TMDB knows, as far as it has come; what has not is asked for."""
    tmdb_id = movie.tmdb_id
    has_backdrop = tmdb_fetch.current().images.has("film", tmdb_id, "backdrop")
    if not tmdb_fetch.request_details(tmdb_id, movie) and movie.backdrop_path and not has_backdrop:
        tmdb_fetch.request(Task("backdrop", tmdb_id=tmdb_id))
    return {
        "backdrop": url_for("films.backdrop", tmdb_id=tmdb_id) if has_backdrop else None,
        "certification": movie.certification,
        "trailer": TRAILER + movie.trailer if movie.trailer else None,
        "imdb_id": movie.imdb_id,
        "tmdb_rating": movie.rating,
    }


def _times(week: Week, runtime: int | None, now: datetime) -> dict[str, Any] | None:
    """Start and end on the week's evening, or from now on once that has passed."""
    if not runtime:
        return None
    length = timedelta(minutes=runtime)
    start = max(week.evening, now)
    return {"start": start, "end": start + length, "is_ahead": start > now}


def _won(conn: Connection, story: list[Nomination]) -> set[int]:
    """Of these nominations, those that won; a first place without a vote is none."""
    outcomes = results.for_weeks(conn, [nomination.week for nomination in story])
    return {outcome.first_id for outcome in outcomes.values() if outcome.first_id}


def _latest(conn: Connection, tmdb_id: int) -> list[Play]:
    """One play a person, the last time they saw it."""
    plays: dict[int, Play] = {}
    for play in watch_history.for_film(conn, tmdb_id):
        plays.setdefault(play.user_id, play)
    return list(plays.values())


def _only_rated(conn: Connection, tmdb_id: int, plays: list[Play]) -> list[dict[str, Any]]:
    """Who gave a rating, as imports do, without a play: it counts in the average."""
    seen = {play.user_id for play in plays}
    given = ratings.for_film(conn, tmdb_id)
    return [
        {"member": member.name, "rating": given[member.id]}
        for member in users.everyone(conn)
        if member.id in given and member.id not in seen
    ]
