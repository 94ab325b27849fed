"""View that starts, pauses and stops a week's film; any member may do it for all viewers."""

from datetime import datetime

from flask import Response

from blueprints.http.auth import current_member, member_week_transaction
from blueprints.http.errors import render_refusals_on
from blueprints.http.forms import Fields, film_name, request_fields
from blueprints.http.responses import redirect_or_json, week_url
from blueprints.week.evening import submitted_viewers
from db import Connection, get_db, now_playing, users, weeks
from db.now_playing import Playing
from db.weeks import Week
from rules import Refused
from rules import playback as rules
from services import films, playback
from utils.translation import gettext as _


@render_refusals_on("history.week")
def playing(week: str) -> Response:
    fields = request_fields()
    tmdb_id, action = fields.whole("tmdb_id"), fields.text("action")
    if action not in ("start", "pause", "stop"):
        raise Refused("action_unknown", field="action")
    with member_week_transaction() as (conn, current, now):
        weeks.get(conn, week, now)
        film = now_playing.get(conn, week)
        if film and film.tmdb_id == tmdb_id:
            flash_message = _continue(conn, film, action, fields, now)
        elif action == "start":
            if week != current.key:
                raise Refused("not_this_week", week=week)
            flash_message = _start(conn, current, tmdb_id, fields, now)
        else:
            raise Refused("film_not_on")
    to = week_url(week, "evening", is_on=week == current.key)
    return redirect_or_json(
        to,
        lambda: playback.body(get_db(), week, tmdb_id) | {"said": flash_message},
        flash_message=flash_message,
    )


def _continue(conn: Connection, film: Playing, action: str, fields: Fields, now: datetime) -> str:
    """Apply the action to the film that is playing; submitted members replace its viewers."""
    if fields.many("members"):
        film = now_playing.set_viewers(conn, film, _viewer_ids(conn, fields), now)
    if action == "stop":
        return _stop(conn, film, now)
    if action == "pause":
        now_playing.pause(conn, film, now)
        return _("Paused.")
    now_playing.resume(conn, film, now)
    return _("The film is on.")


def _start(conn: Connection, week: Week, tmdb_id: int, fields: Fields, now: datetime) -> str:
    playback.start(
        conn,
        week,
        films.resolve_film(conn, tmdb_id, *film_name(fields)),
        _viewer_ids(conn, fields),
        by=current_member().id,
        replaces_other=fields.flag("instead"),
        now=now,
    )
    return _("The film is on. Enjoy it!")


def _stop(conn: Connection, film: Playing, now: datetime) -> str:
    if playback.stop(conn, film, current_member().id, now):
        names = ", ".join(users.get(conn, user_id).name for user_id in film.members)
        return _("Marked as watched by {names}.").format(names=names)
    return _(
        "Stopped after {reached} %, so it is not marked as watched. If you saw it to its end,"
        " press “We watched it”."
    ).format(reached=round(rules.progress(film.run, now)))


def _viewer_ids(conn: Connection, fields: Fields) -> list[int]:
    return [viewer.id for viewer in submitted_viewers(conn, fields)]
