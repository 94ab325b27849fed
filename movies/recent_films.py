"""Films that sources returned recently, so that an id from a list or a search is known."""

from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock

from movies.film import Film
from movies.merge_results import fill_missing

MOST = 2_000


class RecentFilms:
    """An LRU cache in memory, safe to use from many threads."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._films: OrderedDict[int, Film] = OrderedDict()
        self._lock = Lock()

    def add(self, films: Iterable[Film]) -> None:
        with self._lock:
            for film in films:
                known = self._films.pop(film.tmdb_id, None)
                self._films[film.tmdb_id] = fill_missing(film, known) if known else film
            while len(self._films) > self._most:
                self._films.popitem(last=False)

    def get(self, tmdb_id: int) -> Film | None:
        with self._lock:
            return self._films.get(tmdb_id)
