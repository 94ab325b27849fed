"""What could we nominate? Everybody's wishes, what Trakt recommends, and what others watch."""

from typing import Any

from flask import Blueprint, Response, jsonify, make_response, render_template, url_for

from blueprints import clock
from blueprints.answers import done, wants_json, way_back
from blueprints.discover import page, shelves
from blueprints.discover.sources import Idea
from blueprints.errors import shown_on
from blueprints.films import catalogue
from blueprints.gate import as_me, me
from blueprints.reading import Fields, read
from db import Connection, discoveries, get_db, hidden, movies, watchlist
from db.movies import Movie
from utils import instants
from utils.titles import stand_in
from utils.translation import gettext as _

bp = Blueprint("discover", __name__)
TITLE = "<any(film, show):kind>/<id:tmdb_id>"


@bp.get("/discover")
def discover(error: str | None = None, **_pressed: object) -> Response:
    conn, now = get_db(), instants.now()
    week = clock.this_week(conn, now)
    asked = page.asked()
    if wants_json():
        return jsonify(page.body(conn, me(), asked, now))
    parts = page.parts(conn, week, me(), asked, now)
    return make_response(render_template("discover/discover.html", error=error, **parts))


@bp.post(f"/watchlist/{TITLE}")
@shown_on(discover)
def wish(kind: str, tmdb_id: int) -> Response:
    """Here at once, even where Trakt's list is full; the page says what became of it there."""
    movie, back = _asked(kind, tmdb_id)
    with as_me() as conn:
        if kind == "film":
            movies.remember(conn, movie)
        now = instants.now()
        watchlist.add(conn, me().id, kind, tmdb_id, movie.title, movie.year, now)
    said = _("{title} is on your watchlist.").format(title=movie.title)
    return _done(back, kind, movie, said)


@bp.post(f"/watchlist/{TITLE}/remove")
@shown_on(discover)
def unwish(kind: str, tmdb_id: int) -> Response:
    movie, back = _asked(kind, tmdb_id)
    with as_me() as conn:
        watchlist.remove(conn, me().id, kind, tmdb_id, instants.now())
    said = _("{title} is not on your watchlist any more.").format(title=movie.title)
    return _done(back, kind, movie, said)


@bp.post(f"/discover/{TITLE}/hide")
@shown_on(discover)
def hide(kind: str, tmdb_id: int) -> Response:
    """Not interested."""
    movie, back = _asked(kind, tmdb_id)
    with as_me() as conn:
        now = instants.now()
        hidden.hide(conn, me().id, kind, tmdb_id, movie.title, movie.year, now)
    return _done(back, kind, movie)


@bp.post(f"/discover/{TITLE}/unhide")
@shown_on(discover)
def unhide(kind: str, tmdb_id: int) -> Response:
    movie, back = _asked(kind, tmdb_id)
    with as_me() as conn:
        hidden.show(conn, me().id, kind, tmdb_id)
    return _done(back, kind, movie, _("{title} is shown again.").format(title=movie.title))


def _asked(kind: str, tmdb_id: int) -> tuple[Movie, str]:
    """The title, and where the form leads back to; what makes no sense is refused here."""
    fields = read()
    back = way_back(fields, url_for("discover.discover"))
    return _named(get_db(), kind, tmdb_id, fields), back


def _named(conn: Connection, kind: str, tmdb_id: int, fields: Fields) -> Movie:
    """What the title is called; a show that nobody has told us of as the request calls it."""
    if kind == "film":
        return catalogue.named(conn, tmdb_id, fields)
    if told := discoveries.told(conn, kind, tmdb_id):
        return Movie(tmdb_id, told.title, told.year)
    return catalogue.given(tmdb_id, fields) or Movie(tmdb_id, stand_in(tmdb_id, kind))


def _done(back: str, kind: str, movie: Movie, said: str = "") -> Response:
    def body() -> dict[str, Any]:
        idea = Idea(kind, movie.tmdb_id, movie.title, movie.year)
        return shelves.card(get_db(), me(), idea)

    return done(back, body, said=said)
