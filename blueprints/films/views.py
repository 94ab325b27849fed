"""Films: search, one film with what we think of it, and its card."""

from flask import Blueprint, Response, jsonify, make_response, render_template, url_for

from blueprints import clock
from blueprints.answers import done, wants_json, way_back, week_page
from blueprints.errors import shown_on
from blueprints.films import browsing, catalogue, film_page, film_search, posters
from blueprints.gate import as_me, me
from blueprints.reading import Fields, query, read
from blueprints.week import board
from db import get_db, movies, nominations, ratings, watch_history
from rules import Refused, schedule
from utils import instants
from utils.translation import gettext as _

bp = Blueprint("films", __name__)
bp.add_url_rule("/posters/<any(film, show):kind>/<id:tmdb_id>", view_func=posters.poster)
bp.add_url_rule("/backdrops/<id:tmdb_id>", view_func=posters.backdrop)


@bp.get("/search")
def search(error: str | None = None) -> Response:
    conn = get_db()
    week = clock.this_week(conn, instants.now())
    text, row = query("q").strip(), query("row")
    found = film_search.results(conn, week, text)
    if wants_json():
        shelf = None if text else browsing.one(conn, week, row)
        return jsonify({"results": shelf.films if shelf else found})
    rows = {} if found else browsing.parts(conn, week, "" if text else row)
    cards = rows["shelf"].films if "shelf" in rows else rows.get("ideas", [])
    page = render_template(
        "films/search.html",
        error=error,
        text=text,
        found=found,
        advice=film_search.advice(text),
        **rows,
        wanted=film_search.wanted(conn, found, cards),
        nominated={film.tmdb_id for film in nominations.for_week(conn, week.key)},
        obstacle=board.obstacle(conn, week, me()),
    )
    return make_response(page)


@bp.get("/films/<id:tmdb_id>")
def film(tmdb_id: int, error: str | None = None) -> Response:
    conn = get_db()
    week = clock.this_week(conn, instants.now())
    if wants_json():
        return jsonify(film_page.body(conn, tmdb_id, me()))
    parts = film_page.parts(conn, tmdb_id, week, me())
    return make_response(render_template("films/film.html", error=error, week=week, **parts))


@bp.post("/films/<id:tmdb_id>/watched")
@shown_on(film)
def watched(tmdb_id: int) -> Response:
    """A card names its film, which nobody here may know yet, and the page that it stands on."""
    fields, now = read(), instants.now()
    back = way_back(fields, "")
    movie = (
        catalogue.must_know(get_db(), tmdb_id)
        if fields.is_empty("title")
        else catalogue.named(get_db(), tmdb_id, fields)
    )
    with as_me() as conn:
        movies.remember(conn, movie)
        watch_history.add_own(conn, me().id, tmdb_id, now)
    if not back:
        return _done(tmdb_id, "seen", _("You have seen it."))
    said = _("You have seen {title}. You can take that back on its page.").format(title=movie.title)
    return done(back, lambda: film_page.body(get_db(), tmdb_id, me()), said=said)


@bp.post("/films/<id:tmdb_id>/unwatched")
@shown_on(film)
def unwatched(tmdb_id: int) -> Response:
    """I have not seen it after all: whoever marked it for me, on whatever evening."""
    catalogue.must_know(get_db(), tmdb_id)
    with as_me() as conn:
        watch_history.remove_own(conn, me().id, tmdb_id, instants.now())
    return _done(tmdb_id, "seen", _("You have not seen it."))


@bp.post("/films/<id:tmdb_id>/rating")
@shown_on(film)
def rating(tmdb_id: int) -> Response:
    now, fields = instants.now(), read()
    movie = catalogue.must_know(get_db(), tmdb_id)
    given, week = _rating(fields), fields.text("week", "")
    with as_me() as conn:
        movies.remember(conn, movie)
        if given is None:
            ratings.clear(conn, me().id, tmdb_id, now)
        else:
            ratings.give(conn, me().id, tmdb_id, given, now)
    said = _("Your rating is saved: {n} of 10.") if given else _("You have not rated it any more.")
    return _done(tmdb_id, f"rating-{tmdb_id}", said.format(n=given), week)


def _rating(fields: Fields) -> int | None:
    """None clears; a field that is not there at all is a mistake."""
    if not fields.has("rating"):
        raise Refused("missing_field", field="rating")
    return None if fields.is_empty("rating") else fields.whole("rating", 1, 10)


def _done(tmdb_id: int, place: str, said: str, week: str = "") -> Response:
    """Back to the film, or to the week whose page the form stood on."""
    to = url_for("films.film", tmdb_id=tmdb_id, _anchor=place)
    if schedule.is_week(week):
        is_on = week == clock.this_week(get_db(), instants.now()).key
        to = week_page(week, place, is_on=is_on)
    return done(to, lambda: film_page.body(get_db(), tmdb_id, me()), said=said)
