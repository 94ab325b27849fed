from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rules import Refused
from rules.schedule import (
    Acts,
    Phase,
    Schedule,
    Starts,
    deadline,
    last_moment,
    phase,
    previous_week,
    starts,
    week_of,
)

DAY = 24 * 60
THU, FRI, SAT, SUN = 3 * DAY, 4 * DAY, 5 * DAY, 6 * DAY
SECOND = timedelta(seconds=1)
WEEK = "2026-W47"  # 16 to 22 November
NIGHT = datetime(2026, 11, 20, 21, 0, tzinfo=UTC)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_the_default_week_votes_on_thursday_and_counts_on_friday_evening() -> None:
    assert starts(Schedule(), WEEK) == Starts(
        utc("2026-11-16"), utc("2026-11-19"), utc("2026-11-20T18:00"), utc("2026-11-23")
    )


@pytest.mark.parametrize(
    "zone",
    ["", "Nowhere", "Europe", "europe/budapest?", "../etc/passwd", "UTC\0", "\ud800", "/UTC"],
)
def test_an_unknown_zone_is_refused_by_name(zone: str) -> None:
    with pytest.raises(Refused) as refusal:
        Schedule(zone=zone)
    assert (refusal.value.code, refusal.value.values) == ("zone_unknown", {"zone": zone})


@pytest.mark.parametrize(
    ("nominating", "voting", "results"),
    [
        (-1, THU, FRI),
        (THU, THU, FRI),
        (0, FRI, FRI),
        (0, FRI, THU),
        (FRI, THU, SAT),
        (0, THU, 7 * DAY),
        (0, THU, 2**63),
    ],
)
def test_starts_out_of_order_or_outside_the_week_are_refused(
    nominating: int, voting: int, results: int
) -> None:
    with pytest.raises(Refused) as refusal:
        Schedule("UTC", nominating, voting, results)
    assert (refusal.value.code, refusal.value.values) == ("schedule_order", {})


def test_the_first_and_the_last_minute_of_the_week_can_be_starts() -> None:
    edges = starts(Schedule("UTC", 0, 1, 7 * DAY - 1), WEEK)
    assert (edges.voting, edges.results) == (utc("2026-11-16T00:01"), utc("2026-11-22T23:59"))


def test_a_start_at_a_clock_change(subtests: pytest.Subtests) -> None:
    for zone, week, wall, expected in [
        # Forward: just before the gap, in it, after it.
        ("Europe/Budapest", "2026-W13", SUN + 119, "2026-03-29T00:59"),
        ("Europe/Budapest", "2026-W13", SUN + 150, "2026-03-29T01:30"),
        ("Europe/Budapest", "2026-W13", SUN + 180, "2026-03-29T01:00"),
        ("America/New_York", "2026-W10", SUN + 119, "2026-03-08T06:59"),
        ("America/New_York", "2026-W10", SUN + 150, "2026-03-08T07:30"),
        ("America/New_York", "2026-W10", SUN + 180, "2026-03-08T07:00"),
        ("Australia/Lord_Howe", "2026-W40", SUN + 119, "2026-10-03T15:29"),
        ("Australia/Lord_Howe", "2026-W40", SUN + 135, "2026-10-03T15:45"),
        ("Australia/Lord_Howe", "2026-W40", SUN + 150, "2026-10-03T15:30"),
        # Back: before the repeated time, its first round, after it.
        ("Europe/Budapest", "2026-W43", SUN + 119, "2026-10-24T23:59"),
        ("Europe/Budapest", "2026-W43", SUN + 150, "2026-10-25T00:30"),
        ("Europe/Budapest", "2026-W43", SUN + 180, "2026-10-25T02:00"),
        ("America/New_York", "2026-W44", SUN + 59, "2026-11-01T04:59"),
        ("America/New_York", "2026-W44", SUN + 90, "2026-11-01T05:30"),
        ("America/New_York", "2026-W44", SUN + 120, "2026-11-01T07:00"),
        ("Australia/Lord_Howe", "2026-W14", SUN + 89, "2026-04-04T14:29"),
        ("Australia/Lord_Howe", "2026-W14", SUN + 105, "2026-04-04T14:45"),
        ("Australia/Lord_Howe", "2026-W14", SUN + 120, "2026-04-04T15:30"),
        # Samoa went from Thursday 29 to Saturday 31 December 2011.
        ("Pacific/Apia", "2011-W52", THU + 1080, "2011-12-30T04:00"),
        ("Pacific/Apia", "2011-W52", FRI + 1080, "2011-12-31T04:00"),
        ("Pacific/Apia", "2011-W52", SUN + 1080, "2012-01-01T04:00"),
    ]:
        with subtests.test(zone=zone, week=week, wall=wall):
            assert starts(Schedule(zone, 0, 1, wall), week).results == utc(expected)


@pytest.mark.parametrize(
    ("voting", "results"), [(SUN + 150, SUN + 210), (SUN + 150, SUN + 195), (SUN + 120, SUN + 180)]
)
def test_a_start_overtaken_by_one_moved_out_of_the_gap_follows_a_minute_later(
    voting: int, results: int
) -> None:
    spring = starts(Schedule("Europe/Budapest", 0, voting, results), "2026-W13")
    assert spring.results == spring.voting + timedelta(minutes=1)


def test_a_start_pushed_across_monday_is_the_same_seen_from_both_weeks() -> None:
    # Algiers left out Sunday 25 April 1971 from 23:00 to midnight.
    late = Schedule("Africa/Algiers", 0, THU, SUN + 1410)
    before, after = starts(late, "1971-W16"), starts(late, "1971-W17")
    assert before.results == utc("1971-04-25T23:30")
    assert before.ends == after.nominating == utc("1971-04-25T23:31")


@pytest.mark.parametrize(
    "zone",
    [
        "UTC",
        "Europe/Budapest",
        "America/New_York",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "America/Havana",
        "Africa/Casablanca",
        "Antarctica/Troll",
    ],
)
def test_starts_strictly_increase_from_2020_to_2040(zone: str) -> None:
    for minutes in ((0, THU, FRI + 1080), (150, SUN + 150, SUN + 180), (SUN, SUN + 1, SUN + 60)):
        schedule = Schedule(zone, *minutes)
        week, following = "2040-W52", None
        while week >= "2020":
            these = starts(schedule, week)
            assert these.nominating < these.voting < these.results < these.ends, (minutes, week)
            assert following in (None, these.ends), (minutes, week)
            week, following = previous_week(week), these.nominating


@pytest.mark.parametrize(
    ("zone", "week", "expected"),
    [
        ("UTC", WEEK, "2026-11-22T23:59:59"),
        ("Europe/Budapest", WEEK, "2026-11-22T22:59:59"),
        ("Europe/Budapest", "2026-W13", "2026-03-29T21:59:59"),
        ("Pacific/Apia", WEEK, "2026-11-22T10:59:59"),
        ("America/New_York", "2020-W53", "2021-01-04T04:59:59"),
        ("Africa/Juba", "2021-W04", "2021-01-31T21:59:59"),  # 23:00 to midnight came twice
        ("Asia/Tehran", "2021-W11", "2021-03-21T20:29:59"),  # Monday began at 01:00
        ("Africa/Algiers", "1971-W16", "1971-04-25T22:59:59"),  # Sunday ended at 23:00
    ],
)
def test_the_last_moment_is_the_last_second_of_sunday(zone: str, week: str, expected: str) -> None:
    assert last_moment(Schedule(zone), week) == utc(expected)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Budapest", "America/New_York", "Pacific/Apia"])
def test_every_day_from_2020_to_2040_is_in_its_iso_week(zone: str) -> None:
    schedule, clock = Schedule(zone), ZoneInfo(zone)
    day = date(2020, 1, 1)
    while day <= date(2040, 12, 31):
        begins = datetime(day.year, day.month, day.day, tzinfo=clock)
        for moment in (begins, begins.replace(hour=23, minute=59, second=59)):
            assert week_of(schedule, moment) == day.strftime("%G-W%V"), moment
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("zone", "now", "week"),
    [
        ("Europe/Budapest", "2026-11-15T22:59:59", "2026-W46"),
        ("Europe/Budapest", "2026-11-15T23:00:00", "2026-W47"),
        ("America/New_York", "2021-01-04T04:59:59", "2020-W53"),
        ("America/New_York", "2021-01-04T05:00:00", "2021-W01"),
        ("Pacific/Apia", "2027-01-03T10:59:59", "2026-W53"),
        ("Pacific/Apia", "2027-01-03T11:00:00", "2027-W01"),
        ("Asia/Tehran", "2021-03-21T20:29:59", "2021-W11"),
        ("Asia/Tehran", "2021-03-21T20:30:00", "2021-W12"),
    ],
)
def test_the_week_turns_on_the_household_clock(zone: str, now: str, week: str) -> None:
    assert week_of(Schedule(zone), utc(now)) == week


@pytest.mark.parametrize(
    ("now", "week"),
    [
        ("2026-12-28", "2026-W52"),  # Monday of 2026-W53
        ("2026-12-29T18:59:59", "2026-W52"),
        ("2026-12-29T19:00:00", "2026-W53"),
        ("2027-01-05T18:59:59", "2026-W53"),
        ("2027-01-05T19:00:00", "2027-W01"),
    ],
)
def test_until_nominating_starts_it_is_still_the_week_before(now: str, week: str) -> None:
    assert week_of(Schedule(nominating=DAY + 1140), utc(now)) == week


def test_the_week_is_the_one_whose_starts_enclose_now() -> None:
    late = Schedule("Africa/Algiers", 0, THU, SUN + 1410)
    turn = utc("1971-04-25T23:31")
    assert [week_of(late, turn - SECOND), week_of(late, turn)] == ["1971-W16", "1971-W17"]


OPENED = Acts(voting_opened_at=utc("2026-11-17T20:00"))
CLOSED = Acts(voting_opened_at=utc("2026-11-17T20:00"), closed_at=utc("2026-11-18T20:00"))
SKIPPED = Acts(skipped_at=utc("2026-11-17T20:00"))


def test_the_phase_follows_the_clock_but_never_goes_back_behind_an_act() -> None:
    expected = [
        (Acts(), "2026-11-15T23:59:59", "nomination"),
        (Acts(), "2026-11-18T23:59:59", "nomination"),
        (Acts(), "2026-11-19T00:00:00", "voting"),
        (Acts(), "2026-11-20T17:59:59", "voting"),
        (Acts(), "2026-11-20T18:00:00", "results"),
        (Acts(), "2027-02-01", "results"),
        (OPENED, "2026-11-17T20:00", "voting"),
        (OPENED, "2026-11-20T18:00", "results"),
        (CLOSED, "2026-11-18T20:00", "results"),
        (Acts(closed_at=NIGHT), "2026-11-19", "results"),
        (SKIPPED, "2026-11-18", "skipped"),
        (SKIPPED, "2027-02-01", "skipped"),
        (Acts(*[NIGHT] * 3), "2026-11-21", "skipped"),
        # The clock was set back after the act.
        (OPENED, "2026-11-16", "voting"),
        (CLOSED, "2026-11-16", "results"),
        (SKIPPED, "2026-11-16", "skipped"),
    ]
    found = [(acts, now, phase(Schedule(), WEEK, acts, utc(now))) for acts, now, _phase in expected]
    assert found == expected


@pytest.mark.parametrize(
    ("current", "expected"),
    [
        ("nomination", "2026-11-19"),
        ("voting", "2026-11-20T18:00"),
        ("results", "2026-11-23"),
        ("skipped", "2026-11-23"),
    ],
)
def test_each_phase_ends_where_the_clock_says(current: Phase, expected: str) -> None:
    assert deadline(Schedule(), WEEK, current) == utc(expected)


def test_voting_opened_early_still_ends_at_the_count() -> None:
    current = phase(Schedule(), WEEK, OPENED, utc("2026-11-17T21:00"))
    assert deadline(Schedule(), WEEK, current) == utc("2026-11-20T18:00")


def test_a_week_closed_early_stays_on_until_the_next_one_starts() -> None:
    current = phase(Schedule(), WEEK, CLOSED, utc("2026-11-18T21:00"))
    assert deadline(Schedule(), WEEK, current) == utc("2026-11-23")
    assert week_of(Schedule(), utc("2026-11-22T23:59:59")) == WEEK
