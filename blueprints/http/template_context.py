"""Variables and filters of all templates: the signed-in member, dates in the household's zone."""

from datetime import datetime
from typing import Any

from flask import Flask, g
from flask_login import current_user
from markupsafe import Markup

from blueprints.http.responses import guide_url
from db import DatabaseError, get_db, settings
from db.users import Member
from rules.schedule import Schedule
from services import dates, tmdb_fetch
from utils.instants import to_text
from utils.translation import gettext as _


def init_app(app: Flask) -> None:
    app.context_processor(lambda: {"me": _member_or_none(), "uses_tmdb": tmdb_fetch.is_enabled()})
    app.jinja_env.globals["guide_to"] = guide_url
    app.jinja_env.filters.update(
        moment=moment,
        day=day,
        short_day=short_day,
        facts=facts,
        week_name=dates.week_name,
        hour=hour,
    )


def moment(instant: datetime | str) -> Markup:
    """Return a `<time>` with day and hour."""
    return _time(instant, dates.moment(_schedule(), instant))


def day(instant: datetime | str) -> Markup:
    """Return a `<time>` with the day and its year."""
    return _time(instant, dates.day(_schedule(), instant))


def short_day(instant: datetime | str) -> Markup:
    """Return a `<time>` with the day, for a narrow column."""
    return _time(instant, dates.short_day(_schedule(), instant))


def hour(instant: datetime | str) -> str:
    return dates.hour(_schedule(), instant)


def facts(film: Any) -> str:
    """Return the film's known year and runtime; `film` is an object or a dict."""
    names = ("year", "runtime")
    values = film if isinstance(film, dict) else {name: getattr(film, name) for name in names}
    year, runtime = (values.get(name) for name in names)
    texts = [str(year)] if year else []
    if runtime:
        texts.append(_("{n} min").format(n=runtime))
    return " · ".join(texts)


def _schedule() -> Schedule:
    """Return the household's schedule, read once a request."""
    if "schedule" not in g:
        g.schedule = settings.schedule(get_db())
    schedule: Schedule = g.schedule
    return schedule


def _member_or_none() -> Member | None:
    try:
        return current_user.member if current_user.is_authenticated else None
    except DatabaseError:  # the error page about the database must still render
        return None


def _time(instant: datetime | str, text: str) -> Markup:
    machine = instant if isinstance(instant, str) else to_text(instant)
    return Markup('<time datetime="{}">{}</time>').format(machine, text)
