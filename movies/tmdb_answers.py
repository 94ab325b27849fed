"""TMDB's JSON read with care: whatever has another shape than expected is left out."""

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


def films(answer: Any) -> list[Film]:
    """The films of a list or a search, in its order."""
    return [film for item in _rows(answer, "results") if (film := one_film(item))]


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


def details(answer: Any, country: str) -> Details | None:
    if not isinstance(answer, dict) or (film := one_film(answer)) is None:
        return None
    return Details(
        film,
        _matching(_IMDB_ID, answer.get("imdb_id")),
        image_path(answer.get("backdrop_path")),
        next(_certifications(answer, country), None),
        _trailer(answer),
    )


def image_path(value: object) -> str | None:
    return _matching(_IMAGE_PATH, value)


def _certifications(answer: dict[str, Any], country: str) -> Iterator[str]:
    """Of one country, the one of theaters first."""
    for row in _rows(answer.get("release_dates"), "results"):
        if row.get("iso_3166_1") == country:
            releases = _rows(row, "release_dates")
            for one in sorted(releases, key=lambda one: one.get("type") != IN_THEATERS):
                if certification := one_line(one.get("certification"), 20):
                    yield certification


def _trailer(answer: dict[str, Any]) -> str | None:
    """Of the trailers on YouTube the first official one, else the first."""
    found = [
        video
        for video in _rows(answer.get("videos"), "results")
        if video.get("site") == "YouTube" and video.get("type") == "Trailer"
    ]
    keys = sorted(found, key=lambda video: video.get("official") is not True)
    return next((key for one in keys if (key := _matching(_YOUTUBE_KEY, one.get("key")))), None)


def _genres(item: dict[str, Any]) -> Iterator[str]:
    """Details name them, lists number them."""
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
    """None as well for a film that nobody has rated yet."""
    average = item.get("vote_average")
    if not isinstance(average, int | float) or isinstance(average, bool):
        return None
    return round(float(average), 1) if 0 < average <= 10 else None
