"""What Trakt recommends to a member, and what is trending and popular: read, and kept for hours."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from db import Connection, discoveries, trakt_auth, transaction
from db.discoveries import HOUSEHOLD, Discovery
from trakt import items
from trakt.client import Client
from utils import instants
from utils.plain_text import one_line

RECOMMENDED = "recommended"
CHARTS = ("trending", "popular")  # Trakt's words as well as ours
KEEP = {
    RECOMMENDED: timedelta(hours=12),
    "trending": timedelta(hours=6),
    "popular": timedelta(hours=6),
}
WORDS = {"film": "movie", "show": "show"}  # ours -> Trakt's
MOST = 60  # of each list
LONGEST_RUNTIME = 6_000  # minutes
MOST_GENRES = 10

Rows = list[tuple[str, str]]  # (source, kind)


def due_lists(conn: Connection, user_id: int, now: datetime) -> Rows:
    """What was not asked for lately; of nobody's rows (HOUSEHOLD) the charts, of a member's own."""
    answered = discoveries.answered(conn, user_id)
    sources = CHARTS if user_id == HOUSEHOLD else (RECOMMENDED,)
    return [
        (source, kind)
        for source in sources
        for kind in WORDS
        if (last := answered.get((source, kind))) is None or now - last >= KEEP[source]
    ]


def fetch(conn: Connection, client: Client, user_id: int, rows: Rows) -> None:
    """Ask for each of these rows and keep its answer; raises TraktError at the first that fails."""
    for source, kind in rows:
        found = _asked(client, source, kind)
        with transaction(conn):
            # A link that ended meanwhile leaves nothing behind.
            if user_id == HOUSEHOLD or trakt_auth.get(conn, user_id):
                discoveries.replace(conn, source, kind, user_id, found, instants.now())


def _asked(client: Client, source: str, kind: str) -> list[Discovery]:
    word = WORDS[kind]
    if source == RECOMMENDED:
        answer = client.get(
            f"/recommendations/{word}s",
            limit=MOST,
            extended="full",
            ignore_watched=True,
            ignore_watchlisted=True,
        )
    else:
        answer = client.get(f"/{word}s/{source}", page=1, limit=MOST, extended="full")
    return list(_once_each(titles(answer, word)))[:MOST]


def titles(answer: Any, word: str) -> Iterator[Discovery]:
    """Of a list of full movies or shows, wrapped or bare, those with a TMDB id and a title."""
    for item in answer if isinstance(answer, list) else []:
        if not isinstance(item, Mapping):
            continue
        inner = item.get(word, item)
        known = items.unwrapped(inner, word)
        if known and known.tmdb_id and (name := one_line(known.title, items.LONGEST_TITLE)):
            yield Discovery(
                known.kind,
                known.tmdb_id,
                known.trakt_id,
                name,
                known.year,
                _minutes(inner.get("runtime")),
                tuple(dict.fromkeys(_genres(inner.get("genres"))))[:MOST_GENRES],
                one_line(inner.get("certification"), 20) or None,
            )


def _once_each(found: Iterable[Discovery]) -> Iterable[Discovery]:
    return {one.tmdb_id: one for one in found}.values()


def _minutes(value: Any) -> int | None:
    return value if type(value) is int and 0 < value <= LONGEST_RUNTIME else None


def _genres(slugs: Any) -> Iterator[str]:
    """As TMDB names them, so that a filter finds both: science-fiction is Science Fiction."""
    for slug in slugs if isinstance(slugs, list) else []:
        if name := one_line(slug, 40):
            yield name.replace("-", " ").title()
