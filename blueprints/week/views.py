"""This week: what is on, and everything a member or an admin does to it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    jsonify,
    make_response,
    render_template,
    request,
    url_for,
)
from werkzeug.exceptions import ServiceUnavailable

from blueprints import audited, clock
from blueprints.answers import done
from blueprints.errors import shown_on
from blueprints.films import catalogue
from blueprints.gate import admins_only, me, public
from blueprints.middleware.kept import keep
from blueprints.reading import read
from blueprints.week import board, evening, playing, state
from blueprints.wording import reasons
from db import Connection, DatabaseError, get_db, health, movies, nominations, results, votes, weeks
from db.migrations import TooNew
from db.weeks import Week
from rules import Refused
from utils import instants
from utils.translation import gettext as _

bp = Blueprint("week", __name__)
bp.add_url_rule("/weeks/<week>/watched", view_func=evening.watched, methods=["POST"])
bp.add_url_rule("/weeks/<week>/unwatched", view_func=evening.unwatched, methods=["POST"])
bp.add_url_rule("/weeks/<week>/playing", view_func=playing.playing, methods=["POST"])
Act = Callable[[Connection, Week, datetime, int], None]


@bp.get("/")
def this_week(error: str | None = None, **_pressed: object) -> str:
    conn = get_db()
    version, week = clock.look(conn, instants.now())
    facts = board.board(conn, week, me(), version)
    if not _is_film_on(facts):
        keep()
    return render_template("week/this_week.html", error=error, **facts)


@bp.get("/api/state", endpoint="state")
def api_state() -> Response:
    """Asked every two seconds by every open screen, so nothing is read when nothing changed."""
    conn = get_db()
    version, week = clock.look(conn, instants.now())
    keep()
    answer = make_response()
    etag = f"{version}-{week.key}-{week.phase}-{me().id}"
    answer.set_etag(etag)
    if request.if_none_match.contains(etag):
        answer.status_code = 304
    else:
        answer.data = jsonify(state.state(conn, week, me(), version)).data
        answer.mimetype = "application/json"
    return answer


@bp.post("/nominations")
@shown_on(this_week)
def nominate() -> Response:
    fields = read()
    tmdb_id = fields.whole("tmdb_id")
    with clock.acting() as (conn, week, now):
        movies.remember(conn, catalogue.named(conn, tmdb_id, fields))
        nominations.add(conn, week, me().id, tmdb_id, now)
        if weeks.open_if_everybody_nominated(conn, week, now):
            audited.note(conn, now, "voting_opened_early", detail=week.key)
    return _done()


@bp.post("/nominations/<id:nomination_id>/withdraw")
@shown_on(this_week)
def withdraw(nomination_id: int) -> Response:
    with clock.acting() as (conn, week, _now):
        title = nominations.get(conn, nomination_id).title
        nominations.withdraw(conn, week, nomination_id, me().id)
    return _done("now", _("You withdrew {title}.").format(title=title))


@bp.post("/nominations/<id:nomination_id>/vote")
@shown_on(this_week)
def vote(nomination_id: int) -> Response:
    with clock.acting() as (conn, week, now):
        votes.cast(conn, week, nomination_id, me().id, now)
    return _done()


@bp.post("/nominations/<id:nomination_id>/unvote")
@shown_on(this_week)
def unvote(nomination_id: int) -> Response:
    with clock.acting() as (conn, week, _now):
        votes.take_back(conn, week, nomination_id, me().id)
    return _done()


@bp.post("/weeks/<week>/open-voting")
@admins_only
@shown_on(this_week)
def open_voting(week: str) -> Response:
    _act(week, weeks.open_voting, "voting_opened")
    return _done("now", _("Voting is open."))


@bp.post("/weeks/<week>/close")
@admins_only
@shown_on(this_week)
def close(week: str) -> Response:
    _act(week, weeks.close, "week_closed")
    return _done("result", _outcome(week))


@bp.post("/weeks/<week>/skip")
@admins_only
@shown_on(this_week)
def skip(week: str) -> Response:
    _act(week, weeks.skip, "week_skipped")
    return _done("now", _("This week was skipped."))


@bp.get("/healthz")
@public
def healthz() -> dict[str, str]:
    if not _is_well():
        raise ServiceUnavailable
    return {"status": "ok"}


def _is_film_on(facts: dict[str, Any]) -> bool:
    """Its page tells the seconds that have passed."""
    return bool(facts["still_on"] or (facts["evening"] and facts["evening"]["on"]))


def _is_well() -> bool:
    try:
        return health.answers(current_app.config["DATABASE"], get_db())
    except (DatabaseError, TooNew, OSError):
        return False


def _act(week_key: str, act: Act, name: str) -> None:
    with clock.acting() as (conn, week, now):
        if week_key != week.key:
            weeks.get(conn, week_key, now)  # an unknown week is another refusal
            raise Refused("not_this_week", week=week_key)
        act(conn, week, now, me().id)
        audited.note(conn, now, name, detail=week_key)


def _outcome(week_key: str) -> str:
    outcome = results.for_week(get_db(), week_key) or results.NO_FILMS
    if outcome.first_id is None:
        return reasons.reason(outcome.first_rule, outcome.first_facts)
    winner = nominations.get(get_db(), outcome.first_id)
    return _("The votes are counted. Movie night goes to {title}.").format(title=winner.title)


def _done(place: str | None = None, said: str = "") -> Response:
    return done(url_for("week.this_week", _anchor=place), state.current, said=said)
