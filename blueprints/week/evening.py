"""Views that mark a week's film as watched or not; any member may mark it for any member."""

from datetime import datetime, timedelta

from flask import Response

from blueprints.http.auth import current_member, member_week_transaction
from blueprints.http.errors import render_refusals_on
from blueprints.http.forms import Fields, film_name, request_fields
from blueprints.http.responses import redirect_or_json, week_url
from db import Connection, get_db, movies, now_playing, users, watch_history, weeks
from db.users import Member
from db.weeks import Week
from rules import Refused
from services import films, receipts
from utils import instants
from utils.translation import gettext as _

FIRST_YEAR = 1900
TOLERANCE = timedelta(days=1)  # devices differ in clock and zone


@render_refusals_on("history.week")
def watched(week: str) -> Response:
    fields = request_fields()
    tmdb_id = fields.whole("tmdb_id")
    with member_week_transaction() as (conn, current, now):
        that_week = weeks.get(conn, week, now)
        viewers = submitted_viewers(conn, fields)
        movies.store(conn, films.resolve_film(conn, tmdb_id, *film_name(fields)))
        now_playing.delete(conn, week, tmdb_id)
        watch_history.add_evening(
            conn,
            week,
            tmdb_id,
            [viewer.id for viewer in viewers],
            watched_at=_watched_at(fields, that_week, now),
            marked_by=current_member().id,
            now=now,
        )
    names = ", ".join(viewer.name for viewer in viewers)
    return _done(week, current, tmdb_id, _("Marked as watched by {names}.").format(names=names))


@render_refusals_on("history.week")
def unwatched(week: str) -> Response:
    fields = request_fields()
    tmdb_id = fields.whole("tmdb_id")
    with member_week_transaction() as (conn, current, now):
        weeks.get(conn, week, now)
        viewers = _viewers(conn, fields, "nobody_absent")
        watch_history.remove_evening(
            conn,
            week,
            tmdb_id,
            [viewer.id for viewer in viewers],
            by=current_member().id,
            is_admin=current_member().is_admin,
            now=now,
        )
    names = ", ".join(viewer.name for viewer in viewers)
    return _done(week, current, tmdb_id, _("Not watched by {names}.").format(names=names))


def submitted_viewers(conn: Connection, fields: Fields) -> list[Member]:
    """Return the submitted members; refuse none at all, and retired members."""
    viewers = _viewers(conn, fields, "nobody_there")
    for viewer in viewers:
        if viewer.is_retired:
            raise Refused("retired", name=viewer.name)
    return viewers


def _viewers(conn: Connection, fields: Fields, refusal: str) -> list[Member]:
    """Return the submitted members, each once; raise `refusal` if there are none."""
    ids_or_names = fields.many("members")
    if not ids_or_names:
        raise Refused(refusal)
    viewers = [users.find(conn, id_or_name) for id_or_name in ids_or_names]
    return list({viewer.id: viewer for viewer in viewers}.values())


def _watched_at(fields: Fields, week: Week, now: datetime) -> datetime:
    if fields.is_empty("watched_at"):
        return min(week.evening, now)
    try:
        moment = instants.from_text(fields.text("watched_at"))
    except ValueError as error:
        raise Refused("not_an_instant", field="watched_at") from error
    if moment > now + TOLERANCE:
        raise Refused("in_the_future")
    if moment.year < FIRST_YEAR:
        raise Refused("too_long_ago")
    return moment


def _done(week: str, current: Week, tmdb_id: int, flash_message: str) -> Response:
    """Redirect to the week's evening, or return the film's receipts as JSON."""
    to = week_url(week, "evening", is_on=week == current.key)
    return redirect_or_json(
        to,
        lambda: {"receipts": receipts.bodies(get_db(), week, tmdb_id)},
        flash_message=flash_message,
    )
