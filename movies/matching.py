"""Matching of films by title and year."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from utils.title_text import fold

YEAR_TOLERANCE = 1  # release years differ between festivals and cinemas, and by country


class Titled(Protocol):
    @property
    def title(self) -> str: ...
    @property
    def year(self) -> int | None: ...


T = TypeVar("T", bound=Titled)


def match_key(title: str) -> str:
    """Return a key that is equal for equal titles; a title without letters is its own key."""
    return fold(title) or title


def best_matches(title: str, year: int | None, found: Sequence[T]) -> list[T]:
    """Return those with this title and year, else those of the year before or after."""
    same = [one for one in found if match_key(one.title) == match_key(title)]
    if year is None:
        return same
    exact = [one for one in same if one.year == year]
    return exact or [one for one in same if one.year and _is_near(one.year, year)]


class TitleIndex:
    """Films by their folded titles."""

    def __init__(self, films: Iterable[tuple[int, str, int | None]]) -> None:
        """`films`: TMDB id, title, year."""
        self._years: defaultdict[str, dict[int, int | None]] = defaultdict(dict)
        for tmdb_id, title, year in films:
            self._years[fold(title)][tmdb_id] = year

    def find(self, title: str, year: int | None) -> int | None:
        """Return the TMDB id of the only match; None for no match or several."""
        key = fold(title)
        years = self._years.get(key, {}) if key else {}
        if year is None:
            return _only(list(years))
        exact = [tmdb_id for tmdb_id, known in years.items() if known == year]
        near = [tmdb_id for tmdb_id, known in years.items() if known and _is_near(known, year)]
        return _only(exact or near)


def _is_near(one: int, other: int) -> bool:
    return abs(one - other) <= YEAR_TOLERANCE


def _only(found: list[int]) -> int | None:
    return found[0] if len(found) == 1 else None
