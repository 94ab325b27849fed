"""The household's week: its key, its phases and when each begins.

Wall times are minutes since Monday 00:00 in the household's zone; every `datetime` that comes in
is aware, every one that goes out is in UTC.
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
    """When nominating, voting and results start; raises Refused when that makes no sense."""

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
    """The instants at which a week's phases begin; `ends` is where the next week begins."""

    nominating: datetime
    voting: datetime
    results: datetime
    ends: datetime


@dataclass(frozen=True)
class Acts:
    """What was done to a week by hand or by the job, and when."""

    voting_opened_at: datetime | None = None
    closed_at: datetime | None = None
    skipped_at: datetime | None = None


def week_of(schedule: Schedule, now: datetime) -> str:
    """The week that is on: until its nominating starts, it is still the week before."""
    week = _key(now.astimezone(ZoneInfo(schedule.zone)).date())
    return previous_week(week) if now < starts(schedule, week).nominating else week


def is_week(text: str) -> bool:
    """Whether this is the key of a real ISO week of the years 1970 to 2999."""
    try:
        monday(text)
    except ValueError:
        return False
    return True


def monday(week: str) -> date:
    """Raises ValueError for anything that `is_week` denies."""
    match = WEEK_KEY.fullmatch(week)
    if match is None:
        raise ValueError(f"not a week: {week!r}")
    return date.fromisocalendar(int(match[1]), int(match[2]), 1)


def previous_week(week: str) -> str:
    return _key(monday(week) - timedelta(weeks=1))


@lru_cache(maxsize=256)
def starts(schedule: Schedule, week: str) -> Starts:
    """The week's four instants, each later than the one before.

    A start that a spring gap moves forward can meet or overtake the next one, which then follows a
    minute behind it. That can reach across a Monday, so the walk begins a week early.
    """
    walls = (schedule.nominating, schedule.voting, schedule.results)
    first_day, walk = monday(week), list[datetime]()
    for wall in [wall + week_start for week_start in (-WEEK, 0, WEEK) for wall in walls][:7]:
        instant = _instant(schedule.zone, first_day, wall)
        walk.append(max(instant, walk[-1] + ONE_MINUTE) if walk else instant)
    return Starts(*walk[3:])


def last_moment(schedule: Schedule, week: str) -> datetime:
    """The last second of the ISO week's Sunday, on the household's clock."""
    # Counted back from Monday, so that a Sunday evening lived twice ends with its second round.
    return _instant(schedule.zone, monday(week), WEEK) - timedelta(seconds=1)


def phase(schedule: Schedule, week: str, acts: Acts, now: datetime) -> Phase:
    """A recorded act counts whatever the clock says, so a week never goes back."""
    if acts.skipped_at:
        return "skipped"
    begun = starts(schedule, week)
    if acts.closed_at or now >= begun.results:
        return "results"
    if acts.voting_opened_at or now >= begun.voting:
        return "voting"
    return "nomination"


def deadline(schedule: Schedule, week: str, phase: Phase) -> datetime:
    """When the phase ends by the clock; one that was begun early ends no earlier for it."""
    begun = starts(schedule, week)
    ends: dict[Phase, datetime] = {
        "nomination": begun.voting,
        "voting": begun.results,
        "results": begun.ends,
        "skipped": begun.ends,
    }
    return ends[phase]


def _key(day: date) -> str:
    year, week, _weekday = day.isocalendar()
    return f"{year:04}-W{week:02}"


def _instant(zone: str, first_day: date, minutes: int) -> datetime:
    """A wall time as UTC: one in a gap moves forward by the gap, a repeated one is the first."""
    # Sums of one zone go by its wall, and fold=0, the default, means exactly that (PEP 495).
    wall = datetime.combine(first_day, time(), ZoneInfo(zone)) + timedelta(minutes=minutes)
    return wall.astimezone(UTC)
