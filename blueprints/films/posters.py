"""Images by id: the cached one, or a drawn card until there is one. Nobody waits for either."""

from typing import cast

from flask import Response, abort, request

from db import discoveries, get_db
from movies import card
from movies.tmdb import Kind
from services import films, tmdb_fetch
from utils import images
from utils.title_text import stand_in

AN_HOUR = 60 * 60
A_DAY = 24 * AN_HOUR
A_MONTH = 30 * A_DAY


def poster(kind: str, tmdb_id: int) -> Response:
    """GET /posters/<film|show>/<id>"""
    which = cast(Kind, kind)
    if data := tmdb_fetch.current().images.read(kind, tmdb_id, "poster"):
        return _image(data)
    movie = films.find_film(get_db(), tmdb_id) if kind == "film" else None
    is_coming = tmdb_fetch.request_poster(which, tmdb_id, movie)
    known = movie or discoveries.find(get_db(), kind, tmdb_id)
    title = known.title if known else stand_in(tmdb_id, kind)
    answer = Response(card.draw(title, known.year if known else None), mimetype="image/svg+xml")
    if is_coming:
        answer.cache_control.no_store = True  # else the page would not look again
        return answer
    return _kept(answer, AN_HOUR if tmdb_fetch.is_enabled() else A_DAY)


def backdrop(tmdb_id: int) -> Response:
    """GET /backdrops/<id>; a page shows it only where it is there."""
    data = tmdb_fetch.current().images.read("film", tmdb_id, "backdrop")
    return _image(data) if data else abort(404)


def _image(data: bytes) -> Response:
    return _kept(Response(data, mimetype=images.mimetype(data)), A_MONTH)


def _kept(answer: Response, seconds: int) -> Response:
    answer.cache_control.private = True
    answer.cache_control.max_age = seconds
    answer.add_etag()
    answer.make_conditional(request)
    return answer
