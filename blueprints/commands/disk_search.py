"""Which title is meant by what a disk holds: asked of the household's sources, and of Trakt."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from blueprints.films import film_search, trakt_search
from db.discoveries import Discovery
from movies import Film
from movies.filenames import Named
from movies.matching import fitting
from movies.on_disk import Held
from trakt import searching
from trakt.application import Application
from trakt.errors import SlowDown

OFFERED = 8  # to choose from
LONGEST_PAUSE = 300.0  # seconds that Trakt may ask for at once


@dataclass(frozen=True)
class Match:
    """A title as a source knows it."""

    kind: str
    tmdb_id: int
    title: str
    year: int | None


@dataclass
class Found:
    """What becomes of a title; `status` is the report's word."""

    held: Held
    match: Match | None = None
    status: str = "not_found"


Choose = Callable[[Named, Sequence[Match]], Match | None]


def find(held: Held, household: Application | None, choose: Choose | None) -> Found:
    """Without `choose` only the one that fits is taken. Shows are known to Trakt alone."""
    named = held.named
    matches = _matches(named, household)
    best = fitting(named.title, named.year, matches)
    if choose and matches:
        others = [one for one in matches if one not in best]
        match = choose(named, [*best, *others][:OFFERED])
        return Found(held, match, "found" if match else "skipped")
    if len(best) > 1:
        return Found(held, None, "ambiguous")
    return Found(held, best[0], "found") if best else Found(held)


def _matches(named: Named, household: Application | None) -> list[Match]:
    def at_trakt() -> list[Discovery]:
        return _at_trakt(household, named) if household else []

    found: Sequence[Film | Discovery]
    if named.kind == "show":
        found = at_trakt()
    else:
        text = f"{named.title} {named.year or ''}".strip()
        found = film_search.unhurried(text, lambda _text: [*map(trakt_search.film, at_trakt())])
    return [Match(named.kind, one.tmdb_id, one.title, one.year) for one in found]


def _at_trakt(household: Application, named: Named) -> list[Discovery]:
    """As often as Trakt lets us; raises TraktError."""
    while True:
        try:
            return searching.titles(household, named.kind, named.title)
        except SlowDown as error:
            if not error.retry_after or error.retry_after > LONGEST_PAUSE:
                raise
            time.sleep(error.retry_after)
