"""Views of films: search, one film, marking it as seen, and rating it."""

from flask import Blueprint, Response, jsonify, make_response, render_template, url_for

from blueprints.films import browsing, film_page, posters
from blueprints.http.auth import current_member, member_transaction
from blueprints.http.errors import render_refusals_on
from blueprints.http.forms import Fields, film_name, query_text, request_fields
from blueprints.http.responses import redirect_or_json, return_path, wants_json, week_url
from db import get_db, movies, nominations, ratings, watch_history
from rules import Refused, schedule
from services import current_week, film_search, films, week_page
from utils import instants
from utils.translation import gettext as _

bp = Blueprint("films", __name__)
bp.add_url_rule("/posters/<any(film, show):kind>/<id:tmdb_id>", view_func=posters.poster)
bp.add_url_rule("/backdrops/<id:tmdb_id>", view_func=posters.backdrop)


@bp.get("/search")
def search(error: str | None = None) -> Response:
    conn = get_db()
    week = current_week.current_week(conn, instants.now())
    text, row = query_text("q").strip(), query_text("row")
    found = film_search.results(conn, week, text)
    if wants_json():
        shelf = None if text else browsing.find_shelf(conn, week, row)
        return jsonify({"results": shelf.films if shelf else found})
    rows = {} if found else browsing.parts(conn, week, "" if text else row)
    cards = rows["shelf"].films if "shelf" in rows else rows.get("ideas", [])
    page = render_template(
        "films/search.html",
        error=error,
        text=text,
        found=found,
        advice=film_search.no_result_hint(text),
        **rows,
        wanted=film_search.wanted_by(conn, found, cards),
        nominated={film.tmdb_id for film in nominations.for_week(conn, week.key)},
        obstacle=week_page.nomination_obstacle(conn, week, current_member()),
    )
    return make_response(page)


@bp.get("/films/<id:tmdb_id>")
def film(tmdb_id: int, error: str | None = None) -> Response:
    conn = get_db()
    week = current_week.current_week(conn, instants.now())
    if wants_json():
        return jsonify(film_page.body(conn, tmdb_id, current_member()))
    parts = film_page.parts(conn, tmdb_id, week, current_member())
    return make_response(render_template("films/film.html", error=error, week=week, **parts))


@bp.post("/films/<id:tmdb_id>/watched")
@render_refusals_on("films.film")
def watched(tmdb_id: int) -> Response:
    """Mark a film as seen; a form on a card also sends its title and the page to return to."""
    fields, now = request_fields(), instants.now()
    back = return_path(fields, "")
    movie = (
        films.require_film(get_db(), tmdb_id)
        if fields.is_empty("title")
        else films.resolve_film(get_db(), tmdb_id, *film_name(fields))
    )
    with member_transaction() as conn:
        movies.store(conn, movie)
        watch_history.add_own(conn, current_member().id, tmdb_id, now)
    if not back:
        return _done(tmdb_id, "seen", _("You have seen it."))
    message = _("You have seen {title}. You can take that back on its page.").format(
        title=movie.title
    )
    return redirect_or_json(
        back, lambda: film_page.body(get_db(), tmdb_id, current_member()), flash_message=message
    )


@bp.post("/films/<id:tmdb_id>/unwatched")
@render_refusals_on("films.film")
def unwatched(tmdb_id: int) -> Response:
    """Delete all plays of the member for this film, also those that others marked."""
    films.require_film(get_db(), tmdb_id)
    with member_transaction() as conn:
        watch_history.remove_own(conn, current_member().id, tmdb_id, instants.now())
    return _done(tmdb_id, "seen", _("You have not seen it."))


@bp.post("/films/<id:tmdb_id>/rating")
@render_refusals_on("films.film")
def rating(tmdb_id: int) -> Response:
    now, fields = instants.now(), request_fields()
    movie = films.require_film(get_db(), tmdb_id)
    points, week = _rating(fields), fields.text("week", "")
    with member_transaction() as conn:
        movies.store(conn, movie)
        if points is None:
            ratings.delete(conn, current_member().id, tmdb_id, now)
        else:
            ratings.put(conn, current_member().id, tmdb_id, points, now)
    message = (
        _("Your rating is saved: {n} of 10.") if points else _("You have not rated it any more.")
    )
    return _done(tmdb_id, f"rating-{tmdb_id}", message.format(n=points), week)


def _rating(fields: Fields) -> int | None:
    """Return the rating, or None for an empty field, which deletes it."""
    if not fields.has("rating"):
        raise Refused("missing_field", field="rating")
    return None if fields.is_empty("rating") else fields.whole("rating", 1, 10)


def _done(tmdb_id: int, anchor: str, message: str, week: str = "") -> Response:
    """Redirect to the film, or to the page of the week that the form was on."""
    to = url_for("films.film", tmdb_id=tmdb_id, _anchor=anchor)
    if schedule.is_week(week):
        is_current = week == current_week.current_week(get_db(), instants.now()).key
        to = week_url(week, anchor, is_on=is_current)
    return redirect_or_json(
        to, lambda: film_page.body(get_db(), tmdb_id, current_member()), flash_message=message
    )
