"""Parsing of TMDB's JSON; values of an unexpected shape are left out."""

import re
from collections.abc import Iterator
from typing import Any

from movies import genres
from movies.film import Details, Film
from movies.links import HIGHEST_ID
from utils.plain_text import one_line

LONGEST_TITLE = 300
LONGEST_OVERVIEW = 2_000
LONGEST_RUNTIME = 6_000  # minutes
MOST_GENRES = 10

_IMAGE_PATH = re.compile(r"/[A-Za-z0-9_-]{1,100}\.(jpe?g|png|webp)")
_YOUTUBE_KEY = re.compile(r"[A-Za-z0-9_-]{6,20}")
_IMDB_ID = re.compile(r"tt[0-9]{5,12}")
_YEAR = re.compile(r"(18[7-9][0-9]|19[0-9]{2}|2[0-9]{3})-")
IN_THEATERS = 3  # TMDB's number for that kind of release


def films(response: Any) -> list[Film]:
    """Parse the films of a list or a search, in its order."""
    return [film for item in _rows(response, "results") if (film := one_film(item))]


def one_film(item: dict[str, Any]) -> Film | None:
    tmdb_id = _whole(item.get("id"), HIGHEST_ID)
    title = one_line(item.get("title"), LONGEST_TITLE)
    if not tmdb_id or not title:
        return None
    return Film(
        tmdb_id,
        title,
        _year(item.get("release_date")),
        _whole(item.get("runtime"), LONGEST_RUNTIME),
        tuple(dict.fromkeys(_genres(item)))[:MOST_GENRES],
        one_line(item.get("overview"), LONGEST_OVERVIEW),
        _average(item),
        image_path(item.get("poster_path")),
    )


def details(response: Any, country: str) -> Details | None:
    if not isinstance(response, dict) or (film := one_film(response)) is None:
        return None
    return Details(
        film,
        _matching(_IMDB_ID, response.get("imdb_id")),
        image_path(response.get("backdrop_path")),
        next(_certifications(response, country), None),
        _trailer(response),
    )


def image_path(value: object) -> str | None:
    return _matching(_IMAGE_PATH, value)


def _certifications(response: dict[str, Any], country: str) -> Iterator[str]:
    """Yield the country's certifications, those of releases in theaters first."""
    for row in _rows(response.get("release_dates"), "results"):
        if row.get("iso_3166_1") == country:
            releases = _rows(row, "release_dates")
            releases.sort(key=lambda release: release.get("type") != IN_THEATERS)
            for release in releases:
                if certification := one_line(release.get("certification"), 20):
                    yield certification


def _trailer(response: dict[str, Any]) -> str | None:
    """Return the YouTube key of the first official trailer, else of the first trailer."""
    trailers = [
        video
        for video in _rows(response.get("videos"), "results")
        if video.get("site") == "YouTube" and video.get("type") == "Trailer"
    ]
    trailers.sort(key=lambda video: video.get("official") is not True)
    keys = (_matching(_YOUTUBE_KEY, video.get("key")) for video in trailers)
    return next(filter(None, keys), None)


def _genres(item: dict[str, Any]) -> Iterator[str]:
    """Yield genre names: details contain names, lists contain ids."""
    for row in _rows(item, "genres"):
        if name := one_line(row.get("name"), 40):
            yield name
    numbers = item.get("genre_ids")
    for number in numbers if isinstance(numbers, list) else ():
        if isinstance(number, int) and number in genres.NAMES:
            yield genres.NAMES[number]


def _rows(value: Any, name: str) -> list[dict[str, Any]]:
    rows = value.get(name) if isinstance(value, dict) else None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _matching(pattern: re.Pattern[str], value: object) -> str | None:
    return value if isinstance(value, str) and pattern.fullmatch(value) else None


def _whole(value: object, highest: int) -> int | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 < value <= highest else None


def _year(date: object) -> int | None:
    match = _YEAR.match(date) if isinstance(date, str) else None
    return int(match[1]) if match else None


def _average(item: dict[str, Any]) -> float | None:
    """Return TMDB's average rating; None for a film without ratings."""
    average = item.get("vote_average")
    if not isinstance(average, int | float) or isinstance(average, bool):
        return None
    return round(float(average), 1) if 0 < average <= 10 else None
