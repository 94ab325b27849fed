"""Standings of the members over all counted weeks."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

Key = TypeVar("Key")


class Comparable(Protocol):
    def __lt__(self, other: Any, /) -> bool: ...


@dataclass(frozen=True)
class Win:
    week: str
    member: int
    year: int | None
    genres: tuple[str, ...]


@dataclass(frozen=True)
class Share:
    """`part` of `whole`, which is never 0."""

    part: int
    whole: int

    @property
    def ratio(self) -> float:
        return self.part / self.whole


def ranked(standing: Mapping[Key, Comparable]) -> list[Key]:
    """Return the keys, best first; equal ones stay in the order of the mapping."""
    return sorted(standing, key=lambda key: standing[key], reverse=True)


def leaders(standing: Mapping[Key, Comparable]) -> list[Key]:
    """Return the best key, or all that are equal to it."""
    order = ranked(standing)
    return [key for key in order if not standing[key] < standing[order[0]]]


def pickers(shares: Mapping[int, Share]) -> dict[int, tuple[int, float]]:
    """Rank members by the wins of their nominations, then by fewer nominations."""
    return {member: (share.part, share.ratio) for member, share in shares.items()}


def voters(shares: Mapping[int, Share]) -> dict[int, tuple[bool, float]]:
    """Rank members by their share of votes for the winner.

    Behind come those who voted in at most half as many weeks as the member with the most.
    """
    most = max((share.whole for share in shares.values()), default=0)
    return {member: (2 * share.whole > most, share.ratio) for member, share in shares.items()}


def waiting(wins: Sequence[Win], since: Mapping[int, str]) -> dict[int, int]:
    """Map members to the wins since their last, or since their first week; `wins` are in order."""
    weeks = [win.week for win in wins]
    last = {win.member: win.week for win in wins}
    return {
        member: len(weeks)
        - (bisect_right(weeks, last[member]) if member in last else bisect_left(weeks, first))
        for member, first in since.items()
    }


def genres(wins: Iterable[Win]) -> list[tuple[str, int]]:
    """List genres with their wins, most first; a film counts for each of its genres."""
    counts = Counter(genre for win in wins for genre in win.genres)
    return sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))


def decades(wins: Iterable[Win]) -> list[tuple[int, int]]:
    """List decades, as in 1990, with their wins, oldest first."""
    return sorted(Counter(win.year // 10 * 10 for win in wins if win.year).items())
