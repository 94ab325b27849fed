"""How long the other side is left alone."""

from utils.circuit_breaker import CircuitBreaker


class Clock:
    seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def pause(breaker: CircuitBreaker, clock: Clock, at_least: float = 0.0) -> float:
    """How long one failure closes the door for."""
    breaker.failed(at_least)
    began = clock.seconds
    while breaker.is_open:
        clock.seconds += 1
    return clock.seconds - began


def test_pauses_double_up_to_five_minutes_and_begin_anew_after_a_success() -> None:
    clock = Clock()
    breaker = CircuitBreaker(clock)
    assert [pause(breaker, clock) for _time in range(7)] == [15, 30, 60, 120, 240, 300, 300]
    breaker.succeeded()
    assert pause(breaker, clock) == 15


def test_calls_that_fail_side_by_side_count_as_one() -> None:
    clock = Clock()
    breaker = CircuitBreaker(clock)
    breaker.failed()
    assert pause(breaker, clock) == 15
    assert pause(breaker, clock) == 30


def test_a_longer_pause_that_the_other_side_names_is_kept_within_bounds() -> None:
    clock = Clock()
    assert [pause(CircuitBreaker(clock), clock, named) for named in (5, 60, 9_999)] == [15, 60, 300]
