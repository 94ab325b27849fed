"""Which film another place means by a title and a year."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from utils.title_text import fold

A_YEAR = 1  # festivals and cinemas, or two countries, differ by as much


class Titled(Protocol):
    @property
    def title(self) -> str: ...
    @property
    def year(self) -> int | None: ...


T = TypeVar("T", bound=Titled)


def match_key(title: str) -> str:
    """Equal for titles that are the same; one of signs alone is only itself."""
    return fold(title) or title


def best_matches(title: str, year: int | None, found: Sequence[T]) -> list[T]:
    """Those so called, of that year; where none is, of the year before or after."""
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
        """The one film that it can be; None when there is none, or more than one."""
        key = fold(title)
        years = self._years.get(key, {}) if key else {}
        if year is None:
            return _only(list(years))
        exact = [tmdb_id for tmdb_id, known in years.items() if known == year]
        near = [tmdb_id for tmdb_id, known in years.items() if known and _is_near(known, year)]
        return _only(exact or near)


def _is_near(one: int, other: int) -> bool:
    return abs(one - other) <= A_YEAR


def _only(found: list[int]) -> int | None:
    return found[0] if len(found) == 1 else None
