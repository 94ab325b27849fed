"""Standings of the members over all counted weeks, from plain counts."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

Who = TypeVar("Who")


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
    """How many of how many; never of none."""

    part: int
    whole: int

    @property
    def ratio(self) -> float:
        return self.part / self.whole


def ranked(standing: Mapping[Who, Comparable]) -> list[Who]:
    """Best first; who is level keeps the order of the mapping."""
    return sorted(standing, key=lambda who: standing[who], reverse=True)


def leaders(standing: Mapping[Who, Comparable]) -> list[Who]:
    """Whoever is first; several when they are level."""
    order = ranked(standing)
    return [who for who in order if not standing[who] < standing[order[0]]]


def pickers(shares: Mapping[int, Share]) -> dict[int, tuple[int, float]]:
    """Whose picks win: the more wins the better, then the fewer nominations they took."""
    return {member: (share.part, share.ratio) for member, share in shares.items()}


def voters(shares: Mapping[int, Share]) -> dict[int, tuple[bool, float]]:
    """Whose votes went to the winner; who voted half as often as another stands behind."""
    most = max((share.whole for share in shares.values()), default=0)
    return {member: (2 * share.whole > most, share.ratio) for member, share in shares.items()}


def waiting(wins: Sequence[Win], since: Mapping[int, str]) -> dict[int, int]:
    """Wins of others since one's own last, or from the week of `since` on; the wins in order."""
    weeks = [win.week for win in wins]
    last = {win.member: win.week for win in wins}
    return {
        member: len(weeks)
        - (bisect_right(weeks, last[member]) if member in last else bisect_left(weeks, first))
        for member, first in since.items()
    }


def genres(wins: Iterable[Win]) -> list[tuple[str, int]]:
    """Wins of each genre, most first; a film counts for every genre it has."""
    counts = Counter(genre for win in wins for genre in win.genres)
    return sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))


def decades(wins: Iterable[Win]) -> list[tuple[int, int]]:
    """Wins of each decade (1990), oldest first, from films whose year is known."""
    return sorted(Counter(win.year // 10 * 10 for win in wins if win.year).items())
