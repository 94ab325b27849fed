"""Trakt's search for films by their titles."""

import re
import time

from db.discoveries import Discovery
from trakt import discovering
from trakt.application import Application
from trakt.client import Client
from trakt.errors import Invalid

DEADLINE = 1.8  # seconds for both questions; a search answers in two, with Trakt or without
LONGEST_QUERY = 200
MOST = 20
_OPERATORS = re.compile(r'[-+&|!(){}\[\]^"~*?:/\\]')


def films(application: Application, text: str) -> list[Discovery]:
    """Those called exactly so, then those that it may mean; raises TraktError."""
    ends = time.monotonic() + DEADLINE
    title = " ".join(text.split())[:LONGEST_QUERY]
    words = _OPERATORS.sub(r"\\\g<0>", title)  # only the broad search has a language of its own
    found: dict[int, Discovery] = {}
    for path, query in (("/search/movie/exact", title), ("/search/movie", words)):
        client = Client(application, deadline=max(ends - time.monotonic(), 0.1))
        for film in _answer(client, path, query):
            found.setdefault(film.tmdb_id, film)
    return list(found.values())[:MOST]


def _answer(client: Client, path: str, query: str) -> list[Discovery]:
    """A text that makes no sense to Trakt finds nothing there, and is no failure of Trakt's."""
    try:
        answer = client.get(path, query=query, page=1, limit=MOST, extended="full")
    except Invalid:
        return []
    return list(discovering.titles(answer, "movie"))
