"""A rating on two sides: who wins, that nothing moves without need, and that it comes to rest."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from rules.merge import Act, Merged, Rated, merge

START = datetime(2026, 11, 17, 12, tzinfo=UTC)
MIRRORED: dict[Act, Act] = {
    "nothing": "nothing",
    "take": "send",
    "send": "take",
    "remove_here": "remove_there",
    "remove_there": "remove_here",
}
FILMS = (603, 8587)


def given(rating: int, day: int) -> Rated:
    return Rated(rating, START + timedelta(days=day))


CASES: dict[str, tuple[Rated | None, Rated | None, Rated | None, Act, Rated | None]] = {
    # case: base, here, there -> act, new base
    "nobody has rated": (None, None, None, "nothing", None),
    "first sync, only here": (None, given(8, 1), None, "send", given(8, 1)),
    "first sync, only there": (None, None, given(8, 1), "take", given(8, 1)),
    "first sync, newer here": (None, given(8, 2), given(6, 1), "send", given(8, 2)),
    "first sync, newer there": (None, given(8, 1), given(6, 2), "take", given(6, 2)),
    "first sync, same moment": (None, given(6, 1), given(8, 1), "take", given(8, 1)),
    "first sync, same value": (None, given(8, 1), given(8, 3), "nothing", given(8, 3)),
    "untouched": (given(8, 1), given(8, 1), given(8, 1), "nothing", given(8, 1)),
    "edited here": (given(8, 1), given(9, 2), given(8, 1), "send", given(9, 2)),
    "edited there": (given(8, 1), given(8, 1), given(9, 2), "take", given(9, 2)),
    "edited there by a slow clock": (given(8, 2), given(8, 2), given(9, 1), "take", given(9, 1)),
    "edited to and fro here": (given(8, 1), given(8, 4), given(7, 3), "send", given(8, 4)),
    "both edited, newer there": (given(8, 1), given(9, 2), given(7, 3), "take", given(7, 3)),
    "both edited, same moment": (given(8, 1), given(9, 2), given(7, 2), "send", given(9, 2)),
    "both edited alike": (given(8, 1), given(9, 2), given(9, 3), "nothing", given(9, 3)),
    "deleted here": (given(8, 1), None, given(8, 1), "remove_there", None),
    "deleted there": (given(8, 1), given(8, 1), None, "remove_here", None),
    "deleted on both sides": (given(8, 1), None, None, "nothing", None),
    "deleted here, edited there": (given(8, 1), None, given(7, 2), "take", given(7, 2)),
    "deleted there, edited here": (given(8, 1), given(7, 2), None, "send", given(7, 2)),
    "deleted there, the same given anew": (given(8, 1), given(8, 2), None, "send", given(8, 2)),
    "their date rounded down": (given(8, 2), given(8, 2), given(8, 1), "nothing", given(8, 2)),
}


def test_what_is_done_and_what_is_agreed_on() -> None:
    for case, (base, here, there, act, new_base) in CASES.items():
        assert merge(base, here, there) == Merged(act, new_base), case


def test_both_sides_come_to_the_same_end_whoever_merges_and_then_rest() -> None:
    """Every base and pair of sides out of three values and three dates."""
    sides = [None, *(given(rating, day) for rating, day in product((5, 6, 7), (1, 2, 3)))]
    for base, here, there in product(sides, repeat=3):
        merged, mirrored = merge(base, here, there), merge(base, there, here)
        assert mirrored == Merged(MIRRORED[merged.act], merged.base)
        after = {"take": (there, there), "send": (here, here), "nothing": (here, there)}
        end = after.get(merged.act, (None, None))
        assert merge(merged.base, *end) == Merged("nothing", merged.base)
        # A sync that died before it could write down the base finds that nothing is left to do.
        assert merge(base, *end).act == "nothing"


@pytest.mark.parametrize("number", [0, 11, 7.5, 8.0, True, "8"])
def test_a_rating_is_a_whole_number_from_1_to_10(number: int) -> None:
    with pytest.raises(ValueError):
        Rated(number, START)


@dataclass
class Side:
    """One of the two: its ratings, a clock of its own, and the films somebody touched there."""

    decimals: str
    now: datetime = START
    ratings: dict[int, Rated] = field(default_factory=dict)
    touched: set[int] = field(default_factory=set)

    def write(self, film: int, rated: Rated | None) -> None:
        """What a sync writes must change the number: else it only moves a date."""
        assert self.number(film) != (rated.rating if rated else None)
        self._keep(film, rated)

    def edit(self, film: int, rating: int | None) -> None:
        self._keep(film, Rated(rating, self.now) if rating else None)
        self.touched.add(film)

    def number(self, film: int) -> int | None:
        rated = self.ratings.get(film)
        return rated.rating if rated else None

    def _keep(self, film: int, rated: Rated | None) -> None:
        if rated is None:
            self.ratings.pop(film, None)
        else:
            kept = rated.rated_at.isoformat(timespec=self.decimals)
            self.ratings[film] = Rated(rated.rating, datetime.fromisoformat(kept))


class TwoSidedEdits(RuleBasedStateMachine):
    """Edits here and there, on clocks that differ; syncs that get through or die on the way."""

    def __init__(self) -> None:
        super().__init__()
        # There, dates lose their milliseconds.
        self.here, self.there = Side("milliseconds"), Side("seconds")
        self.base: dict[int, Rated | None] = {}

    @initialize(seconds=st.sampled_from([-90, 0, 90]))
    def set_their_clock(self, seconds: int) -> None:
        self.there.now += timedelta(seconds=seconds)

    @rule(seconds=st.sampled_from([0.3, 1, 60]))
    def wait(self, seconds: float) -> None:
        for side in (self.here, self.there):
            side.now += timedelta(seconds=seconds)

    @rule()
    def set_both_clocks_alike(self) -> None:
        self.here.now = self.there.now = max(self.here.now, self.there.now)

    @rule(film=st.sampled_from(FILMS), rating=st.sampled_from([None, 6, 7, 8]))
    def edit_here(self, film: int, rating: int | None) -> None:
        self.here.edit(film, rating)

    @rule(film=st.sampled_from(FILMS), rating=st.sampled_from([None, 6, 7, 8]))
    def edit_there(self, film: int, rating: int | None) -> None:
        self.there.edit(film, rating)

    @rule()
    def sync(self) -> None:
        for film in FILMS:
            self.sync_one(film)

    @rule(film=st.sampled_from(FILMS))
    def sync_until_it_dies_between_the_write_and_the_base(self, film: int) -> None:
        self.carry_out(film)
        for side in (self.here, self.there):
            side.touched.add(film)  # whose edit it was cannot be told any more

    @rule()
    def come_to_rest(self) -> None:
        self.sync()
        self.sync()
        at_rest = dict(self.here.ratings), dict(self.there.ratings), dict(self.base)
        assert [self.carry_out(film).act for film in FILMS] == ["nothing"] * len(FILMS)
        self.sync()
        assert at_rest == (self.here.ratings, self.there.ratings, self.base)

    def teardown(self) -> None:
        self.come_to_rest()

    def sync_one(self, film: int) -> None:
        numbers = [side.number(film) for side in (self.here, self.there)]
        touched = [film in side.touched for side in (self.here, self.there)]
        self.base[film] = self.carry_out(film).base
        end = self.here.number(film)
        assert end == self.there.number(film)
        assert end in numbers
        if touched != [True, True]:
            assert end == numbers[touched.index(True) if any(touched) else 0]
        for side in (self.here, self.there):
            side.touched.discard(film)

    def carry_out(self, film: int) -> Merged:
        merged = merge(
            self.base.get(film), self.here.ratings.get(film), self.there.ratings.get(film)
        )
        if merged.act in ("take", "remove_here"):
            self.here.write(film, merged.base)
        elif merged.act in ("send", "remove_there"):
            self.there.write(film, merged.base)
        return merged


TestTwoSidedEdits = TwoSidedEdits.TestCase
TestTwoSidedEdits.settings = settings(
    max_examples=100, stateful_step_count=25, derandomize=True, database=None, deadline=None
)
