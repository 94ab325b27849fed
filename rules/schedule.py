"""The schedule of a week: its key, its phases and their starts.

Starts are minutes since Monday 00:00 in the household's zone. Every `datetime` passed in is aware,
every one returned is in UTC.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from rules import Refused

Phase = Literal["nomination", "voting", "results", "skipped"]

DAY = 24 * 60
WEEK = 7 * DAY
ONE_MINUTE = timedelta(minutes=1)
# [0-9], not \d, which also matches the digits of other scripts.
WEEK_KEY = re.compile(r"(19[7-9][0-9]|2[0-9]{3})-W([0-9]{2})")


@dataclass(frozen=True)
class Schedule:
    """The starts of nominating, voting and results; raises Refused for an unknown zone or order."""

    zone: str = "UTC"
    nominating: int = 0
    voting: int = 3 * DAY
    results: int = 4 * DAY + 18 * 60

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.zone)
        except (KeyError, ValueError, OSError) as error:
            raise Refused("zone_unknown", zone=self.zone) from error
        if not 0 <= self.nominating < self.voting < self.results < WEEK:
            raise Refused("schedule_order")


@dataclass(frozen=True)
class Starts:
    """The instants at which a week's phases start; `ends` is the start of the next week."""

    nominating: datetime
    voting: datetime
    results: datetime
    ends: datetime


@dataclass(frozen=True)
class Acts:
    """The recorded acts of a week, done by a member or by the schedule."""

    voting_opened_at: datetime | None = None
    closed_at: datetime | None = None
    skipped_at: datetime | None = None


def week_of(schedule: Schedule, now: datetime) -> str:
    """Return the current week's key; a week begins when its nominating starts."""
    week = _key(now.astimezone(ZoneInfo(schedule.zone)).date())
    return previous_week(week) if now < starts(schedule, week).nominating else week


def is_week(text: str) -> bool:
    """Return True for the key of an existing ISO week of the years 1970 to 2999."""
    try:
        monday(text)
    except ValueError:
        return False
    return True


def monday(week: str) -> date:
    """Return the week's Monday; raises ValueError unless `is_week`."""
    match = WEEK_KEY.fullmatch(week)
    if match is None:
        raise ValueError(f"not a week: {week!r}")
    return date.fromisocalendar(int(match[1]), int(match[2]), 1)


def previous_week(week: str) -> str:
    return _key(monday(week) - timedelta(weeks=1))


@lru_cache(maxsize=256)
def starts(schedule: Schedule, week: str) -> Starts:
    """Return the week's four instants, each later than the one before.

    A DST gap can move a start to the next one or past it; the next one is then a minute later. As
    that can happen across a Monday, the week before is computed as well.
    """
    minutes = (schedule.nominating, schedule.voting, schedule.results)
    first_day, instants = monday(week), list[datetime]()
    for start in [week_start + start for week_start in (-WEEK, 0, WEEK) for start in minutes][:7]:
        instant = _instant(schedule.zone, first_day, start)
        instants.append(max(instant, instants[-1] + ONE_MINUTE) if instants else instant)
    return Starts(*instants[3:])


def last_moment(schedule: Schedule, week: str) -> datetime:
    """Return the last second of the ISO week's Sunday in the household's zone."""
    # Counted back from Monday: if Sunday's last hour is repeated by DST, its second round ends it.
    return _instant(schedule.zone, monday(week), WEEK) - timedelta(seconds=1)


def phase(schedule: Schedule, week: str, acts: Acts, now: datetime) -> Phase:
    """Return the phase by acts and schedule; with an act, a new schedule cannot move it back."""
    if acts.skipped_at:
        return "skipped"
    start = starts(schedule, week)
    if acts.closed_at or now >= start.results:
        return "results"
    if acts.voting_opened_at or now >= start.voting:
        return "voting"
    return "nomination"


def deadline(schedule: Schedule, week: str, phase: Phase) -> datetime:
    """Return the end of a phase by the schedule, also if it was opened early."""
    start = starts(schedule, week)
    ends: dict[Phase, datetime] = {
        "nomination": start.voting,
        "voting": start.results,
        "results": start.ends,
        "skipped": start.ends,
    }
    return ends[phase]


def _key(day: date) -> str:
    year, week, _weekday = day.isocalendar()
    return f"{year:04}-W{week:02}"


def _instant(zone: str, first_day: date, minutes: int) -> datetime:
    """Return local time as UTC: in a DST gap moved forward by the gap, repeated the first one."""
    # Adding to an aware datetime adds to its local time; fold=0 then does the above (PEP 495).
    local = datetime.combine(first_day, time(), ZoneInfo(zone)) + timedelta(minutes=minutes)
    return local.astimezone(UTC)
