"""The film that is on: any member starts it, pauses it and stops it, for all on the couch."""

from datetime import datetime

from flask import Response

from blueprints.history import views as history
from blueprints.http.auth import current_member
from blueprints.http.errors import render_refusals_on
from blueprints.http.forms import Fields, request_fields
from blueprints.http.responses import redirect_or_json, week_url
from blueprints.week import evening
from db import Connection, get_db, movies, now_playing, users, weeks
from db.now_playing import Playing
from db.weeks import Week
from rules import Refused
from rules import playback as rules
from services import current_week, films, playback
from utils import instants
from utils.translation import gettext as _


@render_refusals_on(history.week)
def playing(week: str) -> Response:
    fields = request_fields()
    tmdb_id, act = fields.whole("tmdb_id"), fields.text("action")
    if act not in ("start", "pause", "stop"):
        raise Refused("action_unknown", field="action")
    with current_week.week_transaction() as (conn, current, now):
        that_week = weeks.get(conn, week, now)
        film = now_playing.of_week(conn, week)
        if film and film.tmdb_id == tmdb_id:
            said = _go_on(conn, film, act, fields, now)
        elif act == "start":
            said = _start(conn, that_week, film, tmdb_id, fields, is_on=week == current.key)
        else:
            raise Refused("film_not_on")
    to = week_url(week, "evening", is_on=week == current.key)
    return redirect_or_json(
        to, lambda: playback.response_body(get_db(), week, tmdb_id) | {"said": said}, said=said
    )


def forgotten(conn: Connection, now: datetime) -> list[Playing]:
    """Films that are over, and nobody has stopped them."""
    return [film for film in now_playing.all_on(conn) if rules.unstopped_end(film.run, now)]


def end_forgotten(conn: Connection, now: datetime) -> None:
    """Belongs in a transaction."""
    for film in forgotten(conn, now):
        _end(conn, film, film.started_by, now)


def _go_on(conn: Connection, film: Playing, act: str, fields: Fields, now: datetime) -> str:
    """With the film that is on; whoever is named is on the couch from now on, nobody as before."""
    if fields.many("members"):
        film = now_playing.set_viewers(conn, film, _couch(conn, fields), now)
    if act == "stop":
        return _stopped(conn, film, now)
    if act == "pause":
        now_playing.pause(conn, film, now)
        return _("Paused.")
    now_playing.resume(conn, film, now)
    return _("The film is on.")


def _start(
    conn: Connection,
    week: Week,
    film_on: Playing | None,
    tmdb_id: int,
    fields: Fields,
    *,
    is_on: bool,
) -> str:
    now = instants.now()
    if not is_on:
        raise Refused("not_this_week", week=week.key)
    if week.phase not in ("results", "skipped"):
        raise Refused("votes_not_counted")
    couch = _couch(conn, fields)
    if film_on:
        if not fields.flag("instead"):
            raise Refused("film_is_on", title=films.film_title(conn, film_on.tmdb_id))
        _end(conn, film_on, current_member().id, now)
    movies.store(conn, films.film_from_form(conn, tmdb_id, fields))
    movie = movies.get(conn, tmdb_id)
    runtime = (movie and movie.runtime) or rules.USUAL_RUNTIME
    now_playing.start(
        conn, week.key, tmdb_id, couch, runtime=runtime, by=current_member().id, now=now
    )
    return _("The film is on. Enjoy it!")


def _couch(conn: Connection, fields: Fields) -> list[int]:
    return [viewer.id for viewer in evening.on_the_couch(conn, fields)]


def _stopped(conn: Connection, film: Playing, now: datetime) -> str:
    if _end(conn, film, current_member().id, now):
        names = ", ".join(users.get(conn, user_id).name for user_id in film.members)
        return _("Marked as watched by {names}.").format(names=names)
    reached = round(rules.progress(film.run, now))
    return _(
        "Stopped after {reached} %, so it is not marked as watched. If you saw it to its end,"
        " press “We watched it”."
    ).format(reached=reached)


def _end(conn: Connection, film: Playing, by: int, now: datetime) -> bool:
    """Whether it counts; a film that was over before anybody said so ended then."""
    at = rules.unstopped_end(film.run, now) or now
    return now_playing.stop(conn, film, by=by, now=now, at=at)
