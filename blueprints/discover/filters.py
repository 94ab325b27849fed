"""Which titles are to be left out of "Discover", as the form above them says."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from blueprints.reading import query

RUNTIMES = (90, 120)  # minutes


@dataclass(frozen=True)
class Filters:
    unseen: bool = False  # by anybody here
    runtime: int | None = None  # at most so many minutes
    genre: str = ""
    certification: str = ""

    @property
    def is_on(self) -> bool:
        return self != Filters()

    @property
    def in_url(self) -> dict[str, str]:
        """To be carried along by links."""
        values = {
            "unseen": "1" if self.unseen else "",
            "runtime": str(self.runtime or ""),
            "genre": self.genre,
            "certification": self.certification,
        }
        return {name: value for name, value in values.items() if value}

    def fits(self, card: dict[str, Any]) -> bool:
        """By what is known of it; what is not known is no reason to show it."""
        return (
            not (self.unseen and card["seen_by"])
            and (self.runtime is None or (card["runtime"] or self.runtime + 1) <= self.runtime)
            and (not self.genre or self.genre in card["genres"])
            and (not self.certification or card["certification"] == self.certification)
        )

    def is_unknown(self, card: dict[str, Any]) -> bool:
        """Whether it was left out only because something is not known of it."""
        return bool(
            (self.runtime and not card["runtime"])
            or (self.genre and not card["genres"])
            or (self.certification and not card["certification"])
        )


def read() -> Filters:
    """From the URL; a choice that there is not counts as none."""
    runtime = query("runtime")
    return Filters(
        query("unseen") == "1",
        int(runtime) if runtime in map(str, RUNTIMES) else None,
        query("genre")[:40],
        query("certification")[:20],
    )


def choices(cards: Iterable[dict[str, Any]], filters: Filters) -> dict[str, Any]:
    """What the form offers: whatever occurs among these titles."""
    known = list(cards)
    genres = {genre for card in known for genre in card["genres"]} | {filters.genre}
    ratings = {card["certification"] or "" for card in known} | {filters.certification}
    return {
        "runtimes": RUNTIMES,
        "genres": sorted(genres - {""}),
        "certifications": sorted(ratings - {""}),
    }
