"""Pulling of watched films. If a row cannot be read, nothing is deleted: it may be any film."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from db import Connection, outbox, pulled_watches, unmatched
from db.pulled_watches import Watched
from db.unmatched import Unmatched
from trakt import items


class Reader:
    def __init__(self, conn: Connection, user_id: int, now: datetime) -> None:
        self.seen: set[int] = set()
        self._conn, self._user_id, self._now = conn, user_id, now
        self._unmatched: list[Unmatched] = []
        self._is_complete = True

    def parse(self, page: list[Any]) -> list[Watched]:
        films = list(self._films(page))
        known = pulled_watches.stored(self._conn, self._user_id, [film.trakt_id for film in films])
        return [film for film in films if film not in known]

    def store(self, conn: Connection, rows: list[Watched]) -> None:
        """Store films, except those whose removal is still in the outbox."""
        removed = outbox.pending_removals(conn, self._user_id, ("unwatched",))
        films = [film for film in rows if ("film", film.tmdb_id) not in removed]
        pulled_watches.upsert(conn, self._user_id, films, self._now)

    def _films(self, page: list[Any]) -> Iterator[Watched]:
        for row in page:
            if (film := items.title_of_row(row, "movie")) is None:
                self._is_complete = False
                continue
            self.seen.add(film.trakt_id)
            if film.tmdb_id is None:
                self._unmatched.append(Unmatched(film.trakt_id, film.title, film.year))
            watched_at = items.instant(row.get("last_watched_at"))
            yield Watched(film.trakt_id, film.tmdb_id, watched_at)

    def missing(self) -> list[int]:
        if not self._is_complete:
            return []
        return pulled_watches.missing_from(self._conn, self._user_id, self.seen)

    def delete(self, conn: Connection, missing: list[int]) -> None:
        pulled_watches.delete(conn, self._user_id, missing)

    def finish(self, conn: Connection) -> None:
        unmatched.replace(conn, self._user_id, "watched", self._unmatched)
