from datetime import UTC, datetime, timedelta

import pytest

from utils.pin_lockout import locked_until

NOW = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)


@pytest.mark.parametrize("failures", range(5))
def test_the_first_five_tries_are_free(failures: int) -> None:
    assert locked_until(failures, NOW) is None


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(5, 30), (6, 60), (7, 120), (8, 240), (9, 480), (10, 900), (11, 900), (2**63, 900)],
)
def test_then_the_wait_doubles_up_to_a_quarter_of_an_hour(failures: int, seconds: int) -> None:
    assert locked_until(failures, NOW) == NOW + timedelta(seconds=seconds)
