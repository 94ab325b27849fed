"""Whose taste is like mine, and which of the films they loved to recommend first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

FEWEST = 2  # films that both have rated; the reason on the page names the number
FARTHEST = 1.5  # points of ten, on average; two who rate at random are about three apart
DOUBT = 3.0  # as many films in common as bring half of the trust there can be
LOVED = 8


@dataclass(frozen=True)
class Common:
    """What two members' ratings of the same films say."""

    films: int
    apart: int  # the sum of how many points they are apart

    @property
    def distance(self) -> float:
        return self.apart / self.films


@dataclass(frozen=True)
class Favourite:
    """A film that somebody gave at least LOVED."""

    tmdb_id: int
    user_id: int
    rating: int


def similarity_weights(common: Mapping[int, Common]) -> dict[int, float]:
    """Member -> how much their word counts, above 0 and below 1; who differs too much is left out.

    Agreement on many films counts for more than the same agreement on two.
    """
    return {
        user_id: (1 - one.distance / (FARTHEST + 1)) * one.films / (one.films + DOUBT)
        for user_id, one in common.items()
        if one.films >= FEWEST and one.distance <= FARTHEST
    }


def best_recommendations(
    loved: Iterable[Favourite], weights: Mapping[int, float]
) -> list[Favourite]:
    """Each film once, best first, with the rating of the member whose word counts most for it."""
    scores: dict[int, float] = {}
    voices: dict[int, tuple[float, Favourite]] = {}
    for one in loved:
        says = weights.get(one.user_id, 0.0) * (one.rating - LOVED + 1)
        if says <= 0:
            continue
        scores[one.tmdb_id] = scores.get(one.tmdb_id, 0.0) + says
        if one.tmdb_id not in voices or says > voices[one.tmdb_id][0]:
            voices[one.tmdb_id] = (says, one)
    order = sorted(scores, key=lambda tmdb_id: (-scores[tmdb_id], tmdb_id))
    return [voices[tmdb_id][1] for tmdb_id in order]
