"""Search for films and shows by title at Trakt."""

import re
import time

from db.discoveries import Discovery
from trakt import discover, items
from trakt.application import Application
from trakt.client import Client
from trakt.errors import Invalid

DEADLINE = 1.8  # seconds for both calls; a search page shows after two, with Trakt or without
LONGEST_QUERY = 200
LIMIT = 20
_OPERATORS = re.compile(r'[-+&|!(){}\[\]^"~*?:/\\]')


def titles(application: Application, kind: str, text: str) -> list[Discovery]:
    """Return titles of this kind, exact matches first, then similar ones; raises TraktError."""
    ends_at = time.monotonic() + DEADLINE
    title = " ".join(text.split())[:LONGEST_QUERY]
    escaped = _OPERATORS.sub(r"\\\g<0>", title)  # only the broad search has operators
    found: dict[int, Discovery] = {}
    trakt_kind = items.TRAKT_KINDS[kind]
    for path, query in ((f"/search/{trakt_kind}/exact", title), (f"/search/{trakt_kind}", escaped)):
        client = Client(application, deadline=max(ends_at - time.monotonic(), 0.1))
        for one in _search(client, path, query, trakt_kind):
            found.setdefault(one.tmdb_id, one)
    return list(found.values())[:LIMIT]


def _search(client: Client, path: str, query: str, trakt_kind: str) -> list[Discovery]:
    """Return the titles found; none for a text that Trakt calls invalid, which is no failure."""
    try:
        response = client.get(path, query=query, page=1, limit=LIMIT, extended="full")
    except Invalid:
        return []
    return list(discover.parse_titles(response, trakt_kind))
