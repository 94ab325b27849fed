"""Search of films: asks all sources in parallel and merges their results; never raises."""

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from functools import partial

from movies import bundled, file_names, links
from movies.film import Film
from movies.merge_results import fill_missing, merge_answers
from movies.tmdb import SourceError
from utils.title_text import fold, placeholder_title

__all__ = ["Film", "Source", "search"]

Source = Callable[[str], list[Film]]

PATIENCE = 2.0  # seconds for a search: to read the text, and for all sources together

log = logging.getLogger(__name__)
_threads = ThreadPoolExecutor(max_workers=8, thread_name_prefix="film-source")


def search(text: str, sources: Sequence[Source], limit: int = 20) -> list[Film]:
    """Return the films that match the text; one given by a link or an id comes first."""
    deadline = time.monotonic() + PATIENCE
    text = file_names.typed_title(text.strip())
    named = links.film_id(text)
    found = merge_answers(text, _ask_all(text, sources, deadline))
    if named is None:
        return found[:limit]
    if not text.isdecimal():
        return [_film(named[0], named[1], found)][:limit]
    return _by_number(text, named[0], found)[:limit]


def _film(tmdb_id: int, title: str | None, found: Sequence[Film] = ()) -> Film:
    """Return the film as the sources know it, else with the title in its link."""
    known = [film for film in (*found, bundled.by_id(tmdb_id)) if film and film.tmdb_id == tmdb_id]
    unknown = Film(tmdb_id, title or placeholder_title(tmdb_id), None, None, ())
    return fill_missing(known[0], known[-1]) if known else unknown


def _by_number(text: str, tmdb_id: int, matches: list[Film]) -> list[Film]:
    """Put films whose title begins with the number before the film with that id."""
    if bundled.by_id(tmdb_id) is None and len(text) < links.FEWEST_DIGITS_OF_AN_ID:
        return matches
    titled = [film for film in matches if fold(film.title).split()[:1] == [text]]
    return _unique([*titled, _film(tmdb_id, None, matches), *matches])


def _ask_all(text: str, sources: Sequence[Source], deadline: float) -> list[list[Film]]:
    """Return results in the order of the sources; the last one is asked in this thread."""
    futures = [_threads.submit(source, text) for source in sources[:-1]]
    last = [_films_or_empty(partial(source, text)) for source in sources[-1:]]
    return [_films_or_empty(partial(_wait, future, deadline)) for future in futures] + last


def _wait(future: Future[list[Film]], deadline: float) -> list[Film]:
    return future.result(max(deadline - time.monotonic(), 0))


def _films_or_empty(ask: Callable[[], list[Film]]) -> list[Film]:
    try:
        return ask()
    except (SourceError, TookTooLong) as error:
        log.warning("A film source was left out: %s", error or "it took too long")
    except Exception:
        log.warning("A film source failed and was left out", exc_info=True)
    return []


def _unique(films: list[Film]) -> list[Film]:
    first: dict[int, Film] = {}
    for film in films:
        first.setdefault(film.tmdb_id, film)
    return list(first.values())
