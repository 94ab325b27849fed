"""Three-way merge of one rating: what is given here, what there, and what both last agreed on.

A side has changed when it holds another value than the base, or the same with a later date.
When a rating was deleted is never asked: Trakt does not tell, and the same two sides must end
alike whichever of them does the merging. So an edit beats a deletion, however old it is.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Act = Literal["nothing", "take", "send", "remove_here", "remove_there"]
LOWEST, HIGHEST = 1, 10


@dataclass(frozen=True)
class Rated:
    """A rating, whole 1-10, and when it was given; raises ValueError for any other number."""

    rating: int
    rated_at: datetime

    def __post_init__(self) -> None:
        if type(self.rating) is not int or not LOWEST <= self.rating <= HIGHEST:
            raise ValueError(f"not a whole number from {LOWEST} to {HIGHEST}: {self.rating!r}")


@dataclass(frozen=True)
class Merged:
    """What to do, and the base from then on. To take or to send is to write `base` as it stands."""

    act: Act
    base: Rated | None


def merge(base: Rated | None, here: Rated | None, there: Rated | None) -> Merged:
    """None is "not rated"; before the first sync there is no base, so nothing is a deletion."""
    if here is None or there is None:
        return _one_sided(base, here, there)
    if here.rating == there.rating:
        # Both keep their own date, so the later one is what a real edit has to beat.
        return Merged("nothing", max(here, there, key=_when))
    if _takes_theirs(base, here, there):
        return Merged("take", there)
    return Merged("send", here)


def _one_sided(base: Rated | None, here: Rated | None, there: Rated | None) -> Merged:
    if here is not None:
        return Merged("send", here) if _is_edited(here, base) else Merged("remove_here", None)
    if there is not None:
        return Merged("take", there) if _is_edited(there, base) else Merged("remove_there", None)
    return Merged("nothing", None)


def _takes_theirs(base: Rated | None, here: Rated, there: Rated) -> bool:
    """Who alone has edited wins; of two edits the newer one, of the same moment the higher."""
    edited_here, edited_there = _is_edited(here, base), _is_edited(there, base)
    if edited_here != edited_there:
        return edited_there
    return (there.rated_at, there.rating) > (here.rated_at, here.rating)


def _is_edited(side: Rated, base: Rated | None) -> bool:
    return base is None or side.rating != base.rating or side.rated_at > base.rated_at


def _when(side: Rated) -> datetime:
    return side.rated_at
