from datetime import UTC, datetime, timedelta

from utils.rate_limit import RateLimit

NOON = datetime(2026, 11, 17, 12, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_no_second_however_it_is_cut_holds_more_than_the_limit() -> None:
    limit = RateLimit(2)
    moments = [0, 0.9, 0.95, 1.0, 1.05, 1.9, 2.0]
    assert [limit.allows("ana", at(moment)) for moment in moments] == [
        True, True, False, True, False, True, True,
    ]  # fmt: skip


def test_everybody_is_counted_for_themselves() -> None:
    limit = RateLimit(1)
    assert [limit.allows(who, NOON) for who in ("ana", "ben", "ana")] == [True, True, False]


def test_a_clock_that_is_set_back_bars_nobody() -> None:
    limit = RateLimit(1)
    assert limit.allows("ana", at(3600))
    assert limit.allows("ana", NOON)
    assert not limit.allows("ana", NOON)


def test_nobody_is_remembered_longer_than_the_window() -> None:
    limit = RateLimit(1)
    for number in range(1000):
        limit.allows(number, NOON)
    limit.allows("ana", at(1))
    assert list(limit._calls) == ["ana"]
