"""TMDB: its search, its lists, one film in full, and images. Each call raises NoAnswer, no other.

The key is a v4 token (sent as a header) or an older v3 key (TMDB takes it only in the URL), so no
message here holds a URL.
"""

import re
import time
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from movies import genres, links, tmdb_answers
from movies.film import Details, Film
from utils import http

Kind = Literal["film", "show"]
IMAGE_SIZES = {"poster": "w500", "backdrop": "w1280"}
LARGEST_IMAGE = 5 * http.MEGABYTE
LARGEST_ANSWER = 2 * http.MEGABYTE
SEARCH_DEADLINE = 1.8  # seconds; a search answers in two, with TMDB or without
DEADLINE = 15.0
LONGEST_QUERY = 200
LISTS = {
    "trending": "/trending/movie/week",
    "popular": "/movie/popular",
    "top-rated": "/movie/top_rated",
    "in-theaters": "/movie/now_playing",
}

_WITH_YEAR = re.compile(r"(?P<title>.*\S)\s+\(?(?P<year>(?:19|20)[0-9]{2})\)?")


def has_list(name: str) -> bool:
    return name in LISTS or name in genres.IDS


class NoAnswer(Exception):
    """No answer, or none that can be used; `retry_after` in seconds, if the other side told."""

    source = "TMDB"

    def __init__(self, reason: str, retry_after: float = 0.0) -> None:
        super().__init__(f"{self.source}: {reason}")
        self.retry_after = retry_after


class NotThere(NoAnswer):
    """TMDB answered well: it has no such thing."""


@dataclass(frozen=True)
class Tmdb:
    key: str
    api_url: str
    image_url: str

    def search(self, text: str) -> list[Film]:
        """Films that the text may mean, best first; a link or a long number is asked by its id."""
        named = links.film_id(text)
        if named and (not text.isdecimal() or len(text) >= links.FEWEST_DIGITS_OF_AN_ID):
            return self._by_id(named[0])
        text, began = text[:LONGEST_QUERY], time.monotonic()
        found = self._search(SEARCH_DEADLINE, query=text)
        if not found and (match := _WITH_YEAR.fullmatch(text)):
            left = max(SEARCH_DEADLINE - (time.monotonic() - began), 0.1)
            found = self._search(left, query=match["title"], primary_release_year=match["year"])
        return found

    def details(self, tmdb_id: int, country: str) -> Details:
        """`country`: ISO 3166, two letters; certifications differ by it."""
        answer = self._ask(f"/movie/{tmdb_id}", append_to_response="release_dates,videos")
        found = tmdb_answers.details(answer, country)
        if found is None or found.film.tmdb_id != tmdb_id:
            raise NoAnswer("an answer about something else")
        return found

    def show_poster(self, tmdb_id: int) -> str | None:
        """The path of a show's poster, if it has one."""
        answer = self._ask(f"/tv/{tmdb_id}")
        return tmdb_answers.image_path(answer.get("poster_path"))

    def listing(self, name: str, country: str) -> list[Film]:
        """A list of LISTS, or the most popular films of a genre."""
        if path := LISTS.get(name):
            return tmdb_answers.films(self._ask(path, region=country))
        answer = self._ask(
            "/discover/movie",
            with_genres=genres.IDS[name],
            sort_by="popularity.desc",
            include_adult="false",
        )
        return tmdb_answers.films(answer)

    def image(self, path: str, use: str) -> bytes:
        """The file as it came; `use` is "poster" or "backdrop"."""
        if tmdb_answers.image_path(path) is None:
            raise NotThere("no image of that name")
        place = f"/t/p/{IMAGE_SIZES[use]}{path}"
        return _call(self.image_url, place, deadline=DEADLINE, largest=LARGEST_IMAGE).body

    def _by_id(self, tmdb_id: int) -> list[Film]:
        try:
            film = tmdb_answers.one_film(self._ask(f"/movie/{tmdb_id}", SEARCH_DEADLINE))
        except NotThere:
            return []
        return [film] if film else []

    def _search(self, deadline: float, **params: Any) -> list[Film]:
        answer = self._ask("/search/movie", deadline, include_adult="false", **params)
        return tmdb_answers.films(answer)

    def _ask(self, path: str, deadline: float = DEADLINE, **params: Any) -> dict[str, Any]:
        params["language"] = "en-US"
        headers = {"Accept": "application/json"}
        if "." in self.key:  # v4: a signed token
            headers["Authorization"] = f"Bearer {self.key}"
        else:
            params["api_key"] = self.key
        answer = _call(
            self.api_url,
            path,
            deadline=deadline,
            largest=LARGEST_ANSWER,
            headers=headers,
            params=params,
        )
        try:
            body = answer.json()
        except ValueError:
            raise NoAnswer("no JSON") from None
        if not isinstance(body, dict):
            raise NoAnswer("no object of JSON")
        return body


def _call(base: str, path: str, **how: Any) -> http.Answer:
    try:
        answer = http.call("GET", base + path, hosts={urlsplit(base).netloc}, **how)
    except http.Unreachable as error:
        raise NoAnswer(str(error)) from None
    if answer.status == 404:
        raise NotThere("no such thing")
    if answer.status != 200:
        raise NoAnswer(_refusal(answer.status), _seconds(answer.headers.get("Retry-After", "")))
    return answer


def _refusal(status: int) -> str:
    return "it refused the key: please check TMDB_API_KEY" if status == 401 else f"status {status}"


def _seconds(retry_after: str) -> float:
    return float(retry_after) if retry_after.isascii() and retry_after.isdigit() else 0.0
