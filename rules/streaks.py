"""Streaks: wins in a row by one member, and weeks in a row with an evening."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from rules import schedule

A_WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Run:
    length: int
    until: str
    """The last week of the streak."""
    winner: int = 0
    """The member; 0 for a streak of weeks."""


def wins(winners: Iterable[tuple[str, int]]) -> list[Run]:
    """List the streaks of wins from (week, member) in order; a week without a winner ends none."""
    runs = []
    for member, weeks in groupby(winners, key=lambda win: win[1]):
        keys = [week for week, _member in weeks]
        runs.append(Run(len(keys), keys[-1], member))
    return runs


def weeks(keys: Iterable[str]) -> list[Run]:
    """List the streaks of consecutive weeks, from weeks in order."""
    return list(_weeks(keys))


def longest(runs: Iterable[Run]) -> list[Run]:
    """Return the longest run, or all that are as long."""
    runs = list(runs)
    most = max((run.length for run in runs), default=0)
    return [run for run in runs if run.length == most]


def current(runs: list[Run], week: str) -> int:
    """Return the length of the last run if it reaches `week` or the one before, else 0."""
    if not runs or runs[-1].until < schedule.previous_week(week):
        return 0
    return runs[-1].length


def _weeks(keys: Iterable[str]) -> Iterator[Run]:
    length, last, expected = 0, "", None
    for key in keys:
        monday = schedule.monday(key)
        if length and monday != expected:
            yield Run(length, last)
            length = 0
        length, last, expected = length + 1, key, monday + A_WEEK
    if length:
        yield Run(length, last)
