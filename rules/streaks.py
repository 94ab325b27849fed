"""Runs: who won several times in a row, and how many weeks in a row a film was watched."""

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
    """The week it ended in, or has come to."""
    winner: int = 0
    """Whose run of wins it is; 0 for a run of weeks."""


def wins(winners: Iterable[tuple[str, int]]) -> list[Run]:
    """Every run of wins from (week, member) in order; a week without a winner breaks none."""
    runs = []
    for member, weeks in groupby(winners, key=lambda win: win[1]):
        keys = [week for week, _member in weeks]
        runs.append(Run(len(keys), keys[-1], member))
    return runs


def weeks(keys: Iterable[str]) -> list[Run]:
    """Every run of weeks that follow each other, from keys in order."""
    return list(_weeks(keys))


def longest(runs: Iterable[Run]) -> list[Run]:
    """Those that no other is longer than, in their order."""
    runs = list(runs)
    most = max((run.length for run in runs), default=0)
    return [run for run in runs if run.length == most]


def current(runs: list[Run], week: str) -> int:
    """How long the last run is if it has come to this week, or to the one before; else 0."""
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
