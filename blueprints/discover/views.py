"""Views of the page "Discover", and of forms for wishes and hidden titles."""

from typing import Any

from flask import Blueprint, Response, jsonify, make_response, render_template, url_for

from blueprints.discover import page, shelves
from blueprints.discover.sources import Idea
from blueprints.http.auth import current_member, member_transaction
from blueprints.http.errors import render_refusals_on
from blueprints.http.forms import Fields, film_name, request_fields
from blueprints.http.responses import redirect_or_json, return_path, wants_json
from db import Connection, discoveries, get_db, hidden, movies, watchlist
from db.movies import Movie
from services import current_week, films
from utils import instants
from utils.title_text import placeholder_title
from utils.translation import gettext as _

bp = Blueprint("discover", __name__)
TITLE = "<any(film, show):kind>/<id:tmdb_id>"


@bp.get("/discover")
def discover(error: str | None = None, **_pressed: object) -> Response:
    conn, now = get_db(), instants.now()
    week = current_week.current_week(conn, now)
    query = page.parse_query()
    if wants_json():
        return jsonify(page.body(conn, current_member(), query, now))
    parts = page.parts(conn, week, current_member(), query, now)
    return make_response(render_template("discover/discover.html", error=error, **parts))


@bp.post(f"/watchlist/{TITLE}")
@render_refusals_on("discover.discover")
def wish(kind: str, tmdb_id: int) -> Response:
    """Add a title to the watchlist, even if Trakt's is full; the page shows what Trakt refused."""
    movie, back = _parse_form(kind, tmdb_id)
    with member_transaction() as conn:
        if kind == "film":
            movies.store(conn, movie)
        now = instants.now()
        watchlist.add(conn, current_member().id, kind, tmdb_id, movie.title, movie.year, now)
    message = _("{title} is on your watchlist.").format(title=movie.title)
    return _done(back, kind, movie, message)


@bp.post(f"/watchlist/{TITLE}/remove")
@render_refusals_on("discover.discover")
def unwish(kind: str, tmdb_id: int) -> Response:
    movie, back = _parse_form(kind, tmdb_id)
    with member_transaction() as conn:
        watchlist.remove(conn, current_member().id, kind, tmdb_id, instants.now())
    message = _("{title} is not on your watchlist any more.").format(title=movie.title)
    return _done(back, kind, movie, message)


@bp.post(f"/discover/{TITLE}/hide")
@render_refusals_on("discover.discover")
def hide(kind: str, tmdb_id: int) -> Response:
    movie, back = _parse_form(kind, tmdb_id)
    with member_transaction() as conn:
        now = instants.now()
        hidden.hide(conn, current_member().id, kind, tmdb_id, movie.title, movie.year, now)
    return _done(back, kind, movie)


@bp.post(f"/discover/{TITLE}/unhide")
@render_refusals_on("discover.discover")
def unhide(kind: str, tmdb_id: int) -> Response:
    movie, back = _parse_form(kind, tmdb_id)
    with member_transaction() as conn:
        hidden.unhide(conn, current_member().id, kind, tmdb_id)
    return _done(back, kind, movie, _("{title} is shown again.").format(title=movie.title))


def _parse_form(kind: str, tmdb_id: int) -> tuple[Movie, str]:
    """Return the title and the page to return to; raises Refused for invalid fields."""
    fields = request_fields()
    back = return_path(fields, url_for("discover.discover"))
    return _resolve_title(get_db(), kind, tmdb_id, fields), back


def _resolve_title(conn: Connection, kind: str, tmdb_id: int, fields: Fields) -> Movie:
    """Return a title by its id; for a show that is not on Trakt's lists, use the form's name."""
    title, year = film_name(fields)
    if kind == "film":
        return films.resolve_film(conn, tmdb_id, title, year)
    if discovery := discoveries.find(conn, kind, tmdb_id):
        return Movie(tmdb_id, discovery.title, discovery.year)
    return Movie(tmdb_id, title or placeholder_title(tmdb_id, kind), year)


def _done(back: str, kind: str, movie: Movie, message: str = "") -> Response:
    def body() -> dict[str, Any]:
        idea = Idea(kind, movie.tmdb_id, movie.title, movie.year)
        return shelves.card(get_db(), current_member(), idea)

    return redirect_or_json(back, body, flash_message=message)
