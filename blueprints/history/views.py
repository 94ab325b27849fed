"""Views of the past weeks, of one week, and of the signed-in member's ratings."""

from typing import Any

from flask import Blueprint, Response, jsonify, make_response, render_template

from blueprints.history import past_weeks, statistics
from blueprints.http.auth import current_member
from blueprints.http.forms import query_number, query_text
from blueprints.http.responses import wants_json
from db import Connection, get_db, nominations, ratings, results, settings, votes, watch_history
from db import weeks as all_weeks
from db.nominations import Nomination
from db.weeks import Week
from services import current_week, receipts, week_page, week_state
from utils import instants

bp = Blueprint("history", __name__)
bp.add_url_rule("/statistics", "statistics", statistics.show)
RATINGS_A_PAGE = 50


@bp.get("/history")
def weeks() -> Response:
    conn = get_db()
    # Catch up the deadlines, so that a week that has just ended is listed.
    current_week.current_week(conn, instants.now())
    key = {"before": query_text("before"), "after": query_text("after")}
    if wants_json():
        return jsonify(past_weeks.body(conn, **key))
    return make_response(render_template("history/weeks.html", **past_weeks.parts(conn, **key)))


@bp.get("/weeks/<week>")
def week(week: str, error: str | None = None) -> Response:
    conn, now = get_db(), instants.now()
    current = current_week.current_week(conn, now)
    that_week = all_weeks.get(conn, week, now)
    films = nominations.for_week(conn, week)
    if wants_json():
        return jsonify(_body(conn, that_week, films))
    page = render_template(
        "history/week.html",
        error=error,
        week=that_week,
        is_on=week == current.key,
        **_template_variables(conn, that_week, films),
    )
    return make_response(page)


@bp.get("/my-ratings", endpoint="ratings")
def my_ratings() -> str:
    """Show a page of ratings; its key is the previous page's last row: `before` and `film`."""
    before, film = query_text("before"), query_number("film")
    key = (before, film) if before and film is not None else ratings.NEWEST
    rows = ratings.of_member(get_db(), current_member().id, key, RATINGS_A_PAGE + 1)
    page = rows[:RATINGS_A_PAGE]
    older = page[-1] if len(rows) > len(page) else None
    return render_template("history/ratings.html", ratings=page, older=older)


def _body(conn: Connection, week: Week, films: list[Nomination]) -> dict[str, Any]:
    """Return the week as JSON shows it; ballots only once they are counted."""
    watched = watch_history.evening(conn, week.key)
    body = {
        "week": week.key,
        "phase": week.phase,
        "nominations": week_state.cards(
            conn, week, films, votes.of_member(conn, week.key, current_member().id)
        ),
        "result": week_state.result(conn, week),
        "watched": [
            {
                "tmdb_id": tmdb_id,
                "members": [play.name for play in plays],
                "watched_at": plays[0].watched_at,
            }
            for tmdb_id, plays in watched.items()
        ],
        "receipts": receipts.bodies(conn, week.key),
    }
    if week.phase == "results":
        body["ballots"] = votes.ballots(conn, week.key)
    return body


def _template_variables(conn: Connection, week: Week, films: list[Nomination]) -> dict[str, Any]:
    cards = week_state.cards(
        conn, week, films, votes.of_member(conn, week.key, current_member().id)
    )
    outcome = results.for_week(conn, week.key)
    return {
        "films": week_page.with_details(cards, films, current_member()),
        "places": dict(week_page.places(settings.schedule(conn), outcome)),
        "result": week_state.result(conn, week),
        "ballots": votes.ballots(conn, week.key) if week.phase == "results" else {},
        "averages": ratings.averages(conn, [film.tmdb_id for film in films]),
        "evening": week_page.evening(conn, week, films, current_member()),
    }
