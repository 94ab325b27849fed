"""Recommendations from members whose ratings are similar."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

FEWEST = 2  # films rated by both members
FARTHEST = 1.5  # mean difference in points; of random ratings it is about three
DOUBT = 3.0  # number of common films that gives half of the full weight
LOVED = 8  # lowest rating of a film to recommend


@dataclass(frozen=True)
class Common:
    """The comparison of two members' ratings of the same films."""

    films: int
    apart: int  # sum of the differences in points

    @property
    def distance(self) -> float:
        return self.apart / self.films


@dataclass(frozen=True)
class Favourite:
    """A film that a member gave at least LOVED."""

    tmdb_id: int
    user_id: int
    rating: int


def similarity_weights(common: Mapping[int, Common]) -> dict[int, float]:
    """Map members to a weight between 0 and 1, higher with more common films.

    Members with too few common films or too different ratings are left out.
    """
    return {
        user_id: (1 - both.distance / (FARTHEST + 1)) * both.films / (both.films + DOUBT)
        for user_id, both in common.items()
        if both.films >= FEWEST and both.distance <= FARTHEST
    }


def best_recommendations(
    loved: Iterable[Favourite], weights: Mapping[int, float]
) -> list[Favourite]:
    """Return each film once, best first, with the favourite that adds most to its score."""
    scores: dict[int, float] = {}
    strongest: dict[int, tuple[float, Favourite]] = {}
    for favourite in loved:
        tmdb_id = favourite.tmdb_id
        score = weights.get(favourite.user_id, 0.0) * (favourite.rating - LOVED + 1)
        if score <= 0:
            continue
        scores[tmdb_id] = scores.get(tmdb_id, 0.0) + score
        if tmdb_id not in strongest or score > strongest[tmdb_id][0]:
            strongest[tmdb_id] = (score, favourite)
    order = sorted(scores, key=lambda tmdb_id: (-scores[tmdb_id], tmdb_id))
    return [strongest[tmdb_id][1] for tmdb_id in order]
