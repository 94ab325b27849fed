"""Read what moved at Trakt since the last time, and make it ours.

A page is a transaction. A list's stamp is kept when its last page is in, so a run that breaks off
reads that list again, and only that last commit has to outlive a power cut. What is missing from a
list is only believed after all of it came.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Protocol

from db import Connection, pulled_ratings, pulled_watches, trakt_sync, transaction, watchlist
from db.watch_history import bump_state_version
from trakt import pull_ratings, pull_watches, pull_watchlist
from trakt.account_guard import AccountGuard
from trakt.client import Client
from trakt.pages import LIMIT

MANY = 10  # a list of more than these that comes back empty is believed the second time


class Reader(Protocol):
    """Takes in one list, page after page."""

    seen: set[Any]

    def parse(self, page: list[Any]) -> Any:
        """Return what of a page has to be stored; outside a transaction, so that nobody waits."""

    def store(self, conn: Connection, rows: Any) -> None:
        """Write what was parsed; the caller commits."""

    def missing(self) -> list[Any]:
        """Return what we have of the list although no page held it; once every page has come."""

    def delete(self, conn: Connection, missing: list[Any]) -> None:
        """Delete some of them; the caller commits."""

    def finish(self, conn: Connection) -> None:
        """Write what is known only at the end; the caller commits."""


class Listing:
    def __init__(
        self,
        name: str,
        path: str,
        stamps: tuple[tuple[str, str], ...],
        reader: Callable[[Connection, int, datetime], Reader],
        count: Callable[[Connection, int], int],
    ) -> None:
        self.name, self.path, self.reader, self.count = name, path, reader, count
        self._stamps = stamps

    def stamp(self, activities: Mapping[str, Any]) -> list[Any]:
        """Of the keys that this list moves; where Trakt has none of them, of anything at all."""
        own = [_at(activities, group, key) for group, key in self._stamps]
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
    """Read each list that moved; one request if none did. Raises TraktError, keeping what came."""
    guard = AccountGuard(conn, user_id)
    activities = client.get("/sync/last_activities")
    activities = activities if isinstance(activities, Mapping) else {}
    known = trakt_sync.stamps(conn, user_id)
    for listing in LISTINGS:
        stamp = listing.stamp(activities)
        if known.get(listing.name) != stamp:
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
            trakt_sync.note_empty_answer(conn, user_id, listing.name)
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
    """Bump the state's version, so that screens look again, only if something changed."""
    changes = conn.total_changes
    yield
    if conn.total_changes > changes:
        bump_state_version(conn)


def _is_suspiciously_empty(
    conn: Connection, user_id: int, listing: Listing, reader: Reader
) -> bool:
    if reader.seen or listing.count(conn, user_id) <= MANY:
        return False
    return listing.name not in trakt_sync.empty_lists(conn, user_id)


def _at(activities: Mapping[str, Any], group: str, key: str) -> Any:
    inner = activities.get(group)
    return inner.get(key) if isinstance(inner, Mapping) else None
