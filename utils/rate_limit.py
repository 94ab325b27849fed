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

    def _forget(self, now: datetime) -> None:
        """What is older than the window, or ahead: a clock that was set back bars nobody."""
        for who, asked in list(self._calls.items()):
            while asked and not now - WINDOW < asked[0] <= now:
                asked.popleft()
            if not asked:
                del self._asked[who]
