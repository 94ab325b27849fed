"""The worker's side of fetching: one task at a time, and what it brings home is kept."""

import logging
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from flask import Flask

import db
from db import Connection, DatabaseError, get_db, movies, settings, transaction
from db.movies import Movie
from movies.film import Details
from movies.tmdb import NoAnswer, NotThere, Tmdb
from services import tmdb_fetch
from services.tmdb_fetch import DAY, Fetching, Task
from utils import instants
from utils.circuit_breaker import CircuitBreaker

RETRY_SOON, RETRY_LATER = 15.0, 5 * 60.0  # seconds before a task is tried again

Result = TypeVar("Result")
log = logging.getLogger(__name__)


class CircuitOpen(NoAnswer):
    """Not asked, because the other side has just failed."""


def run_worker(app: Flask) -> None:
    """Until the queue is closed; the thread's connection ends with it."""
    queue = tmdb_fetch.of_app(app).queue
    while (task := queue.take()) is not None:
        with app.app_context():
            queue.done(task, run_task(task))
    db.close_db(app)


def run_pending() -> None:
    """What waits now, in this thread."""
    queue = tmdb_fetch.current().queue
    while (task := queue.take(wait=False)) is not None:
        queue.done(task, run_task(task))


def run_task(task: Task) -> float:
    """Do the task; answers for how many seconds nobody need ask for it again."""
    here = tmdb_fetch.current()
    if here.tmdb is None:
        return DAY
    return _attempt(task, partial(_do, task, here, here.tmdb))


def _attempt(task: Task, act: Callable[[], None]) -> float:
    try:
        act()
    except CircuitOpen:
        return RETRY_SOON
    except NotThere:
        return DAY
    except (NoAnswer, OSError, DatabaseError) as error:
        log.warning("%s: %s", task, error)
        return RETRY_LATER
    except Exception:
        log.exception("%s failed", task)
        return RETRY_LATER
    return 0.0


def _do(task: Task, here: Fetching, tmdb: Tmdb) -> None:
    conn = get_db()
    if task.what == "details":
        _details(task.tmdb_id, here, tmdb, conn)
    elif task.what == "list":
        country = settings.country(conn)
        films = _guarded_call(here.api, lambda: tmdb.listing(task.key, country))
        here.recent.keep(films)
        here.lists[task.key] = films, instants.now()
    else:
        _image(task, _path(task, here, tmdb, conn), here, tmdb)


def _details(tmdb_id: int, here: Fetching, tmdb: Tmdb, conn: Connection) -> None:
    """A film in full. Its images come first: screens look for them once its row changes."""
    old = movies.get(conn, tmdb_id)
    if tmdb_fetch.is_fresh(old):
        return
    country = settings.country(conn)
    found = _guarded_call(here.api, lambda: tmdb.details(tmdb_id, country))
    for use, path in (("poster", found.film.poster_path), ("backdrop", found.backdrop_path)):
        is_old = here.images.has("film", tmdb_id, use) and path == tmdb_fetch.image_path(
            tmdb_id, use, old
        )
        if path and not is_old:
            image = Task(use, tmdb_id=tmdb_id)
            here.queue.avoid(image, _attempt(image, partial(_image, image, path, here, tmdb)))
    with transaction(conn):
        if settings.country(conn) == country:
            movies.store_details(conn, _movie(found), instants.now())


def _image(task: Task, path: str, here: Fetching, tmdb: Tmdb) -> None:
    data = _guarded_call(here.image_host, lambda: tmdb.image(path, task.what))
    if not here.images.keep(task.kind, task.tmdb_id, task.what, data):
        raise NotThere("what came is no image that we show")


def _path(task: Task, here: Fetching, tmdb: Tmdb, conn: Connection) -> str:
    if task.kind == "show":
        path = _guarded_call(here.api, lambda: tmdb.show_poster(task.tmdb_id))
    else:
        path = tmdb_fetch.image_path(task.tmdb_id, task.what, movies.get(conn, task.tmdb_id))
    if path is None:
        raise NotThere("it has none")
    return path


def _guarded_call(breaker: CircuitBreaker, ask: Callable[[], Result]) -> Result:
    if breaker.is_open:
        raise CircuitOpen("left alone for a while")
    try:
        answer = ask()
    except NotThere:
        breaker.succeeded()
        raise
    except NoAnswer as error:
        breaker.failed(error.retry_after)
        raise
    breaker.succeeded()
    return answer


def _movie(found: Details) -> Movie:
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
