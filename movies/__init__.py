"""Which film did they mean? Asks the sources it is given, in their order, and never raises."""

import logging
from collections.abc import Callable, Sequence
from gettext import gettext as _

from movies import bundled, links
from movies.film import Film
from utils.titles import fold

__all__ = ["Film", "Source", "search"]

Source = Callable[[str], list[Film]]

# A number this long is an id; a shorter one may as well be a title ("1917", "300").
FEWEST_DIGITS_OF_AN_ID = 5

log = logging.getLogger(__name__)


def search(text: str, sources: Sequence[Source], limit: int = 20) -> list[Film]:
    """Films that the text may mean; one named by a link or an id comes first."""
    text = text.strip()
    named = links.film_id(text)
    if named is None:
        return _merged(text, sources)[:limit]
    if not text.isdecimal():
        return [_film(*named)][:limit]
    return _numbered(text, named[0], _merged(text, sources))[:limit]


def _film(tmdb_id: int, title: str | None) -> Film:
    unknown = Film(tmdb_id, title or _("TMDB film {id}").format(id=tmdb_id), None, None, ())
    return bundled.by_id(tmdb_id) or unknown


def _numbered(text: str, tmdb_id: int, matches: list[Film]) -> list[Film]:
    """A bare number is a title before it is an id, if a title is exactly that number."""
    if bundled.by_id(tmdb_id) is None and len(text) < FEWEST_DIGITS_OF_AN_ID:
        return matches
    titled = [film for film in matches if fold(film.title) == text]
    return _once_each([*titled, _film(tmdb_id, None), *matches])


def _merged(text: str, sources: Sequence[Source]) -> list[Film]:
    return _once_each([film for source in sources for film in _answer(source, text)])


def _answer(source: Source, text: str) -> list[Film]:
    try:
        return source(text)
    except Exception:
        log.warning("A film source failed and was left out", exc_info=True)
        return []


def _once_each(films: list[Film]) -> list[Film]:
    first: dict[int, Film] = {}
    for film in films:
        first.setdefault(film.tmdb_id, film)
    return list(first.values())
