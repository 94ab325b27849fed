"""Identification of the titles on a disk, with the household's sources and Trakt."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from db.discoveries import Discovery
from movies import Film
from movies.disk_titles import TitleOnDisk
from movies.file_names import NamedTitle
from movies.matching import best_matches
from services import film_search
from trakt import pacing, search
from trakt.application import Application
from trakt.errors import SlowDown, TraktError

MOST_CHOICES = 8
PAUSES = (2.0, 10.0)  # seconds before a failed request is repeated
LONGEST_PAUSE = 300.0  # seconds; a longer Retry-After of Trakt is an error


@dataclass(frozen=True)
class Match:
    """A title as a source returns it."""

    kind: str
    tmdb_id: int
    title: str
    year: int | None


@dataclass
class DiskTitle:
    """The result for a title; `status` is its word in the report."""

    held: TitleOnDisk
    match: Match | None = None
    status: str = "not_found"


Choose = Callable[[NamedTitle, Sequence[Match]], Match | None]


def identify(held: TitleOnDisk, household: Application | None, choose: Choose | None) -> DiskTitle:
    """Identify a title; without `choose` only a single match counts. Only Trakt knows shows."""
    named = held.named
    matches = _matches(named, household)
    best = best_matches(named.title, named.year, matches)
    if choose and matches:
        others = [one for one in matches if one not in best]
        match = choose(named, [*best, *others][:MOST_CHOICES])
        return DiskTitle(held, match, "found" if match else "skipped")
    if len(best) > 1:
        return DiskTitle(held, None, "ambiguous")
    return DiskTitle(held, best[0], "found") if best else DiskTitle(held)


def _matches(named: NamedTitle, household: Application | None) -> list[Match]:
    discoveries = _search_trakt(household, named) if household else []
    found: Sequence[Film | Discovery] = discoveries
    if named.kind == "film":
        text = f"{named.title} {named.year or ''}".strip()
        found = film_search.search_with([*map(film_search.film_from_trakt, discoveries)], text)
    return [Match(named.kind, one.tmdb_id, one.title, one.year) for one in found]


def _search_trakt(household: Application, named: NamedTitle) -> list[Discovery]:
    """Search Trakt, and again after each of PAUSES or its Retry-After; raises TraktError."""
    pauses = iter(PAUSES)
    while True:
        try:
            return search.titles(household, named.kind, named.title)
        except TraktError as error:
            wait = error.retry_after if isinstance(error, SlowDown) else next(pauses, None)
            if error.permanent or not wait or wait > LONGEST_PAUSE:
                raise
            pacing.sleep(wait)
