import pytest

from rules import schedule, streaks
from rules.streaks import Run

ANA, BEN = 1, 2


@pytest.mark.parametrize(
    ("winners", "runs"),
    [
        ("", []),
        ("A", ["A1"]),
        ("AAB", ["A2", "B1"]),
        ("ABBBA", ["A1", "B3", "A1"]),
    ],
)
def test_wins_in_a_row(winners: str, runs: list[str]) -> None:
    weeks = [f"2026-W{n:02}" for n in range(10, 60, 2)]  # a week between them had no winner
    found = streaks.wins(zip(weeks, map({"A": ANA, "B": BEN}.__getitem__, winners), strict=False))
    assert [f"{'?AB'[run.winner]}{run.length}" for run in found] == runs


def test_a_run_knows_the_week_it_ended_in() -> None:
    wins = [("2026-W01", ANA), ("2026-W05", ANA), ("2026-W06", BEN)]
    assert streaks.wins(wins) == [Run(2, "2026-W05", ANA), Run(1, "2026-W06", BEN)]


def test_weeks_in_a_row_run_on_over_new_year() -> None:
    keys = ["2020-W52", "2020-W53", "2021-W01", "2021-W03"]
    assert streaks.weeks(keys) == [Run(3, "2021-W01"), Run(1, "2021-W03")]


def test_the_longest_are_all_that_are_level() -> None:
    runs = [Run(2, "2026-W02"), Run(1, "2026-W04"), Run(2, "2026-W07")]
    assert streaks.longest(runs) == [runs[0], runs[2]]
    assert streaks.longest([]) == []


@pytest.mark.parametrize(
    ("week", "length"), [("2026-W10", 2), ("2026-W11", 2), ("2026-W12", 0), ("2027-W01", 0)]
)
def test_a_run_goes_on_until_a_whole_week_is_left_out(week: str, length: int) -> None:
    keys = ["2026-W07", "2026-W09", "2026-W10"]
    assert streaks.current(streaks.weeks(keys), week) == length


def test_without_a_movie_night_no_run_goes_on() -> None:
    assert streaks.current([], "2026-W10") == 0


def test_every_week_of_twenty_years_is_one_run() -> None:
    keys = ["2039-W52"]
    while len(keys) < 20 * 52:
        keys.insert(0, schedule.previous_week(keys[0]))
    assert streaks.weeks(keys) == [Run(20 * 52, keys[-1])]
