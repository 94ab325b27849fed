"""Three-way merge of one rating: ours, Trakt's, and the base on which both last agreed.

A side is edited if its rating differs from the base or has a later date. An edit wins over a
deletion, however old it is, because Trakt does not send the time of a deletion. The merge is
symmetric: it ends the same whichever side merges.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Act = Literal["nothing", "take", "send", "remove_here", "remove_there"]
LOWEST, HIGHEST = 1, 10


@dataclass(frozen=True)
class Rated:
    """A rating; raises ValueError unless it is a whole number from 1 to 10."""

    rating: int
    rated_at: datetime

    def __post_init__(self) -> None:
        if type(self.rating) is not int or not LOWEST <= self.rating <= HIGHEST:
            raise ValueError(f"not a whole number from {LOWEST} to {HIGHEST}: {self.rating!r}")


@dataclass(frozen=True)
class Merged:
    """The action and the new base, which is also the rating to `take` (store here) or `send`."""

    act: Act
    base: Rated | None


def merge(base: Rated | None, here: Rated | None, there: Rated | None) -> Merged:
    """Merge two ratings; None is no rating. Without a base, a missing rating is no deletion."""
    if here is None or there is None:
        return _one_sided(base, here, there)
    if here.rating == there.rating:
        # Each side keeps its own date, so an edit of either has to be later than both.
        return Merged("nothing", max(here, there, key=lambda side: side.rated_at))
    if _there_wins(base, here, there):
        return Merged("take", there)
    return Merged("send", here)


def _one_sided(base: Rated | None, here: Rated | None, there: Rated | None) -> Merged:
    if here is not None:
        return Merged("send", here) if _is_edited(here, base) else Merged("remove_here", None)
    if there is not None:
        return Merged("take", there) if _is_edited(there, base) else Merged("remove_there", None)
    return Merged("nothing", None)


def _there_wins(base: Rated | None, here: Rated, there: Rated) -> bool:
    """Return True if only Trakt's side is edited, or its edit is newer, or as new and higher."""
    edited_here, edited_there = _is_edited(here, base), _is_edited(there, base)
    if edited_here != edited_there:
        return edited_there
    return (there.rated_at, there.rating) > (here.rated_at, here.rating)


def _is_edited(side: Rated, base: Rated | None) -> bool:
    return base is None or side.rating != base.rating or side.rated_at > base.rated_at
