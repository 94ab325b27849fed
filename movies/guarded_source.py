"""A source that is left out for a while when it fails or keeps people waiting."""

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
        self._begun: dict[object, float] = {}

    def __call__(self, text: str) -> list[Film]:
        """The source's answer; nothing while it is left out. What the source raises is raised."""
        if self._breaker.is_open or self._is_hanging():
            return []
        call, began = object(), self._clock()
        self._begun[call] = began
        try:
            films = self._source(text)
        except Exception as error:
            self._breaker.failed(getattr(error, "retry_after", None) or 0.0)
            raise
        finally:
            del self._begun[call]
        self._judge(self._clock() - began)
        return films

    def _judge(self, seconds: float) -> None:
        if seconds <= PATIENCE:
            self._breaker.succeeded()
            return
        log.warning("%s took %.1f seconds and is left out for a while", self._name, seconds)
        self._breaker.failed()

    def _is_hanging(self) -> bool:
        """Whether a call has been waiting for too long already: a second one would as well."""
        return any(self._clock() - began > PATIENCE for began in list(self._begun.values()))
