"""Trakt's search for films and shows by their titles."""

import re
import time

from db.discoveries import Discovery
from trakt import discover
from trakt.application import Application
from trakt.client import Client
from trakt.errors import Invalid

DEADLINE = 1.8  # seconds for both questions; a search answers in two, with Trakt or without
LONGEST_QUERY = 200
MOST = 20
_OPERATORS = re.compile(r'[-+&|!(){}\[\]^"~*?:/\\]')


def titles(application: Application, kind: str, text: str) -> list[Discovery]:
    """Of that kind, those called exactly so, then those that it may mean; raises TraktError."""
    ends = time.monotonic() + DEADLINE
    title = " ".join(text.split())[:LONGEST_QUERY]
    words = _OPERATORS.sub(r"\\\g<0>", title)  # only the broad search has a language of its own
    found: dict[int, Discovery] = {}
    word = discover.WORDS[kind]
    for path, query in ((f"/search/{word}/exact", title), (f"/search/{word}", words)):
        client = Client(application, deadline=max(ends - time.monotonic(), 0.1))
        for one in _answer(client, path, query, word):
            found.setdefault(one.tmdb_id, one)
    return list(found.values())[:MOST]


def _answer(client: Client, path: str, query: str, word: str) -> list[Discovery]:
    """A text that makes no sense to Trakt finds nothing there, and is no failure of Trakt's."""
    try:
        answer = client.get(path, query=query, page=1, limit=MOST, extended="full")
    except Invalid:
        return []
    return list(discover.titles(answer, word))
