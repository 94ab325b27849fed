"""Parsing of pasted links and ids: TMDB's for films, and unsupported ones."""

import re
from typing import Literal
from urllib.parse import unquote

HIGHEST_ID = 2**63 - 1
LONGEST_TEXT = 2_000
LONGEST_TITLE = 120
# A number this long is an id; a shorter one may as well be a title ("1917", "300").
FEWEST_DIGITS_OF_AN_ID = 5

_SMALL_WORDS = frozenset("a an and at by for from in of on or the to with".split())
_LINK = re.compile(
    r"(?:(?<![\w.@-])(?:https?://)?(?:www\.)?themoviedb\.org|^)"
    r"/(?:[a-z]{2}(?:-[a-z]{2})?/)?movie/"
    r"(?P<id>[1-9][0-9]{0,18})(?:-(?P<slug>[^/?#\s]*))?(?=[/?#\s]|$)",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"(?<![\w.@-])(?:https?://)?(?:[a-z]{1,3}\.)?"
    r"(?:(?P<imdb>imdb\.com/.*?\btt[0-9]+)|(?P<show>themoviedb\.org/(?:[a-z-]{2,5}/)?tv/[0-9]+))"
    r"|^(?P<imdb_id>tt[0-9]{5,12})$",
    re.IGNORECASE,
)
_BARE_ID = re.compile(r"(?:tmdb:)?(?P<id>[1-9][0-9]{0,18})", re.IGNORECASE)


def film_id(text: str) -> tuple[int, str | None] | None:
    """Return the TMDB id in a link or a bare id, with the title in the link, if any."""
    text = text[:LONGEST_TEXT].strip()
    if bare := _BARE_ID.fullmatch(text):
        return _within_range(int(bare["id"]), None)
    if link := _LINK.search(text):
        return _within_range(int(link["id"]), _title(link["slug"] or ""))
    return None


def unsupported_link(text: str) -> Literal["imdb", "show"] | None:
    """Return "imdb" for a link or id of IMDb, "show" for a TMDB link to a series."""
    found = _OTHER.search(text[:LONGEST_TEXT].strip())
    if found is None:
        return None
    return "show" if found["show"] else "imdb"


def _within_range(tmdb_id: int, title: str | None) -> tuple[int, str | None] | None:
    return (tmdb_id, title) if tmdb_id <= HIGHEST_ID else None


def _title(slug: str) -> str | None:
    words = [word for word in re.split(r"[\s_-]+", unquote(slug)) if word.isprintable() and word]
    capitalised = [
        word if at and word in _SMALL_WORDS else word[:1].upper() + word[1:]
        for at, word in enumerate(words)
    ]
    return " ".join(capitalised)[:LONGEST_TITLE].rstrip() or None
