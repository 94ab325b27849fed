"""A limit on calls per second and caller, counted in this process."""

from collections import deque
from collections.abc import Hashable
from datetime import datetime, timedelta
from threading import Lock

WINDOW = timedelta(seconds=1)


class RateLimit:
    """Thread-safe sliding window."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._calls: dict[Hashable, deque[datetime]] = {}
        self._lock = Lock()

    def allows(self, caller: Hashable, now: datetime) -> bool:
        """Count a call and return True if it is within the limit."""
        with self._lock:
            self._drop_old(now)
            calls = self._calls.setdefault(caller, deque())
            if len(calls) >= self._most:
                return False
            calls.append(now)
            return True

    def _drop_old(self, now: datetime) -> None:
        """Drop calls outside the window, also those ahead of a clock that was set back."""
        for caller, calls in list(self._calls.items()):
            while calls and not now - WINDOW < calls[0] <= now:
                calls.popleft()
            if not calls:
                del self._calls[caller]
