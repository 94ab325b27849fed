"""Dates and weeks as text, in the household's time zone."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from rules import schedule as rules
from rules.schedule import Schedule
from utils.instants import from_text
from utils.translation import gettext as _


def moment(schedule: Schedule, instant: datetime | str) -> str:
    """Return day and hour: "Friday 20 November, 18:00"."""
    local = _local(schedule, instant)
    return _("{weekday} {day} {month}, {time}").format(**_names(local), time=f"{local:%H:%M}")


def day(schedule: Schedule, instant: datetime | str) -> str:
    """Return the day with its year: "Friday 20 November 2026"."""
    return _("{weekday} {day} {month} {year}").format(**_names(_local(schedule, instant)))


def short_day(schedule: Schedule, instant: datetime | str) -> str:
    """Return the day for a narrow column: "20 Nov 2026"."""
    return _("{day} {short_month} {year}").format(**_names(_local(schedule, instant)))


def hour(schedule: Schedule, instant: datetime | str) -> str:
    """Return the time of day: "20:16"."""
    return f"{_local(schedule, instant):%H:%M}"


def minute_of_week(minutes: int) -> str:
    """Return weekday and time from the minutes since Monday 00:00: "Thursday 18:00"."""
    day, rest = divmod(minutes, rules.DAY)
    return f"{_days()[day]} {rest // 60:02}:{rest % 60:02}"


def week_name(week: str) -> str:
    """Return a week's name by its Monday: "Week of 16 November 2026"."""
    return _("Week of {day} {month} {year}").format(**_names(rules.monday(week)))


def movie_night(schedule: Schedule, week: str) -> str:
    """Return the day of a week's movie night: "20 November 2026"."""
    return _("{day} {month} {year}").format(**_names(_movie_night(schedule, week)))


def movie_night_month(schedule: Schedule, week: str) -> str:
    """Return the month of a week's movie night: "November 2026"."""
    return _("{month} {year}").format(**_names(_movie_night(schedule, week)))


def _movie_night(schedule: Schedule, week: str) -> datetime:
    return _local(schedule, rules.starts(schedule, week).results)


def _local(schedule: Schedule, instant: datetime | str) -> datetime:
    moment = from_text(instant) if isinstance(instant, str) else instant
    return moment.astimezone(ZoneInfo(schedule.zone))


def _names(local: date) -> dict[str, str | int]:
    """Return the parts of a date, which each translation puts into its own order."""
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
