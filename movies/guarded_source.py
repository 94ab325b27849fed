"""A circuit breaker around a source of films, for failures and slow calls."""

import logging
import time
from collections.abc import Callable

from movies.film import Film
from utils.circuit_breaker import CircuitBreaker

PATIENCE = 2.0  # seconds
log = logging.getLogger(__name__)


class GuardedSource:
    """Wraps a source of films; safe to call from many threads."""

    def __init__(
        self,
        source: Callable[[str], list[Film]],
        name: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._source, self._name, self._clock = source, name, clock
        self._breaker = CircuitBreaker(clock)
        self._started: dict[object, float] = {}

    def __call__(self, text: str) -> list[Film]:
        """Return the source's films, or none while it is skipped; its exceptions are raised."""
        if self._breaker.is_open or self._is_hanging():
            return []
        call, started = object(), self._clock()
        self._started[call] = started
        try:
            films = self._source(text)
        except Exception as error:
            self._breaker.failed(getattr(error, "retry_after", None) or 0.0)
            raise
        finally:
            del self._started[call]
        self._record_duration(self._clock() - started)
        return films

    def _record_duration(self, seconds: float) -> None:
        if seconds <= PATIENCE:
            self._breaker.succeeded()
            return
        log.warning("%s took %.1f seconds and is left out for a while", self._name, seconds)
        self._breaker.failed()

    def _is_hanging(self) -> bool:
        """Return True if a call has been running for too long; another one would wait as well."""
        return any(self._clock() - started > PATIENCE for started in list(self._started.values()))
