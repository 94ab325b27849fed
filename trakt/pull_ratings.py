"""A member's ratings, merged three ways: here, at Trakt, and what both last agreed on.

A film whose row makes no sense is left as it is on both sides; a row that names none may be any.
What takes time is merged before a page's transaction, which looks again and merges what changed.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from db import Connection, movies, outbox, outbox_events, pulled_ratings, unmatched
from db.movies import Movie
from db.pulled_ratings import Changes, Rating
from db.unmatched import Unmatched
from rules.merge import HIGHEST, LOWEST, Act, Rated, merge
from trakt import items
from trakt.pages import LIMIT
from utils.instants import from_text, to_text

LIST = "ratings"


class MergeResult(NamedTuple):
    """What to do, and what both sides agree on afterwards."""

    act: Act
    given: Rating | None


class ParsedPage(NamedTuple):
    there: dict[int, Rating]
    films: list[Movie]


class Reader:
    def __init__(self, conn: Connection, user_id: int, now: datetime) -> None:
        self.seen: set[int] = set()
        self._conn, self._user_id, self._now = conn, user_id, now
        self._bases = pulled_ratings.bases(conn, user_id)
        self._strangers: list[Unmatched] = []
        self._is_whole = True

    def parse(self, page: list[Any]) -> ParsedPage:
        news = ParsedPage({}, [])
        for item in page:
            if (film := items.title(item, "movie")) is None:
                self._is_whole = False
                continue
            if film.tmdb_id is None:
                self._strangers.append(Unmatched(film.trakt_id, film.title, film.year))
                continue
            self.seen.add(film.tmdb_id)
            if given := _given(item, film.tmdb_id):
                news.there[film.tmdb_id] = given
                if film.title:
                    news.films.append(Movie(film.tmdb_id, film.title, film.year))
        self._merged(self._conn, news.there, news.there)
        return news

    def store(self, conn: Connection, rows: ParsedPage) -> None:
        movies.store_all(conn, rows.films)
        self._settle(conn, rows.there, rows.there)

    def missing(self) -> list[int]:
        """What Trakt does not list is ours alone, or was removed there."""
        rated = pulled_ratings.locally_rated(self._conn, self._user_id) - self._bases.keys()
        if self._is_whole:
            rated |= self._bases.keys()
        return list(rated - self.seen)

    def delete(self, conn: Connection, missing: list[int]) -> None:
        self._settle(conn, missing, {})

    def finish(self, conn: Connection) -> None:
        unmatched.replace(conn, self._user_id, LIST, self._strangers)

    def _merged(
        self, conn: Connection, tmdb_ids: Collection[int], there: Mapping[int, Rating]
    ) -> dict[int, MergeResult]:
        ours = pulled_ratings.local_ratings(conn, self._user_id, tmdb_ids)
        doubtful = outbox.maybe_sent_ratings(conn, self._user_id)
        merged = {}
        for tmdb_id in tmdb_ids:
            base, theirs = self._bases.get(tmdb_id), there.get(tmdb_id)
            if theirs and doubtful.get(tmdb_id) == theirs.rating:
                base = theirs  # no edit of theirs is what we sent, though Trakt never said so
            merged[tmdb_id] = _merge_one(tmdb_id, base, ours.get(tmdb_id), theirs)
        return merged

    def _settle(
        self, conn: Connection, tmdb_ids: Collection[int], there: Mapping[int, Rating]
    ) -> None:
        unsent = outbox.unsent_ratings(conn, self._user_id)
        changes = Changes()
        for tmdb_id, agreed in self._merged(conn, tmdb_ids, there).items():
            if agreed.act in ("send", "remove_there"):
                self._tell(conn, tmdb_id, agreed.given, unsent)
                continue
            if tmdb_id in unsent:
                outbox.delete_ratings(conn, self._user_id, tmdb_id)
            _collect(changes, tmdb_id, agreed, self._bases.get(tmdb_id))
        pulled_ratings.apply(conn, self._user_id, changes)

    def _tell(
        self,
        conn: Connection,
        tmdb_id: int,
        given: Rating | None,
        unsent: Mapping[int, int | None],
    ) -> None:
        """The base follows once it is sent. What waits, or was dropped, is not written again."""
        value = given.rating if given else None
        if tmdb_id in unsent and unsent[tmdb_id] == value:
            return
        if given:
            when = given.rated_at
            outbox_events.enqueue_rated(conn, self._user_id, tmdb_id, given.rating, when, self._now)
        else:
            outbox_events.enqueue_unrated(conn, self._user_id, tmdb_id, self._now)


@lru_cache(maxsize=2 * LIMIT)
def _merge_one(
    tmdb_id: int, base: Rating | None, here: Rating | None, there: Rating | None
) -> MergeResult:
    merged = merge(_rated(base), _rated(here), _rated(there))
    if merged.base is None:
        return MergeResult(merged.act, None)
    return MergeResult(
        merged.act, Rating(tmdb_id, merged.base.rating, to_text(merged.base.rated_at))
    )


def _collect(changes: Changes, tmdb_id: int, agreed: MergeResult, base: Rating | None) -> None:
    act, new = agreed
    if act == "take" and new:
        changes.taken.append(new)
    elif act == "remove_here":
        changes.removed.append(tmdb_id)
    if new and new != base:
        changes.agreed.append(new)
    elif base and not new:
        changes.agreed_on_none.append(tmdb_id)


def _given(item: Mapping[str, Any], tmdb_id: int) -> Rating | None:
    rating, rated_at = item.get("rating"), items.instant(item.get("rated_at"))
    if type(rating) is not int or not LOWEST <= rating <= HIGHEST or rated_at is None:
        return None
    return Rating(tmdb_id, rating, rated_at)


def _rated(given: Rating | None) -> Rated | None:
    return Rated(given.rating, from_text(given.rated_at)) if given else None
