"""TMDB client: search, lists, details and images. Methods of Tmdb raise only NoAnswer.

The key is a v4 token (sent as a header) or an older v3 key, which TMDB accepts only in the URL;
therefore no message here may contain a URL.
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
SEARCH_DEADLINE = 1.8  # seconds; below the two seconds of a whole search
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


class SourceError(Exception):
    """The source sent no usable response; `retry_after`: seconds from its header, else 0."""

    source = "TMDB"

    def __init__(self, reason: str, retry_after: float = 0.0) -> None:
        super().__init__(f"{self.source}: {reason}")
        self.retry_after = retry_after


class NotFound(SourceError):
    """TMDB does not have this film, show or image."""


@dataclass(frozen=True)
class Tmdb:
    key: str
    api_url: str
    image_url: str

    def search(self, text: str) -> list[Film]:
        """Return films, best match first; a link or a long number is fetched by its id."""
        named = links.film_id(text)
        if named and (not text.isdecimal() or len(text) >= links.FEWEST_DIGITS_OF_AN_ID):
            return self._by_id(named[0])
        text, started = text[:LONGEST_QUERY], time.monotonic()
        found = self._search(SEARCH_DEADLINE, query=text)
        if not found and (match := _WITH_YEAR.fullmatch(text)):
            remaining = max(SEARCH_DEADLINE - (time.monotonic() - started), 0.1)
            found = self._search(
                remaining, query=match["title"], primary_release_year=match["year"]
            )
        return found

    def details(self, tmdb_id: int, country: str) -> Details:
        """Fetch a film; `country` (ISO 3166, two letters) selects the certification."""
        response = self._get(f"/movie/{tmdb_id}", append_to_response="release_dates,videos")
        found = tmdb_answers.details(response, country)
        if found is None or found.film.tmdb_id != tmdb_id:
            raise SourceError("an answer about something else")
        return found

    def show_poster(self, tmdb_id: int) -> str | None:
        """Fetch the path of a show's poster, if it has one."""
        response = self._get(f"/tv/{tmdb_id}")
        return tmdb_answers.image_path(response.get("poster_path"))

    def listing(self, name: str, country: str) -> list[Film]:
        """Fetch a list of LISTS, or the most popular films of a genre."""
        if path := LISTS.get(name):
            return tmdb_answers.films(self._get(path, region=country))
        response = self._get(
            "/discover/movie",
            with_genres=genres.IDS[name],
            sort_by="popularity.desc",
            include_adult="false",
        )
        return tmdb_answers.films(response)

    def image(self, path: str, use: str) -> bytes:
        """Fetch an image, unchecked; `use` is "poster" or "backdrop"."""
        if tmdb_answers.image_path(path) is None:
            raise NotFound("no image of that name")
        url_path = f"/t/p/{IMAGE_SIZES[use]}{path}"
        return _call(self.image_url, url_path, deadline=DEADLINE, largest=LARGEST_IMAGE).body

    def _by_id(self, tmdb_id: int) -> list[Film]:
        try:
            film = tmdb_answers.one_film(self._get(f"/movie/{tmdb_id}", SEARCH_DEADLINE))
        except NotFound:
            return []
        return [film] if film else []

    def _search(self, deadline: float, **params: Any) -> list[Film]:
        response = self._get("/search/movie", deadline, include_adult="false", **params)
        return tmdb_answers.films(response)

    def _get(self, path: str, deadline: float = DEADLINE, **params: Any) -> dict[str, Any]:
        params["language"] = "en-US"
        headers = {"Accept": "application/json"}
        if "." in self.key:  # a v4 token
            headers["Authorization"] = f"Bearer {self.key}"
        else:
            params["api_key"] = self.key
        response = _call(
            self.api_url,
            path,
            deadline=deadline,
            largest=LARGEST_ANSWER,
            headers=headers,
            params=params,
        )
        try:
            body = response.json()
        except ValueError:
            raise SourceError("no JSON") from None
        if not isinstance(body, dict):
            raise SourceError("no object of JSON")
        return body


def _call(base: str, path: str, **options: Any) -> http.Answer:
    try:
        response = http.call("GET", base + path, hosts={urlsplit(base).netloc}, **options)
    except http.Unreachable as error:
        raise SourceError(str(error)) from None
    if response.status == 404:
        raise NotFound("no such thing")
    if response.status != 200:
        raise SourceError(
            _status_message(response.status), _seconds(response.headers.get("Retry-After", ""))
        )
    return response


def _status_message(status: int) -> str:
    return "it refused the key: please check TMDB_API_KEY" if status == 401 else f"status {status}"


def _seconds(retry_after: str) -> float:
    return float(retry_after) if retry_after.isascii() and retry_after.isdigit() else 0.0
