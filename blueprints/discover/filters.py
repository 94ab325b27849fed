"""Filters of the page "Discover"."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from blueprints.http.forms import query_text

RUNTIMES = (90, 120)  # minutes


@dataclass(frozen=True)
class Filters:
    unseen: bool = False  # seen by no member
    runtime: int | None = None  # maximum in minutes
    genre: str = ""
    certification: str = ""

    @property
    def is_on(self) -> bool:
        return self != Filters()

    @property
    def in_url(self) -> dict[str, str]:
        """Return the query parameters for links."""
        values = {
            "unseen": "1" if self.unseen else "",
            "runtime": str(self.runtime or ""),
            "genre": self.genre,
            "certification": self.certification,
        }
        return {name: value for name, value in values.items() if value}

    def fits(self, card: dict[str, Any]) -> bool:
        """Return True if the title is known to match every filter."""
        return all(self._matches(card))

    def is_unknown(self, card: dict[str, Any]) -> bool:
        """Return True if the title is left out only because facts about it are unknown."""
        matches = self._matches(card)
        return None in matches and False not in matches

    def _matches(self, card: dict[str, Any]) -> list[bool | None]:
        """Return for each active filter if the title matches; None: unknown."""
        runtime, genres, certification = card["runtime"], card["genres"], card["certification"]
        matches: list[bool | None] = []
        if self.unseen:
            matches.append(not card["seen_by"])
        if self.runtime:
            matches.append(runtime <= self.runtime if runtime else None)
        if self.genre:
            matches.append(self.genre in genres if genres else None)
        if self.certification:
            matches.append(certification == self.certification if certification else None)
        return matches


def parse() -> Filters:
    """Parse the filters in the URL; an invalid choice counts as none."""
    runtime = query_text("runtime")
    return Filters(
        query_text("unseen") == "1",
        int(runtime) if runtime in map(str, RUNTIMES) else None,
        query_text("genre")[:40],
        query_text("certification")[:20],
    )


def choices(cards: Iterable[dict[str, Any]], filters: Filters) -> dict[str, Any]:
    """Return the choices of the form: the values that occur among these titles."""
    known = list(cards)
    genres = {genre for card in known for genre in card["genres"]} | {filters.genre}
    ratings = {card["certification"] or "" for card in known} | {filters.certification}
    return {
        "runtimes": RUNTIMES,
        "genres": sorted(genres - {""}),
        "certifications": sorted(ratings - {""}),
    }
