"""Pulling of a member's lists at Trakt that changed since the last time.

Each page is a transaction. A list's stamp is stored after its last page, so a run that breaks off
reads that list again, and only that last commit has to survive a power cut. Rows that are missing
at Trakt are deleted only after all pages came.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from db import Connection, pulled_ratings, pulled_watches, trakt_sync, transaction, watchlist
from db.watch_history import bump_state_version
from trakt import pull_ratings, pull_watches, pull_watchlist
from trakt.accounts import AccountGuard
from trakt.client import Client
from trakt.pages import LIMIT

SUSPICIOUS_LOSS = 10  # a list of more rows that comes back empty is believed the second time


class Reader(Protocol):
    """Reads one list page by page. Its writing methods leave the commit to the caller."""

    seen: set[Any]

    def parse(self, page: list[Any]) -> Any:
        """Return the rows to store; outside the transaction, so that it stays short."""

    def store(self, conn: Connection, rows: Any) -> None:
        """Write the parsed rows."""

    def missing(self) -> list[Any]:
        """Return the stored rows that no page held, once every page has come."""

    def delete(self, conn: Connection, missing: list[Any]) -> None:
        """Delete some of the missing rows."""

    def finish(self, conn: Connection) -> None:
        """Write what is known only after the last page."""


class Listing(NamedTuple):
    name: str
    path: str
    stamps: tuple[tuple[str, str], ...]  # (group, key) in Trakt's last activities
    reader: Callable[[Connection, int, datetime], Reader]
    stored: Callable[[Connection, int], int]  # number of stored rows

    def stamp(self, activities: Mapping[str, Any]) -> list[Any]:
        """Return the times of the list's last changes; without any, of the last change at all."""
        own = [_at(activities, group, key) for group, key in self.stamps]
        return own if any(own) else [activities.get("all")]


WATCHED = Listing(
    "watched",
    "/sync/watched/movies",
    (("movies", "watched_at"),),
    pull_watches.Reader,
    pulled_watches.count,
)
RATINGS = Listing(
    "ratings",
    "/sync/ratings/movies",
    (("movies", "rated_at"),),
    pull_ratings.Reader,
    pulled_ratings.count,
)
WATCHLIST = Listing(
    "watchlist",
    "/sync/watchlist",
    (("watchlist", "updated_at"), ("movies", "watchlisted_at"), ("shows", "watchlisted_at")),
    pull_watchlist.Reader,
    watchlist.count,
)
LISTINGS = (WATCHED, RATINGS, WATCHLIST)


def pull(conn: Connection, client: Client, user_id: int, now: datetime) -> None:
    """Pull each list whose stamp changed, with one request if none did.

    Raises TraktError; what was committed before stays.
    """
    guard = AccountGuard(conn, user_id)
    response = client.get("/sync/last_activities")
    activities = response if isinstance(response, Mapping) else {}
    stamps = trakt_sync.stamps(conn, user_id)
    for listing in LISTINGS:
        stamp = listing.stamp(activities)
        if stamps.get(listing.name) != stamp:
            _pull_list(guard, client, listing, stamp, listing.reader(conn, user_id, now))


def _pull_list(
    guard: AccountGuard, client: Client, listing: Listing, stamp: Any, reader: Reader
) -> None:
    conn, user_id = guard.conn, guard.user_id
    pages = client.pages(listing.path)
    for page in pages:
        rows = reader.parse(page)
        with transaction(conn, lasts=False):
            guard.check()
            with _bump_on_change(conn):
                reader.store(conn, rows)
            trakt_sync.progress(conn, user_id, listing.name, len(reader.seen), pages.count or 0)
    if _is_suspiciously_empty(conn, user_id, listing, reader):
        with transaction(conn):
            guard.check()
            trakt_sync.record_empty_response(conn, user_id, listing.name)
        return
    missing = reader.missing()
    for start in range(0, len(missing), LIMIT):
        with transaction(conn, lasts=False), _bump_on_change(conn):
            guard.check()
            reader.delete(conn, missing[start : start + LIMIT])
    with transaction(conn):
        guard.check()
        reader.finish(conn)
        trakt_sync.set_stamp(conn, user_id, listing.name, stamp)
        bump_state_version(conn)


@contextmanager
def _bump_on_change(conn: Connection) -> Iterator[None]:
    """Bump the state's version, so that pages reload, only if a row changed."""
    changes = conn.total_changes
    yield
    if conn.total_changes > changes:
        bump_state_version(conn)


def _is_suspiciously_empty(
    conn: Connection, user_id: int, listing: Listing, reader: Reader
) -> bool:
    if reader.seen or listing.stored(conn, user_id) <= SUSPICIOUS_LOSS:
        return False
    return listing.name not in trakt_sync.empty_lists(conn, user_id)


def _at(activities: Mapping[str, Any], group: str, key: str) -> Any:
    inner = activities.get(group)
    return inner.get(key) if isinstance(inner, Mapping) else None
