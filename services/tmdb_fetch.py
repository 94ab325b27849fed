"""What is fetched from TMDB in the background: pages ask for it, show what is there, never wait.

Without a key all of this is idle. The worker that does the tasks is started by serving/jobs.py.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

from flask import Flask, current_app

from db.movies import Movie
from movies import browse
from movies.film import Film
from movies.image_cache import ImageCache
from movies.recent import RecentFilms
from movies.tmdb import Kind, Tmdb
from utils import instants
from utils.circuit_breaker import CircuitBreaker
from utils.instants import from_text
from utils.work_queue import WorkQueue

MOST_TASKS = 500
DETAILS_MAX_AGE = timedelta(days=30)
LISTS_MAX_AGE = timedelta(hours=6)
DAY = 24 * 60 * 60.0


@dataclass(frozen=True)
class Task:
    what: str  # "details", "poster", "backdrop" of an id; "list" of a key
    kind: Kind = "film"
    tmdb_id: int = 0
    key: str = ""

    def __str__(self) -> str:
        return f"the {self.what} of {self.key or f'{self.kind} {self.tmdb_id}'}"


@dataclass
class Fetching:
    tmdb: Tmdb | None
    images: ImageCache
    queue: WorkQueue[Task] = field(default_factory=lambda: WorkQueue(MOST_TASKS))
    recent: RecentFilms = field(default_factory=RecentFilms)
    lists: dict[str, tuple[list[Film], datetime]] = field(default_factory=dict)
    api: CircuitBreaker = field(default_factory=CircuitBreaker)
    image_host: CircuitBreaker = field(default_factory=CircuitBreaker)


def init_app(app: Flask) -> None:
    config = app.config
    key = config["TMDB_API_KEY"]
    app.extensions["fetching"] = Fetching(
        Tmdb(key, config["TMDB_API_URL"], config["TMDB_IMAGE_URL"]) if key else None,
        ImageCache(config["DATA_DIR"] / "posters"),
    )


def of_app(app: Flask) -> Fetching:
    return cast(Fetching, app.extensions["fetching"])


def current() -> Fetching:
    return of_app(current_app)


def is_enabled() -> bool:
    return current().tmdb is not None


def request(task: Task, is_urgent: bool = False) -> bool:
    """Whether it is under way, and so worth another look soon."""
    return is_enabled() and current().queue.put(task, is_urgent)


def request_details(tmdb_id: int, known: Movie | None = None, is_urgent: bool = True) -> bool:
    """Of a film that somebody has opened or named: before the posters of rows that went by."""
    return not is_fresh(known) and request(Task("details", tmdb_id=tmdb_id), is_urgent)


def request_poster(kind: Kind, tmdb_id: int, known: Movie | None) -> bool:
    """Of a film of which nothing is known, the details come with it."""
    has_path = image_path(tmdb_id, "poster", known) is not None
    if kind == "show" or has_path:
        return request(Task("poster", kind, tmdb_id))
    return request_details(tmdb_id, known, is_urgent=False)


def image_path(tmdb_id: int, use: str, known: Movie | None) -> str | None:
    """Where TMDB keeps the image, as far as we were told."""
    if known and (kept := known.poster_path if use == "poster" else known.backdrop_path):
        return kept
    film = current().recent.get(tmdb_id) if use == "poster" else None
    return film.poster_path if film else None


def cached_list(key: str) -> list[Film]:
    """A list as it came last; an old one is shown while a new one is fetched."""
    films, since = current().lists.get(key, ([], None))
    if since is None or instants.now() - since > LISTS_MAX_AGE:
        request(Task("list", key=key))
    return films


def request_lists() -> None:
    """Before anybody asks, so that the first visitor finds them."""
    for row in browse.of_tmdb():
        cached_list(row.key)


def is_fresh(movie: Movie | None) -> bool:
    if movie is None or movie.looked_up_at is None:
        return False
    return instants.now() - from_text(movie.looked_up_at) < DETAILS_MAX_AGE
