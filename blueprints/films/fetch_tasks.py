"""The worker's side of fetching: one task at a time, and what it brings home is kept."""

import logging
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from flask import Flask

import db
from blueprints.films import fetching
from blueprints.films.fetching import DAY, Fetching, Task
from db import Connection, DatabaseError, get_db, movies, settings, transaction
from db.movies import Movie
from movies.film import Details
from movies.tmdb import NoAnswer, NotThere, Tmdb
from utils import instants
from utils.breaker import Breaker

SOON, A_WHILE = 15.0, 5 * 60.0  # seconds before a task is tried again

Result = TypeVar("Result")
log = logging.getLogger(__name__)


class LeftAlone(NoAnswer):
    """Not asked, because the other side has just failed."""


def work(app: Flask) -> None:
    """Until the queue is closed; the thread's connection ends with it."""
    queue = fetching.of(app).queue
    while (task := queue.take()) is not None:
        with app.app_context():
            queue.done(task, rest(task))
    db.close_db(app)


def work_off() -> None:
    """What waits now, in this thread."""
    queue = fetching.current().queue
    while (task := queue.take(wait=False)) is not None:
        queue.done(task, rest(task))


def rest(task: Task) -> float:
    """Do the task; answers for how many seconds nobody need ask for it again."""
    here = fetching.current()
    if here.tmdb is None:
        return DAY
    return _attempted(task, partial(_do, task, here, here.tmdb))


def _attempted(task: Task, act: Callable[[], None]) -> float:
    try:
        act()
    except LeftAlone:
        return SOON
    except NotThere:
        return DAY
    except (NoAnswer, OSError, DatabaseError) as error:
        log.warning("%s: %s", task, error)
        return A_WHILE
    except Exception:
        log.exception("%s failed", task)
        return A_WHILE
    return 0.0


def _do(task: Task, here: Fetching, tmdb: Tmdb) -> None:
    conn = get_db()
    if task.what == "details":
        _details(task.tmdb_id, here, tmdb, conn)
    elif task.what == "list":
        country = settings.country(conn)
        films = _asked(here.api, lambda: tmdb.listing(task.key, country))
        here.recent.keep(films)
        here.lists[task.key] = films, instants.now()
    else:
        _image(task, _path(task, here, tmdb, conn), here, tmdb)


def _details(tmdb_id: int, here: Fetching, tmdb: Tmdb, conn: Connection) -> None:
    """A film in full. Its images come first: screens look for them once its row changes."""
    old = movies.get(conn, tmdb_id)
    if fetching.is_fresh(old):
        return
    country = settings.country(conn)
    found = _asked(here.api, lambda: tmdb.details(tmdb_id, country))
    for use, path in (("poster", found.film.poster_path), ("backdrop", found.backdrop_path)):
        is_old = here.images.has("film", tmdb_id, use) and path == fetching.path(tmdb_id, use, old)
        if path and not is_old:
            image = Task(use, tmdb_id=tmdb_id)
            here.queue.avoid(image, _attempted(image, partial(_image, image, path, here, tmdb)))
    with transaction(conn):
        if settings.country(conn) == country:
            movies.look_up(conn, _movie(found), instants.now())


def _image(task: Task, path: str, here: Fetching, tmdb: Tmdb) -> None:
    data = _asked(here.image_host, lambda: tmdb.image(path, task.what))
    if not here.images.keep(task.kind, task.tmdb_id, task.what, data):
        raise NotThere("what came is no image that we show")


def _path(task: Task, here: Fetching, tmdb: Tmdb, conn: Connection) -> str:
    if task.kind == "show":
        path = _asked(here.api, lambda: tmdb.show_poster(task.tmdb_id))
    else:
        path = fetching.path(task.tmdb_id, task.what, movies.get(conn, task.tmdb_id))
    if path is None:
        raise NotThere("it has none")
    return path


def _asked(breaker: Breaker, ask: Callable[[], Result]) -> Result:
    if breaker.is_open:
        raise LeftAlone("left alone for a while")
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
