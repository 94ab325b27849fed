"""Films and shows that a member wants to see, as /sync/watchlist lists them.

Beside a row that cannot be read nothing is forgotten: it may be any of them.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from db import Connection, outbox, unmatched, watchlist
from db.unmatched import Unmatched
from db.watchlist import Wish
from trakt import items
from utils.instants import to_text

LIST = "watchlist"


class Reader:
    def __init__(self, conn: Connection, user_id: int, now: datetime) -> None:
        self.seen: set[tuple[str, int]] = set()
        self._conn, self._user_id, self._now = conn, user_id, now
        self._strangers: list[Unmatched] = []
        self._is_whole = True

    def parse(self, page: list[Any]) -> list[Wish]:
        return list(self._wishes(page))

    def store(self, conn: Connection, rows: list[Wish]) -> None:
        """Without what was taken back, if only while the page came: Trakt has yet to hear of it."""
        undone = outbox.pending_removals(conn, self._user_id, ("unlisted",))
        wishes = [wish for wish in rows if (wish.kind, wish.tmdb_id) not in undone]
        watchlist.upsert_from_trakt(conn, self._user_id, wishes)

    def _wishes(self, page: list[Any]) -> Iterator[Wish]:
        """Seasons and episodes stand on the list as well; nobody here wishes for those."""
        for item in page:
            word = item.get("type") if isinstance(item, Mapping) else None
            if isinstance(word, str) and word not in items.KINDS:
                continue
            if (wish := items.title(item, word) if isinstance(word, str) else None) is None:
                self._is_whole = False
                continue
            if wish.tmdb_id is None:
                self._strangers.append(Unmatched(wish.trakt_id, wish.title, wish.year))
                continue
            key = (wish.kind, wish.tmdb_id)
            self.seen.add(key)
            when = items.instant(item.get("listed_at")) or to_text(self._now)
            yield Wish(*key, wish.trakt_id, wish.title or "?", wish.year, when)

    def missing(self) -> list[tuple[str, int]]:
        return watchlist.not_in(self._conn, self._user_id, self.seen) if self._is_whole else []

    def delete(self, conn: Connection, missing: list[tuple[str, int]]) -> None:
        watchlist.delete_from_trakt(conn, self._user_id, missing)

    def finish(self, conn: Connection) -> None:
        unmatched.replace(conn, self._user_id, LIST, self._strangers)
