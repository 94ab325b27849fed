"""Items of Trakt's lists, read leniently: what cannot be used is left out, never guessed."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from utils.instants import from_text, to_text
from utils.plain_text import one_line

LARGEST_ID = 2**53
LONGEST_TITLE = 300
FIRST_YEAR, LAST_YEAR = 1900, 2999  # beyond, a zone may lead out of the calendar
# Our own spelling, of any day that every month has: a list of 50,000 is read ten times as fast.
COMMON = re.compile(
    r"(19|2[0-9])[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3])"
    r":[0-5][0-9]:[0-5][0-9]\.[0-9]{3}Z"
)
KINDS = {"movie": "film", "show": "show"}  # Trakt's word -> ours


class Title(NamedTuple):
    """A film or a show as Trakt describes it inside a list."""

    kind: str
    trakt_id: int
    tmdb_id: int | None
    title: str
    year: int | None


def title(item: Any, word: str) -> Title | None:
    """`word` is Trakt's: the item holds its movie or show under it; None without a Trakt id."""
    inner = item.get(word) if isinstance(item, dict) else None
    return unwrapped(inner, word)


def unwrapped(inner: Any, word: str) -> Title | None:
    """The same for lists that do not wrap: popular and recommended."""
    if not isinstance(inner, dict) or not isinstance(ids := inner.get("ids"), dict):
        return None
    if (trakt_id := whole_number(ids.get("trakt"))) is None:
        return None
    year = inner.get("year")
    return Title(
        KINDS[word],
        trakt_id,
        whole_number(ids.get("tmdb")),
        _named(inner.get("title")),
        year if type(year) is int and 1870 <= year <= 2999 else None,
    )


def titles(items: Any, word: str) -> Iterator[Title]:
    """Of a list whose items are wrapped or bare, those that have a TMDB id."""
    for item in items if isinstance(items, list) else []:
        found = title(item, word) or unwrapped(item, word)
        if found and found.tmdb_id:
            yield found


def _named(text: Any) -> str:
    """Nearly all are fit to be shown as they are, and one_line takes twenty times as long."""
    if isinstance(text, str) and text.isprintable() and len(text) <= LONGEST_TITLE:
        return text.strip()
    return one_line(text, LONGEST_TITLE)


def whole_number(value: Any) -> int | None:
    """A positive id."""
    return value if type(value) is int and 0 < value < LARGEST_ID else None


def instant(text: Any) -> str | None:
    """As our tables keep it; None for what is no instant. Nearly all are spelled so already."""
    if isinstance(text, str) and COMMON.fullmatch(text):
        return text
    try:
        moment = from_text(text)
    except ValueError:
        return None
    return to_text(moment) if FIRST_YEAR <= moment.year <= LAST_YEAR else None
