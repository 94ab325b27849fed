"""Instants and weeks in the words of the household: its clock, its zone."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import g

from db import get_db, settings
from rules import schedule
from rules.schedule import Schedule
from utils.instants import from_text
from utils.translation import gettext as _


def moment(instant: datetime | str) -> str:
    """Day and hour: "Friday 20 November, 18:00"."""
    local = _local(instant)
    return _("{weekday} {day} {month}, {time}").format(**_names(local), time=f"{local:%H:%M}")


def day(instant: datetime | str) -> str:
    """The day and its year: "Friday 20 November 2026"."""
    return _("{weekday} {day} {month} {year}").format(**_names(_local(instant)))


def short_day(instant: datetime | str) -> str:
    """The day and its year where room is scarce: "20 Nov 2026"."""
    return _("{day} {short_month} {year}").format(**_names(_local(instant)))


def hour(instant: datetime | str) -> str:
    """The time of day: "20:16"."""
    return f"{_local(instant):%H:%M}"


def of_week(minutes: int) -> str:
    """A moment of every week, from the minutes since its Monday: "Thursday 18:00"."""
    day, rest = divmod(minutes, schedule.DAY)
    return f"{_days()[day]} {rest // 60:02}:{rest % 60:02}"


def week_name(week: str) -> str:
    """The week as a person says it: by its Monday."""
    return _("Week of {day} {month} {year}").format(**_names(schedule.monday(week)))


def evening(week: str) -> str:
    """The day of a week's movie night: "20 November 2026"."""
    return _("{day} {month} {year}").format(**_names(_movie_night(week)))


def month(week: str) -> str:
    """The month of a week's movie night: "November 2026"."""
    return _("{month} {year}").format(**_names(_movie_night(week)))


def _movie_night(week: str) -> datetime:
    return _local(schedule.starts(_schedule(), week).results)


def _local(instant: datetime | str) -> datetime:
    moment = from_text(instant) if isinstance(instant, str) else instant
    return moment.astimezone(ZoneInfo(_schedule().zone))


def _schedule() -> Schedule:
    """Read once for each request or command."""
    if "schedule" not in g:
        g.schedule = settings.schedule(get_db())
    chosen: Schedule = g.schedule
    return chosen


def _names(local: date) -> dict[str, str | int]:
    """What a date is written with; each sentence puts it in the order of its language."""
    return {
        "weekday": _days()[local.weekday()],
        "day": local.day,
        "month": _months()[local.month - 1],
        "short_month": _short_months()[local.month - 1],
        "year": local.year,
    }


def _days() -> list[str]:
    return _("Monday Tuesday Wednesday Thursday Friday Saturday Sunday").split()


def _months() -> list[str]:
    return _(
        "January February March April May June July August September October November December"
    ).split()


def _short_months() -> list[str]:
    return _("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec").split()
