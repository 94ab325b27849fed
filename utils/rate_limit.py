"""How often somebody may ask: so many times in any second, counted in this process."""

from collections import deque
from collections.abc import Hashable
from datetime import datetime, timedelta
from threading import Lock

WINDOW = timedelta(seconds=1)


class RateLimit:
    """Safe to use from many threads; remembers nobody longer than the window."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._asked: dict[Hashable, deque[datetime]] = {}
        self._lock = Lock()

    def allows(self, who: Hashable, now: datetime) -> bool:
        """Whether one more is allowed; it is counted if so."""
        with self._lock:
            self._forget(now)
            asked = self._asked.setdefault(who, deque())
            if len(asked) >= self._most:
                return False
            asked.append(now)
            return True

    def _forget(self, now: datetime) -> None:
        """What is older than the window, or ahead: a clock that was set back bars nobody."""
        for who, asked in list(self._asked.items()):
            while asked and not now - WINDOW < asked[0] <= now:
                asked.popleft()
            if not asked:
                del self._asked[who]
