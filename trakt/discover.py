"""Trakt's recommendations for a member, and its charts: fetched and stored for some hours."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from db import Connection, discoveries, trakt_auth, transaction
from db.discoveries import HOUSEHOLD, Discovery
from trakt import items
from trakt.client import Client
from utils import instants
from utils.plain_text import one_line

RECOMMENDED = "recommended"
CHARTS = ("trending", "popular")
MAX_AGE = {
    RECOMMENDED: timedelta(hours=12),
    "trending": timedelta(hours=6),
    "popular": timedelta(hours=6),
}
LIMIT = 60  # titles of each list
MAX_RUNTIME = 6_000  # minutes
MAX_GENRES = 10

Rows = list[tuple[str, str]]  # (source, kind)


def due_lists(conn: Connection, user_id: int, now: datetime) -> Rows:
    """Return the lists to fetch: for HOUSEHOLD the charts, for a member the recommendations."""
    answered = discoveries.answered(conn, user_id)
    sources = CHARTS if user_id == HOUSEHOLD else (RECOMMENDED,)
    return [
        (source, kind)
        for source in sources
        for kind in items.TRAKT_KINDS
        if (last := answered.get((source, kind))) is None or now - last >= MAX_AGE[source]
    ]


def fetch(conn: Connection, client: Client, user_id: int, rows: Rows) -> None:
    """Fetch each list and store it in a transaction; raises TraktError at the first failure."""
    for source, kind in rows:
        found = _fetch_list(client, source, kind)
        with transaction(conn):
            # The member may have unlinked their account meanwhile.
            if user_id == HOUSEHOLD or trakt_auth.get(conn, user_id):
                discoveries.replace(conn, source, kind, user_id, found, instants.now())


def _fetch_list(client: Client, source: str, kind: str) -> list[Discovery]:
    trakt_kind = items.TRAKT_KINDS[kind]
    if source == RECOMMENDED:
        response = client.get(
            f"/recommendations/{trakt_kind}s",
            limit=LIMIT,
            extended="full",
            ignore_watched=True,
            ignore_watchlisted=True,
        )
    else:
        response = client.get(f"/{trakt_kind}s/{source}", page=1, limit=LIMIT, extended="full")
    by_id = {found.tmdb_id: found for found in parse_titles(response, trakt_kind)}
    return list(by_id.values())[:LIMIT]


def parse_titles(response: Any, trakt_kind: str) -> Iterator[Discovery]:
    """Yield the titles that have a TMDB id and a name; a row is a title or holds one."""
    for row in response if isinstance(response, list) else []:
        if not isinstance(row, Mapping):
            continue
        inner = row.get(trakt_kind, row)
        title = items.parse_title(inner, trakt_kind)
        if title and title.tmdb_id and (name := one_line(title.title, items.LONGEST_TITLE)):
            yield Discovery(
                title.kind,
                title.tmdb_id,
                title.trakt_id,
                name,
                title.year,
                _minutes(inner.get("runtime")),
                tuple(dict.fromkeys(_genres(inner.get("genres"))))[:MAX_GENRES],
                one_line(inner.get("certification"), 20) or None,
            )


def _minutes(value: Any) -> int | None:
    return value if type(value) is int and 0 < value <= MAX_RUNTIME else None


def _genres(slugs: Any) -> Iterator[str]:
    """Yield genres in TMDB's spelling, for one filter: science-fiction is Science Fiction."""
    for slug in slugs if isinstance(slugs, list) else []:
        if name := one_line(slug, 40):
            yield name.replace("-", " ").title()
