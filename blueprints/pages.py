"""What every template may ask for: who is signed in, and times on the household's clock."""

from datetime import datetime
from gettext import gettext as _
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, g
from flask_login import current_user
from markupsafe import Markup

from db import DatabaseError, get_db, settings
from db.users import Member
from rules import schedule
from utils.instants import from_text, to_text


def init_app(app: Flask) -> None:
    app.context_processor(lambda: {"me": _signed_in()})
    app.jinja_env.filters.update(moment=moment, day=day, facts=facts, week_name=week_name)


def moment(instant: datetime | str) -> Markup:
    """A `<time>` with day and hour."""
    local = _local(instant)
    return _time(instant, f"{_date(local)}, {local:%H:%M}")


def day(instant: datetime | str) -> Markup:
    """A `<time>` with the day and its year."""
    local = _local(instant)
    return _time(instant, f"{_date(local)} {local:%Y}")


def week_name(week: str) -> str:
    """The week as a person says it: by its Monday."""
    monday = schedule.monday(week)
    return _("Week of {day} {month} {year}").format(
        day=monday.day, month=_months()[monday.month - 1], year=monday.year
    )


def facts(film: Any) -> str:
    """Year and runtime, as far as they are known; takes an object or a mapping."""
    names = ("year", "runtime")
    values = film if isinstance(film, dict) else {name: getattr(film, name) for name in names}
    year, runtime = (values.get(name) for name in names)
    known = [str(year)] if year else []
    if runtime:
        known.append(_("{n} min").format(n=runtime))
    return " · ".join(known)


def _signed_in() -> Member | None:
    try:
        return current_user.member if current_user.is_authenticated else None
    except DatabaseError:  # the page that says so must not fail for the same reason
        return None


def _local(instant: datetime | str) -> datetime:
    if "zone" not in g:
        g.zone = ZoneInfo(settings.schedule(get_db()).zone)
    moment = from_text(instant) if isinstance(instant, str) else instant
    return moment.astimezone(g.zone)


def _time(instant: datetime | str, text: str) -> Markup:
    machine = instant if isinstance(instant, str) else to_text(instant)
    return Markup('<time datetime="{}">{}</time>').format(machine, text)


def _date(local: datetime) -> str:
    return f"{_days()[local.weekday()]} {local.day} {_months()[local.month - 1]}"


def _days() -> list[str]:
    return _("Monday Tuesday Wednesday Thursday Friday Saturday Sunday").split()


def _months() -> list[str]:
    return _(
        "January February March April May June July August September October November December"
    ).split()
