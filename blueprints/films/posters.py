"""Images by id: the cached image, or a drawn card while there is none."""

from typing import cast

from flask import Response, abort, request

from db import discoveries, get_db
from movies import card
from movies.tmdb import Kind
from services import films, tmdb_fetch
from utils import images
from utils.title_text import placeholder_title

HOUR = 60 * 60  # seconds
DAY = 24 * HOUR
MONTH = 30 * DAY


def poster(kind: str, tmdb_id: int) -> Response:
    """GET /posters/<film|show>/<id>"""
    if data := tmdb_fetch.current().images.read(kind, tmdb_id, "poster"):
        return _image(data)
    movie = films.find_film(get_db(), tmdb_id) if kind == "film" else None
    is_queued = tmdb_fetch.request_poster(cast(Kind, kind), tmdb_id, movie)
    known = movie or discoveries.find(get_db(), kind, tmdb_id)
    title = known.title if known else placeholder_title(tmdb_id, kind)
    response = Response(card.draw(title, known.year if known else None), mimetype="image/svg+xml")
    if is_queued:
        response.cache_control.no_store = True  # so that the page requests it again
        return response
    return _make_cacheable(response, HOUR if tmdb_fetch.is_enabled() else DAY)


def backdrop(tmdb_id: int) -> Response:
    """GET /backdrops/<id>; 404 if it is not cached."""
    data = tmdb_fetch.current().images.read("film", tmdb_id, "backdrop")
    return _image(data) if data else abort(404)


def _image(data: bytes) -> Response:
    return _make_cacheable(Response(data, mimetype=images.mimetype(data)), MONTH)


def _make_cacheable(response: Response, seconds: int) -> Response:
    response.cache_control.private = True
    response.cache_control.max_age = seconds
    response.add_etag()
    response.make_conditional(request)
    return response
