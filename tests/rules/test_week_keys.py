from datetime import date

import pytest

from rules.schedule import is_week, monday, previous_week


@pytest.mark.parametrize(
    "week", ["1970-W01", "2020-W53", "2026-W01", "2026-W47", "2026-W53", "2999-W52"]
)
def test_a_real_iso_week_is_a_week(week: str) -> None:
    assert is_week(week)


def test_anything_else_is_not_a_week(subtests: pytest.Subtests) -> None:
    for text in [
        "",
        "2026",
        "2026-W5",
        "2026-W005",
        "2026-W00",
        "2026-W54",
        "2025-W53",
        "1969-W52",
        "3000-W01",
        "0000-W01",
        "2026-w47",
        "2026W47",
        "2026-W47\n",
        " 2026-W47",
        "2026-W47-1",
        "-2026-W47",
        "٢٠٢٦-W47",
        "2026-W４７",
        "2026-W\ud800",
    ]:
        with subtests.test(ascii(text)):
            assert not is_week(text)
            with pytest.raises(ValueError):
                monday(text)


@pytest.mark.parametrize(
    ("week", "first_day"),
    [
        ("2026-W47", date(2026, 11, 16)),
        ("2026-W01", date(2025, 12, 29)),
        ("2026-W53", date(2026, 12, 28)),
        ("2027-W01", date(2027, 1, 4)),
    ],
)
def test_a_week_begins_on_its_monday(week: str, first_day: date) -> None:
    assert monday(week) == first_day


@pytest.mark.parametrize(
    ("week", "following"),
    [
        ("2026-W09", "2026-W10"),
        ("2020-W52", "2020-W53"),
        ("2020-W53", "2021-W01"),
        ("2025-W52", "2026-W01"),
        ("2026-W53", "2027-W01"),
    ],
)
def test_weeks_follow_each_other_across_the_year(week: str, following: str) -> None:
    assert previous_week(following) == week
