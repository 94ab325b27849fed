"""Background fetches of details, images and lists from TMDB; pages never wait for them.

Without an API key nothing is fetched. services/jobs.py starts the worker.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar, cast

from flask import Flask, current_app

import db
from db import Connection, DatabaseError, get_db, movies, settings, transaction
from db.movies import Movie
from movies import browse
from movies.film import Details, Film
from movies.image_cache import ImageCache
from movies.recent_films import RecentFilms
from movies.tmdb import Kind, NotFound, SourceError, Tmdb
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
    """Queue a task; return True if it is queued or running."""
    return is_enabled() and current().queue.put(task, is_urgent)


def request_details(tmdb_id: int, known: Movie | None = None, is_urgent: bool = True) -> bool:
    """Queue the film's details unless they are fresh; return True if queued or running.

    Urgent requests, for a film that a member opened, run before the posters of lists.
    """
    return not is_fresh(known) and request(Task("details", tmdb_id=tmdb_id), is_urgent)


def request_poster(kind: Kind, tmdb_id: int, known: Movie | None) -> bool:
    """Queue a poster; for a film without a known path its details, which include the poster."""
    has_path = image_path(tmdb_id, "poster", known) is not None
    if kind == "show" or has_path:
        return request(Task("poster", kind, tmdb_id))
    return request_details(tmdb_id, known, is_urgent=False)


def image_path(tmdb_id: int, use: str, known: Movie | None) -> str | None:
    """Return the path of the image at TMDB, if known."""
    if known and (path := known.poster_path if use == "poster" else known.backdrop_path):
        return path
    film = current().recent.get(tmdb_id) if use == "poster" else None
    return film.poster_path if film else None


def cached_list(key: str) -> list[Film]:
    """Return the last fetched list, and queue a fetch if it is old or missing."""
    films, fetched_at = current().lists.get(key, ([], None))
    if fetched_at is None or instants.now() - fetched_at > LISTS_MAX_AGE:
        request(Task("list", key=key))
    return films


def request_lists() -> None:
    """Queue all lists, so that the first visitor finds them."""
    for row in browse.tmdb_rows():
        cached_list(row.key)


def is_fresh(movie: Movie | None) -> bool:
    if movie is None or movie.looked_up_at is None:
        return False
    return instants.now() - from_text(movie.looked_up_at) < DETAILS_MAX_AGE


RETRY_SOON, RETRY_LATER = 15.0, 5 * 60.0  # seconds before a task is tried again

Result = TypeVar("Result")
log = logging.getLogger(__name__)


class CircuitOpen(SourceError):
    """No request was made, because recent ones failed."""


def run_worker(app: Flask) -> None:
    """Run tasks until the queue is closed, then close the thread's connection."""
    queue = of_app(app).queue
    while (task := queue.take()) is not None:
        with app.app_context():
            queue.done(task, run_task(task))
    db.close_db(app)


def run_pending() -> None:
    """Run the queued tasks in this thread."""
    queue = current().queue
    while (task := queue.take(wait=False)) is not None:
        queue.done(task, run_task(task))


def run_task(task: Task) -> float:
    """Run the task; return the seconds for which the queue refuses it."""
    fetching = current()
    if fetching.tmdb is None:
        return DAY
    return _attempt(task, partial(_run, task, fetching, fetching.tmdb))


def _attempt(task: Task, run: Callable[[], None]) -> float:
    try:
        run()
    except CircuitOpen:
        return RETRY_SOON
    except NotFound:
        return DAY
    except (SourceError, OSError, DatabaseError) as error:
        log.warning("%s: %s", task, error)
        return RETRY_LATER
    except Exception:
        log.exception("%s failed", task)
        return RETRY_LATER
    return 0.0


def _run(task: Task, fetching: Fetching, tmdb: Tmdb) -> None:
    conn = get_db()
    if task.what == "details":
        _fetch_details(task.tmdb_id, fetching, tmdb, conn)
    elif task.what == "list":
        country = settings.country(conn)
        films = _guarded_call(fetching.api, lambda: tmdb.listing(task.key, country))
        fetching.recent.add(films)
        fetching.lists[task.key] = films, instants.now()
    else:
        _fetch_image(task, _path(task, fetching, tmdb, conn), fetching, tmdb)


def _fetch_details(tmdb_id: int, fetching: Fetching, tmdb: Tmdb, conn: Connection) -> None:
    """Fetch and store a film's details, its images first: pages show them once its row changes."""
    old = movies.get(conn, tmdb_id)
    if is_fresh(old):
        return
    country = settings.country(conn)
    found = _guarded_call(fetching.api, lambda: tmdb.details(tmdb_id, country))
    for use, path in (("poster", found.film.poster_path), ("backdrop", found.backdrop_path)):
        is_cached = fetching.images.has("film", tmdb_id, use) and path == image_path(
            tmdb_id, use, old
        )
        if path and not is_cached:
            image = Task(use, tmdb_id=tmdb_id)
            fetching.queue.avoid(
                image, _attempt(image, partial(_fetch_image, image, path, fetching, tmdb))
            )
    with transaction(conn):
        if settings.country(conn) == country:
            movies.store_details(conn, _movie_from(found), instants.now())


def _fetch_image(task: Task, path: str, fetching: Fetching, tmdb: Tmdb) -> None:
    data = _guarded_call(fetching.image_host, lambda: tmdb.image(path, task.what))
    if not fetching.images.store(task.kind, task.tmdb_id, task.what, data):
        raise NotFound("what came is no image that we show")


def _path(task: Task, fetching: Fetching, tmdb: Tmdb, conn: Connection) -> str:
    if task.kind == "show":
        path = _guarded_call(fetching.api, lambda: tmdb.show_poster(task.tmdb_id))
    else:
        path = image_path(task.tmdb_id, task.what, movies.get(conn, task.tmdb_id))
    if path is None:
        raise NotFound("it has none")
    return path


def _guarded_call(breaker: CircuitBreaker, fetch: Callable[[], Result]) -> Result:
    if breaker.is_open:
        raise CircuitOpen("left alone for a while")
    try:
        result = fetch()
    except NotFound:
        breaker.succeeded()
        raise
    except SourceError as error:
        breaker.failed(error.retry_after)
        raise
    breaker.succeeded()
    return result


def _movie_from(found: Details) -> Movie:
    film = found.film
    return Movie(
        film.tmdb_id,
        film.title,
        film.year,
        film.runtime,
        film.genres,
        found.imdb_id,
        film.overview,
        film.rating,
        film.poster_path,
        found.backdrop_path,
        found.certification,
        found.trailer,
    )
