"""The bundled list of films, films.csv; it needs neither network nor API key."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from movies.film import Film
from movies.word_index import START_OF_TITLE, WordIndex

LIST = Path(__file__).with_name("films.csv")


def by_id(tmdb_id: int) -> Film | None:
    return _films().get(tmdb_id)


def search(text: str, limit: int = 20) -> list[Film]:
    """Return the films that match the text, best match first.

    Among titles that begin with it, older films come first, because a series is watched from its
    start; among titles with its words elsewhere, shorter titles come first.
    """
    films, index = _catalogue()
    ranks = index.ranks(text)

    def order(place: int) -> tuple[int, int, int]:
        is_start = ranks[place] == START_OF_TITLE
        return ranks[place], 0 if is_start else len(films[place].title), place

    return [films[place] for place in sorted(ranks, key=order)[: max(limit, 0)]]


def all_films() -> tuple[Film, ...]:
    """Return the whole list, oldest film first."""
    return tuple(_films().values())


@cache
def _films() -> Mapping[int, Film]:
    with LIST.open(encoding="utf-8", newline="") as file:
        return {film.tmdb_id: film for film in map(_film, csv.DictReader(file))}


def _film(row: Mapping[str, str]) -> Film:
    return Film(
        int(row["tmdb_id"]),
        row["title"],
        int(row["year"]),
        int(row["runtime"]),
        tuple(row["genres"].split("|")),
    )


@cache
def _catalogue() -> tuple[tuple[Film, ...], WordIndex]:
    films = tuple(_films().values())
    return films, WordIndex((film.title, film.year) for film in films)
