"""Instants and weeks in the words of the household: its clock, its zone."""

from datetime import datetime
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
    return f"{_weekday(local)}, {local:%H:%M}"


def day(instant: datetime | str) -> str:
    """The day and its year: "Friday 20 November 2026"."""
    local = _local(instant)
    return f"{_weekday(local)} {local.year}"


def short_day(instant: datetime | str) -> str:
    """The day and its year where room is scarce: "20 Nov 2026"."""
    local = _local(instant)
    return f"{local.day} {_short_months()[local.month - 1]} {local.year}"


def hour(instant: datetime | str) -> str:
    """The time of day: "20:16"."""
    return f"{_local(instant):%H:%M}"


def of_week(minutes: int) -> str:
    """A moment of every week, from the minutes since its Monday: "Thursday 18:00"."""
    day, rest = divmod(minutes, schedule.DAY)
    return f"{_days()[day]} {rest // 60:02}:{rest % 60:02}"


def week_name(week: str) -> str:
    """The week as a person says it: by its Monday."""
    monday = schedule.monday(week)
    return _("Week of {day} {month} {year}").format(
        day=monday.day, month=_months()[monday.month - 1], year=monday.year
    )


def evening(week: str) -> str:
    """The day of a week's movie night: "20 November 2026"."""
    local = _movie_night(week)
    return f"{local.day} {_months()[local.month - 1]} {local.year}"


def month(week: str) -> str:
    """The month of a week's movie night: "November 2026"."""
    local = _movie_night(week)
    return f"{_months()[local.month - 1]} {local.year}"


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


def _weekday(local: datetime) -> str:
    return f"{_days()[local.weekday()]} {local.day} {_months()[local.month - 1]}"


def _days() -> list[str]:
    return _("Monday Tuesday Wednesday Thursday Friday Saturday Sunday").split()


def _months() -> list[str]:
    return _(
        "January February March April May June July August September October November December"
    ).split()


def _short_months() -> list[str]:
    return _("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec").split()
