"""The film that is playing: any member starts, pauses and stops it, for all on the couch."""

from datetime import datetime

from flask import Response

from blueprints.http.auth import current_member, member_week_transaction
from blueprints.http.errors import render_refusals_on
from blueprints.http.forms import Fields, film_name, request_fields
from blueprints.http.responses import redirect_or_json, week_url
from blueprints.week.evening import on_the_couch
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
    tmdb_id, act = fields.whole("tmdb_id"), fields.text("action")
    if act not in ("start", "pause", "stop"):
        raise Refused("action_unknown", field="action")
    with member_week_transaction() as (conn, current, now):
        weeks.get(conn, week, now)
        film = now_playing.of_week(conn, week)
        if film and film.tmdb_id == tmdb_id:
            said = _continue(conn, film, act, fields, now)
        elif act == "start":
            if week != current.key:
                raise Refused("not_this_week", week=week)
            said = _start(conn, current, tmdb_id, fields, now)
        else:
            raise Refused("film_not_on")
    to = week_url(week, "evening", is_on=week == current.key)
    return redirect_or_json(
        to, lambda: playback.body(get_db(), week, tmdb_id) | {"said": said}, flash_message=said
    )


def _continue(conn: Connection, film: Playing, act: str, fields: Fields, now: datetime) -> str:
    """Act on the film that is playing; named members are on the couch from now on."""
    if fields.many("members"):
        film = now_playing.set_viewers(conn, film, _couch(conn, fields), now)
    if act == "stop":
        return _stop(conn, film, now)
    if act == "pause":
        now_playing.pause(conn, film, now)
        return _("Paused.")
    now_playing.resume(conn, film, now)
    return _("The film is on.")


def _start(conn: Connection, week: Week, tmdb_id: int, fields: Fields, now: datetime) -> str:
    playback.start(
        conn,
        week,
        films.resolve_film(conn, tmdb_id, *film_name(fields)),
        _couch(conn, fields),
        by=current_member().id,
        replaces_other=fields.flag("instead"),
        now=now,
    )
    return _("The film is on. Enjoy it!")


def _stop(conn: Connection, film: Playing, now: datetime) -> str:
    if playback.stop(conn, film, current_member().id, now):
        names = ", ".join(users.get(conn, user_id).name for user_id in film.members)
        return _("Marked as watched by {names}.").format(names=names)
    reached = round(rules.progress(film.run, now))
    return _(
        "Stopped after {reached} %, so it is not marked as watched. If you saw it to its end,"
        " press “We watched it”."
    ).format(reached=reached)


def _couch(conn: Connection, fields: Fields) -> list[int]:
    return [viewer.id for viewer in on_the_couch(conn, fields)]
