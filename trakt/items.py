"""Parsing of the rows of Trakt's lists: a value that cannot be used is left out, never guessed."""

import re
from typing import Any, NamedTuple

from utils.instants import from_text, to_text
from utils.plain_text import one_line

LARGEST_ID = 2**53
LONGEST_TITLE = 300
FIRST_YEAR, LAST_YEAR = 1900, 2999  # further years may leave the calendar in another zone
# Instants as the database stores them, until the 28th: parsing 50,000 is ten times as fast.
COMMON = re.compile(
    r"(19|2[0-9])[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3])"
    r":[0-5][0-9]:[0-5][0-9]\.[0-9]{3}Z"
)
KINDS = {"movie": "film", "show": "show"}  # Trakt's kind -> ours
TRAKT_KINDS = {kind: trakt_kind for trakt_kind, kind in KINDS.items()}


class Title(NamedTuple):
    """A film or a show in a list of Trakt."""

    kind: str
    trakt_id: int
    tmdb_id: int | None
    title: str
    year: int | None


def title_of_row(row: Any, trakt_kind: str) -> Title | None:
    """Return the title that the row holds under its kind, None if it has no Trakt id."""
    return parse_title(row.get(trakt_kind) if isinstance(row, dict) else None, trakt_kind)


def parse_title(value: Any, trakt_kind: str) -> Title | None:
    """Return a movie or show of Trakt, None if it has no Trakt id."""
    if not isinstance(value, dict) or not isinstance(ids := value.get("ids"), dict):
        return None
    if (trakt_id := whole_number(ids.get("trakt"))) is None:
        return None
    year = value.get("year")
    return Title(
        KINDS[trakt_kind],
        trakt_id,
        whole_number(ids.get("tmdb")),
        _clean_title(value.get("title")),
        year if type(year) is int and 1870 <= year <= 2999 else None,
    )


def _clean_title(text: Any) -> str:
    """Return one line of text; most are one already, and `one_line` is twenty times slower."""
    if isinstance(text, str) and text.isprintable() and len(text) <= LONGEST_TITLE:
        return text.strip()
    return one_line(text, LONGEST_TITLE)


def whole_number(value: Any) -> int | None:
    """Return a positive id or number, None for any other value."""
    return value if type(value) is int and 0 < value < LARGEST_ID else None


def instant(text: Any) -> str | None:
    """Return an instant as the database stores it, None for any other text."""
    if isinstance(text, str) and COMMON.fullmatch(text):
        return text
    try:
        moment = from_text(text)
    except ValueError:
        return None
    return to_text(moment) if FIRST_YEAR <= moment.year <= LAST_YEAR else None
