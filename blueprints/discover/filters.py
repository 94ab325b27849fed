"""Which titles are to be left out of "Discover", as the form above them says."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from blueprints.http.forms import query_text

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
        """Whether all that is asked for is known of it, and so."""
        return all(self._answers(card))

    def is_unknown(self, card: dict[str, Any]) -> bool:
        """Whether it is left out only because something is not known of it."""
        answers = self._answers(card)
        return None in answers and False not in answers

    def _answers(self, card: dict[str, Any]) -> list[bool | None]:
        """Of each choice, whether the title fits it; None: that is not known."""
        runtime, genres, certification = card["runtime"], card["genres"], card["certification"]
        answers: list[bool | None] = []
        if self.unseen:
            answers.append(not card["seen_by"])
        if self.runtime:
            answers.append(runtime <= self.runtime if runtime else None)
        if self.genre:
            answers.append(self.genre in genres if genres else None)
        if self.certification:
            answers.append(certification == self.certification if certification else None)
        return answers


def read() -> Filters:
    """From the URL; a choice that there is not counts as none."""
    runtime = query_text("runtime")
    return Filters(
        query_text("unseen") == "1",
        int(runtime) if runtime in map(str, RUNTIMES) else None,
        query_text("genre")[:40],
        query_text("certification")[:20],
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
