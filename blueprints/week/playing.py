"""The film that is on: any member starts it, pauses it and stops it, for all on the couch."""

from datetime import datetime

from flask import Response

from blueprints import clock
from blueprints.answers import done, week_page
from blueprints.errors import shown_on
from blueprints.films import catalogue
from blueprints.gate import me
from blueprints.history import views as history
from blueprints.reading import Fields, read
from blueprints.week import evening, now_watching
from db import Connection, get_db, movies, playings, users, weeks
from db.playings import Playing
from db.weeks import Week
from rules import Refused
from rules import playing as rules
from utils import instants
from utils.translation import gettext as _


@shown_on(history.week)
def playing(week: str) -> Response:
    fields = read()
    tmdb_id, act = fields.whole("tmdb_id"), fields.text("action")
    if act not in ("start", "pause", "stop"):
        raise Refused("action_unknown", field="action")
    with clock.acting() as (conn, current, now):
        that_week = weeks.get(conn, week, now)
        film = playings.on(conn, week)
        if film and film.tmdb_id == tmdb_id:
            said = _go_on(conn, film, act, fields, now)
        elif act == "start":
            said = _start(conn, that_week, film, tmdb_id, fields, is_on=week == current.key)
        else:
            raise Refused("film_not_on")
    to = week_page(week, "evening", is_on=week == current.key)
    return done(to, lambda: now_watching.body(get_db(), week, tmdb_id) | {"said": said}, said=said)


def forgotten(conn: Connection, now: datetime) -> list[Playing]:
    """Films that are over, and nobody has stopped them."""
    return [film for film in playings.all_on(conn) if rules.forgotten_at(film.run, now)]


def end_forgotten(conn: Connection, now: datetime) -> None:
    """Belongs in a transaction."""
    for film in forgotten(conn, now):
        _end(conn, film, film.started_by, now)


def _go_on(conn: Connection, film: Playing, act: str, fields: Fields, now: datetime) -> str:
    """With the film that is on; whoever is named is on the couch from now on, nobody as before."""
    if fields.many("members"):
        film = playings.seat(conn, film, _couch(conn, fields), now)
    if act == "stop":
        return _stopped(conn, film, now)
    if act == "pause":
        playings.pause(conn, film, now)
        return _("Paused.")
    playings.resume(conn, film, now)
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
            raise Refused("film_is_on", title=catalogue.title(conn, film_on.tmdb_id))
        _end(conn, film_on, me().id, now)
    movies.remember(conn, catalogue.named(conn, tmdb_id, fields))
    movie = movies.get(conn, tmdb_id)
    runtime = (movie and movie.runtime) or rules.USUAL_RUNTIME
    playings.begin(conn, week.key, tmdb_id, couch, runtime=runtime, by=me().id, now=now)
    return _("The film is on. Enjoy it!")


def _couch(conn: Connection, fields: Fields) -> list[int]:
    return [viewer.id for viewer in evening.on_the_couch(conn, fields)]


def _stopped(conn: Connection, film: Playing, now: datetime) -> str:
    if _end(conn, film, me().id, now):
        names = ", ".join(users.get(conn, user_id).name for user_id in film.members)
        return _("Marked as watched by {names}.").format(names=names)
    reached = round(rules.progress(film.run, now))
    return _(
        "Stopped after {reached} %, so it is not marked as watched. If you saw it to its end,"
        " press “We watched it”."
    ).format(reached=reached)


def _end(conn: Connection, film: Playing, by: int, now: datetime) -> bool:
    """Whether it counts; a film that was over before anybody said so ended then."""
    at = rules.forgotten_at(film.run, now) or now
    return playings.stop(conn, film, by=by, now=now, at=at)
