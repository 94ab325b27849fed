"""A circuit breaker: calls pause after a failure, longer after each further one."""

import time
from collections.abc import Callable
from threading import Lock

FIRST_PAUSE = 15.0  # seconds
LONGEST_PAUSE = 5 * 60.0


class CircuitBreaker:
    """Safe to use from many threads. `clock` counts seconds and never goes back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._failures = 0
        self._open_until = 0.0

    @property
    def is_open(self) -> bool:
        return self._clock() < self._open_until

    def failed(self, at_least: float = 0.0) -> None:
        """Open it; `at_least` is the wait the other side asked for, up to LONGEST_PAUSE."""
        with self._lock:
            if self.is_open:  # parallel calls count as one failure
                return
            pause = min(FIRST_PAUSE * 2 ** min(self._failures, 10), LONGEST_PAUSE)
            self._failures += 1
            self._open_until = self._clock() + max(pause, min(at_least, LONGEST_PAUSE))

    def succeeded(self) -> None:
        with self._lock:
            self._failures = 0
