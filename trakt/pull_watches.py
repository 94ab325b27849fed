"""Films that a member has seen, as /sync/watched/movies lists them.

Beside a row that cannot be read nothing is forgotten: it may be any of them.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from db import Connection, outbox, pulled_watches, unmatched
from db.pulled_watches import Watched
from db.unmatched import Unmatched
from trakt import items

LIST = "watched"


class Reader:
    def __init__(self, conn: Connection, user_id: int, now: datetime) -> None:
        self.seen: set[int] = set()
        self._conn, self._user_id, self._now = conn, user_id, now
        self._strangers: list[Unmatched] = []
        self._is_whole = True

    def parse(self, page: list[Any]) -> list[Watched]:
        films = list(self._films(page))
        known = pulled_watches.known(self._conn, self._user_id, [film.trakt_id for film in films])
        return [film for film in films if film not in known]

    def store(self, conn: Connection, rows: list[Watched]) -> None:
        """Without what was taken back, if only while the page came: Trakt has yet to hear of it."""
        undone = outbox.pending_removals(conn, self._user_id, ("unwatched",))
        films = [film for film in rows if ("film", film.tmdb_id) not in undone]
        pulled_watches.upsert(conn, self._user_id, films, self._now)

    def _films(self, page: list[Any]) -> Iterator[Watched]:
        for item in page:
            if (film := items.title(item, "movie")) is None:
                self._is_whole = False
                continue
            self.seen.add(film.trakt_id)
            if film.tmdb_id is None:
                self._strangers.append(Unmatched(film.trakt_id, film.title, film.year))
            watched_at = items.instant(item.get("last_watched_at"))
            yield Watched(film.trakt_id, film.tmdb_id, watched_at)

    def missing(self) -> list[int]:
        return pulled_watches.not_in(self._conn, self._user_id, self.seen) if self._is_whole else []

    def delete(self, conn: Connection, missing: list[int]) -> None:
        pulled_watches.delete(conn, self._user_id, missing)

    def finish(self, conn: Connection) -> None:
        unmatched.replace(conn, self._user_id, LIST, self._strangers)
