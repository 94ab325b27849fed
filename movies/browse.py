"""Rows of films to look through when nobody has typed anything."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

from movies import bundled, genres
from movies.film import Film
from utils.translation import gettext as _

SHORT = 100  # minutes; a film under it leaves an evening
DECADES = range(2020, 1920, -10)


@dataclass(frozen=True, slots=True)
class Row:
    key: str  # of our URLs; a genre's is its name
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
    """Rows that the bundled list fills."""
    return (
        Row("short", _("Short tonight"), lambda film: (film.runtime or SHORT) < SHORT),
        *(Row(name, _(name), _of_genre(name)) for name in genres.TO_BROWSE),
        *(Row(f"{ten}s", _("{year}s").format(year=ten), _of_decade(ten)) for ten in DECADES),
    )


@lru_cache(maxsize=100)  # a week's rows, few and full
def sample(row: Row, seed: str, most: int) -> tuple[Film, ...]:
    """Films of the bundled list for a row; the same ones for the same seed."""
    fits = row.fits or (lambda _film: False)
    films = [film for film in bundled.all_films() if fits(film)]
    return tuple(_draw(films, f"{seed} {row.key}", most))


def surprise_films(seed: str, most: int) -> list[Film]:
    return _draw(list(bundled.all_films()), seed, most)


def _draw(films: list[Film], seed: str, most: int) -> list[Film]:
    dice = random.Random(seed)  # noqa: S311 - nothing is kept secret with it
    return dice.sample(films, min(most, len(films)))


def _of_genre(name: str) -> Callable[[Film], bool]:
    return lambda film: name in film.genres


def _of_decade(first: int) -> Callable[[Film], bool]:
    return lambda film: first <= (film.year or 0) < first + 10
