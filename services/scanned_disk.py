"""Which title is meant by what a disk holds: asked of the household's sources, and of Trakt."""

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

OFFERED = 8  # to choose from
PAUSES = (2.0, 10.0)  # seconds before an answer that failed is asked for again
LONGEST_PAUSE = 300.0  # seconds that Trakt may ask for at once


@dataclass(frozen=True)
class Match:
    """A title as a source knows it."""

    kind: str
    tmdb_id: int
    title: str
    year: int | None


@dataclass
class DiskTitle:
    """What becomes of a title; `status` is the report's word."""

    held: TitleOnDisk
    match: Match | None = None
    status: str = "not_found"


Choose = Callable[[NamedTitle, Sequence[Match]], Match | None]


def identify(held: TitleOnDisk, household: Application | None, choose: Choose | None) -> DiskTitle:
    """Without `choose` only the one that fits is taken. Shows are known to Trakt alone."""
    named = held.named
    matches = _matches(named, household)
    best = best_matches(named.title, named.year, matches)
    if choose and matches:
        others = [one for one in matches if one not in best]
        match = choose(named, [*best, *others][:OFFERED])
        return DiskTitle(held, match, "found" if match else "skipped")
    if len(best) > 1:
        return DiskTitle(held, None, "ambiguous")
    return DiskTitle(held, best[0], "found") if best else DiskTitle(held)


def _matches(named: NamedTitle, household: Application | None) -> list[Match]:
    told = _at_trakt(household, named) if household else []
    found: Sequence[Film | Discovery] = told
    if named.kind == "film":
        text = f"{named.title} {named.year or ''}".strip()
        found = film_search.search_with([*map(film_search.film_from_trakt, told)], text)
    return [Match(named.kind, one.tmdb_id, one.title, one.year) for one in found]


def _at_trakt(household: Application, named: NamedTitle) -> list[Discovery]:
    """As often as Trakt lets us, and again after answers that failed; raises TraktError."""
    pauses = iter(PAUSES)
    while True:
        try:
            return search.titles(household, named.kind, named.title)
        except TraktError as error:
            wait = error.retry_after if isinstance(error, SlowDown) else next(pauses, None)
            if error.permanent or not wait or wait > LONGEST_PAUSE:
                raise
            pacing.sleep(wait)
