"""How often this process may call Trakt: a write a second and 500 reads in five minutes, each."""

import threading
import time
from collections import defaultdict, deque
from collections.abc import Hashable

from trakt.errors import SlowDown

LONGEST_HOLD = 3600.0  # seconds

# Tests put a clock of their own in their place.
monotonic = time.monotonic
sleep = time.sleep


class Pace:
    """At most `most` turns in any `period` seconds, for each caller by itself."""

    def __init__(self, most: int, period: float) -> None:
        self.period = period
        self._most = most
        self._turns: dict[Hashable, deque[float]] = defaultdict(lambda: deque(maxlen=most))
        self._held: dict[Hashable, float] = {}
        self._lock = threading.Lock()

    def turn(self, who: Hashable, patience: float) -> None:
        """Waits for the next turn; SlowDown at once when it is further away than `patience`."""
        with self._lock:
            now = monotonic()
            at = self._next(who, now)
            if at - now > patience:
                raise SlowDown("our own pace", retry_after=at - now)
            self._turns[who].append(at)
        if at > now:
            sleep(at - now)

    def rest(self, who: Hashable) -> None:
        """Waits until there is a turn to take, however long; for work that nobody waits for."""
        with self._lock:
            now = monotonic()
            wait = self._next(who, now) - now
        if wait > 0:
            sleep(wait)

    def hold(self, who: Hashable, seconds: float) -> None:
        """No turn for so long: Trakt asked for it; what it cannot mean is cut to an hour."""
        until = monotonic() + min(seconds, LONGEST_HOLD)
        with self._lock:
            self._held[who] = max(self._held.get(who, until), until)

    def _next(self, who: Hashable, now: float) -> float:
        turns = self._turns[who]
        free = turns[0] + self.period if len(turns) == self._most else now
        return max(now, free, self._held.get(who, now))


# A little less than Trakt allows, as two calls may come closer on their way than they left.
writes = Pace(1, 1.05)
reads = Pace(490, 300.0)
refreshes = Pace(100, 60.0)  # by the app; Trakt names no limit but may ask for a pause
