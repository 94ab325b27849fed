"""Pulling of the watchlist. If a row cannot be read, nothing is deleted: it may be any title."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from db import Connection, outbox, unmatched, watchlist
from db.unmatched import Unmatched
from db.watchlist import Wish
from trakt import items
from utils.instants import to_text


class Reader:
    def __init__(self, conn: Connection, user_id: int, now: datetime) -> None:
        self.seen: set[tuple[str, int]] = set()
        self._conn, self._user_id, self._now = conn, user_id, now
        self._unmatched: list[Unmatched] = []
        self._is_complete = True

    def parse(self, page: list[Any]) -> list[Wish]:
        return list(self._wishes(page))

    def store(self, conn: Connection, rows: list[Wish]) -> None:
        """Store wishes, except those whose removal is still in the outbox."""
        removed = outbox.pending_removals(conn, self._user_id, ("unlisted",))
        wishes = [wish for wish in rows if (wish.kind, wish.tmdb_id) not in removed]
        watchlist.upsert_from_trakt(conn, self._user_id, wishes)

    def _wishes(self, page: list[Any]) -> Iterator[Wish]:
        """Yield films and shows, without the seasons and episodes on the list."""
        for row in page:
            trakt_kind = row.get("type") if isinstance(row, Mapping) else None
            if not isinstance(trakt_kind, str):
                self._is_complete = False
                continue
            if trakt_kind not in items.KINDS:
                continue
            if (title := items.title_of_row(row, trakt_kind)) is None:
                self._is_complete = False
                continue
            if title.tmdb_id is None:
                self._unmatched.append(Unmatched(title.trakt_id, title.title, title.year))
                continue
            key = (title.kind, title.tmdb_id)
            self.seen.add(key)
            listed_at = items.instant(row.get("listed_at")) or to_text(self._now)
            yield Wish(*key, title.trakt_id, title.title or "?", title.year, listed_at)

    def missing(self) -> list[tuple[str, int]]:
        if not self._is_complete:
            return []
        return watchlist.missing_from(self._conn, self._user_id, self.seen)

    def delete(self, conn: Connection, missing: list[tuple[str, int]]) -> None:
        watchlist.delete_from_trakt(conn, self._user_id, missing)

    def finish(self, conn: Connection) -> None:
        unmatched.replace(conn, self._user_id, "watchlist", self._unmatched)
