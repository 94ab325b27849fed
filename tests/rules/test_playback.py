"""How much of the film that is on has passed, by a clock that is handed in."""

from datetime import UTC, datetime, timedelta

import pytest

from rules import playback
from rules.playback import PlaybackState

START = datetime(2026, 11, 20, 20, tzinfo=UTC)


def after(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def begun(runtime: int = 100) -> PlaybackState:
    return PlaybackState(runtime, START).resumed(START)


@pytest.mark.parametrize(
    ("minutes", "progress"),
    [(0, 0), (25, 25), (80, 80), (80.5, 80.5), (100, 100), (900, 100), (-5, 0)],
)
def test_what_has_passed_is_the_clocks_and_never_more_than_the_film(
    minutes: float, progress: float
) -> None:
    assert playback.progress(begun(), after(minutes)) == progress


def test_a_pause_stands_still_and_the_end_moves_away() -> None:
    paused = begun().paused(after(40))
    assert playback.progress(paused, after(70)) == 40
    assert playback.ends_at(paused) is None
    going = paused.resumed(after(70))
    assert playback.progress(going, after(80)) == 50
    assert playback.ends_at(going) == after(130)


@pytest.mark.parametrize(
    ("progress", "counts"), [(0, False), (79.99, False), (80, False), (80.01, True), (100, True)]
)
def test_only_above_four_fifths_a_film_was_watched(progress: float, counts: bool) -> None:
    assert playback.counts(progress) is counts


@pytest.mark.parametrize(
    ("run", "minutes", "over"),
    [
        (begun(), 99, None),
        (begun(), 100, 100),
        (begun(), 3000, 100),
        (begun().paused(after(40)), 23 * 60, None),
        (begun().paused(after(40)), 24 * 60, 40),
    ],
)
def test_a_forgotten_film_was_over_at_its_end_or_where_it_was_left(
    run: PlaybackState, minutes: float, over: float | None
) -> None:
    expected = None if over is None else after(over)
    assert playback.passed_end(run, after(minutes)) == expected
