"""Rows of films to browse: by list, genre and decade."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

from movies import bundled, genres
from movies.film import Film
from utils.translation import gettext as _

SHORT = 100  # minutes
DECADES = range(2020, 1920, -10)


@dataclass(frozen=True, slots=True)
class Row:
    key: str  # as in URLs; for a genre its name
    title: str
    fits: Callable[[Film], bool] | None = None  # None: only TMDB can fill it


@cache
def tmdb_rows() -> tuple[Row, ...]:
    lists = [
        Row("trending", _("Trending this week")),
        Row("popular", _("Popular")),
        Row("top-rated", _("Top rated")),
        Row("in-theaters", _("In theaters")),
    ]
    return (*lists, *(Row(name, _(name)) for name in genres.TO_BROWSE))


@cache
def bundled_rows() -> tuple[Row, ...]:
    return (
        Row("short", _("Short tonight"), lambda film: (film.runtime or SHORT) < SHORT),
        *(Row(name, _(name), _of_genre(name)) for name in genres.TO_BROWSE),
        *(Row(f"{ten}s", _("{year}s").format(year=ten), _of_decade(ten)) for ten in DECADES),
    )


@lru_cache(maxsize=100)  # about the rows of a week, in two sizes
def sample(row: Row, seed: str, limit: int) -> tuple[Film, ...]:
    """Pick bundled films for a row; the same seed gives the same films."""
    fits = row.fits or (lambda _film: False)
    films = [film for film in bundled.all_films() if fits(film)]
    return tuple(_sample(films, f"{seed} {row.key}", limit))


def surprise_films(seed: str, limit: int) -> list[Film]:
    return _sample(list(bundled.all_films()), seed, limit)


def _sample(films: list[Film], seed: str, limit: int) -> list[Film]:
    generator = random.Random(seed)  # noqa: S311 - not used for secrets
    return generator.sample(films, min(limit, len(films)))


def _of_genre(name: str) -> Callable[[Film], bool]:
    return lambda film: name in film.genres


def _of_decade(first: int) -> Callable[[Film], bool]:
    return lambda film: first <= (film.year or 0) < first + 10
