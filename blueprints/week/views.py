"""Views of the current week: its page, its state as JSON, and its changes."""

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

from blueprints.http.auth import (
    admins_only,
    current_member,
    member_week_transaction,
    public,
    record_audit,
)
from blueprints.http.errors import render_refusals_on
from blueprints.http.forms import film_name, request_fields
from blueprints.http.responses import redirect_or_json
from blueprints.week import evening, playback
from db import (
    Connection,
    DatabaseError,
    get_db,
    health,
    movies,
    nominations,
    results,
    settings,
    votes,
    weeks,
)
from db.migrations import TooNew
from db.weeks import Week
from rules import Refused
from services import current_week, films, result_reasons, week_page, week_state
from utils import instants
from utils.translation import gettext as _

bp = Blueprint("week", __name__)
bp.add_url_rule("/weeks/<week>/watched", view_func=evening.watched, methods=["POST"])
bp.add_url_rule("/weeks/<week>/unwatched", view_func=evening.unwatched, methods=["POST"])
bp.add_url_rule("/weeks/<week>/playing", view_func=playback.playing, methods=["POST"])
WeekChange = Callable[[Connection, Week, datetime, int], None]


@bp.get("/")
def this_week(error: str | None = None, **_arguments: object) -> str:
    conn = get_db()
    version, week = current_week.current_week_and_version(conn, instants.now())
    facts = week_page.week_page(conn, week, current_member(), version)
    return render_template("week/this_week.html", error=error, **facts)


@bp.get("/api/state", endpoint="state")
def api_state() -> Response:
    """Return the state; open screens request it every two seconds, so an unchanged one is a 304."""
    conn = get_db()
    version, week = current_week.current_week_and_version(conn, instants.now())
    response = make_response()
    etag = f"{version}-{week.key}-{week.phase}-{current_member().id}"
    response.set_etag(etag)
    if request.if_none_match.contains(etag):
        response.status_code = 304
    else:
        response.data = jsonify(week_state.state(conn, week, current_member(), version)).data
        response.mimetype = "application/json"
    return response


@bp.post("/nominations")
@render_refusals_on("week.this_week")
def nominate() -> Response:
    fields = request_fields()
    tmdb_id = fields.whole("tmdb_id")
    with member_week_transaction() as (conn, week, now):
        movies.store(conn, films.resolve_film(conn, tmdb_id, *film_name(fields)))
        nominations.add(conn, week, current_member().id, tmdb_id, now)
        if weeks.open_if_all_nominated(conn, week, now):
            record_audit(conn, now, "voting_opened_early", detail=week.key)
    return _done()


@bp.post("/nominations/<id:nomination_id>/withdraw")
@render_refusals_on("week.this_week")
def withdraw(nomination_id: int) -> Response:
    with member_week_transaction() as (conn, week, _now):
        title = nominations.get(conn, nomination_id).title
        nominations.withdraw(conn, week, nomination_id, current_member().id)
    return _done("now", _("You withdrew {title}.").format(title=title))


@bp.post("/nominations/<id:nomination_id>/vote")
@render_refusals_on("week.this_week")
def vote(nomination_id: int) -> Response:
    with member_week_transaction() as (conn, week, now):
        votes.cast(conn, week, nomination_id, current_member().id, now)
    return _done()


@bp.post("/nominations/<id:nomination_id>/unvote")
@render_refusals_on("week.this_week")
def unvote(nomination_id: int) -> Response:
    with member_week_transaction() as (conn, week, _now):
        votes.withdraw(conn, week, nomination_id, current_member().id)
    return _done()


@bp.post("/weeks/<week>/open-voting")
@admins_only
@render_refusals_on("week.this_week")
def open_voting(week: str) -> Response:
    _change_week(week, weeks.open_voting, "voting_opened")
    return _done("now", _("Voting is open."))


@bp.post("/weeks/<week>/close")
@admins_only
@render_refusals_on("week.this_week")
def close(week: str) -> Response:
    _change_week(week, weeks.close, "week_closed")
    return _done("result", _outcome_message(week))


@bp.post("/weeks/<week>/skip")
@admins_only
@render_refusals_on("week.this_week")
def skip(week: str) -> Response:
    _change_week(week, weeks.skip, "week_skipped")
    return _done("now", _("This week was skipped."))


@bp.get("/healthz")
@public
def healthz() -> dict[str, str]:
    if not _is_healthy():
        raise ServiceUnavailable
    return {"status": "ok"}


def _is_healthy() -> bool:
    try:
        return health.answers(current_app.config["DATABASE"], get_db())
    except (DatabaseError, TooNew, OSError):
        return False


def _change_week(week_key: str, change: WeekChange, action: str) -> None:
    with member_week_transaction() as (conn, week, now):
        if week_key != week.key:
            weeks.get(conn, week_key, now)  # refuses an unknown week with its own code
            raise Refused("not_this_week", week=week_key)
        change(conn, week, now, current_member().id)
        record_audit(conn, now, action, detail=week_key)


def _outcome_message(week_key: str) -> str:
    outcome = results.for_week(get_db(), week_key) or results.NO_FILMS
    if outcome.first_id is None:
        return result_reasons.first(settings.schedule(get_db()), outcome)
    winner = nominations.get(get_db(), outcome.first_id)
    return _("The votes are counted. Movie night goes to {title}.").format(title=winner.title)


def _state() -> dict[str, Any]:
    conn = get_db()
    version, week = current_week.current_week_and_version(conn, instants.now())
    return week_state.state(conn, week, current_member(), version)


def _done(place: str | None = None, flash_message: str = "") -> Response:
    return redirect_or_json(
        url_for("week.this_week", _anchor=place), _state, flash_message=flash_message
    )
