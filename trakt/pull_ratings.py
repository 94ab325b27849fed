"""Pulling of ratings: a three-way merge of the rating here, the one at Trakt, and their base.

A film whose rating cannot be read is left as it is on both sides; a row without a film may be any.
Merging takes time, so a page is merged before its transaction; inside, only rows that changed
meanwhile are merged again (`_merge_one` is cached).
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


class MergeResult(NamedTuple):
    act: Act
    base: Rating | None  # from then on


class ParsedPage(NamedTuple):
    there: dict[int, Rating]
    films: list[Movie]


class Reader:
    def __init__(self, conn: Connection, user_id: int, now: datetime) -> None:
        self.seen: set[int] = set()
        self._conn, self._user_id, self._now = conn, user_id, now
        self._bases = pulled_ratings.bases(conn, user_id)
        self._unmatched: list[Unmatched] = []
        self._is_complete = True

    def parse(self, page: list[Any]) -> ParsedPage:
        parsed = ParsedPage({}, [])
        for row in page:
            if (film := items.title_of_row(row, "movie")) is None:
                self._is_complete = False
                continue
            if film.tmdb_id is None:
                self._unmatched.append(Unmatched(film.trakt_id, film.title, film.year))
                continue
            self.seen.add(film.tmdb_id)
            if rating := _parse_rating(row, film.tmdb_id):
                parsed.there[film.tmdb_id] = rating
                if film.title:
                    parsed.films.append(Movie(film.tmdb_id, film.title, film.year))
        self._merge(self._conn, parsed.there, parsed.there)  # fills the cache of `_merge_one`
        return parsed

    def store(self, conn: Connection, rows: ParsedPage) -> None:
        movies.store_all(conn, rows.films)
        self._apply(conn, rows.there, rows.there)

    def missing(self) -> list[int]:
        """Return films that are rated here only, or whose rating was removed at Trakt."""
        rated = pulled_ratings.locally_rated(self._conn, self._user_id) - self._bases.keys()
        if self._is_complete:
            rated |= self._bases.keys()
        return list(rated - self.seen)

    def delete(self, conn: Connection, missing: list[int]) -> None:
        self._apply(conn, missing, {})

    def finish(self, conn: Connection) -> None:
        unmatched.replace(conn, self._user_id, "ratings", self._unmatched)

    def _merge(
        self, conn: Connection, tmdb_ids: Collection[int], there: Mapping[int, Rating]
    ) -> dict[int, MergeResult]:
        ours = pulled_ratings.local_ratings(conn, self._user_id, tmdb_ids)
        maybe_sent = outbox.maybe_sent_ratings(conn, self._user_id)
        results = {}
        for tmdb_id in tmdb_ids:
            base, theirs = self._bases.get(tmdb_id), there.get(tmdb_id)
            if theirs and maybe_sent.get(tmdb_id) == theirs.rating:
                base = theirs  # our own rating arrived, although its response was lost
            results[tmdb_id] = _merge_one(tmdb_id, base, ours.get(tmdb_id), theirs)
        return results

    def _apply(
        self, conn: Connection, tmdb_ids: Collection[int], there: Mapping[int, Rating]
    ) -> None:
        unsent = outbox.unsent_ratings(conn, self._user_id)
        changes = Changes()
        for tmdb_id, result in self._merge(conn, tmdb_ids, there).items():
            if result.act in ("send", "remove_there"):
                self._enqueue(conn, tmdb_id, result.base, unsent)
                continue
            if tmdb_id in unsent:
                outbox.delete_ratings(conn, self._user_id, tmdb_id)
            _collect(changes, tmdb_id, result, self._bases.get(tmdb_id))
        pulled_ratings.apply(conn, self._user_id, changes)

    def _enqueue(
        self,
        conn: Connection,
        tmdb_id: int,
        rating: Rating | None,
        unsent: Mapping[int, int | None],
    ) -> None:
        """Enqueue a rating or its removal, unless it waits already or its member dropped it.

        The base changes once it is sent.
        """
        value = rating.rating if rating else None
        if tmdb_id in unsent and unsent[tmdb_id] == value:
            return
        if rating:
            when = rating.rated_at
            outbox_events.enqueue_rated(
                conn, self._user_id, tmdb_id, rating.rating, when, self._now
            )
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


def _collect(changes: Changes, tmdb_id: int, result: MergeResult, base: Rating | None) -> None:
    act, new = result
    if act == "take" and new:
        changes.taken.append(new)
    elif act == "remove_here":
        changes.removed.append(tmdb_id)
    if new and new != base:
        changes.agreed.append(new)
    elif base and not new:
        changes.agreed_on_none.append(tmdb_id)


def _parse_rating(row: Mapping[str, Any], tmdb_id: int) -> Rating | None:
    rating, rated_at = row.get("rating"), items.instant(row.get("rated_at"))
    if type(rating) is not int or not LOWEST <= rating <= HIGHEST or rated_at is None:
        return None
    return Rating(tmdb_id, rating, rated_at)


def _rated(rating: Rating | None) -> Rated | None:
    return Rated(rating.rating, from_text(rating.rated_at)) if rating else None
