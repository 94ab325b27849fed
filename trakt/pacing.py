"""Rate limits of this process: for each caller a write a second and 500 reads in five minutes."""

import threading
import time
from collections import defaultdict, deque
from collections.abc import Hashable

from trakt.errors import SlowDown

LONGEST_HOLD = 3600.0  # seconds

# Tests replace these two by a clock of their own.
monotonic = time.monotonic
sleep = time.sleep


class Pace:
    """A limit of `most` turns in any `period` seconds for each caller."""

    def __init__(self, most: int, period: float) -> None:
        self.period = period
        self._most = most
        self._turns: dict[Hashable, deque[float]] = defaultdict(lambda: deque(maxlen=most))
        self._held: dict[Hashable, float] = {}
        self._lock = threading.Lock()

    def turn(self, caller: Hashable, patience: float) -> None:
        """Wait for the next turn and use it up.

        Raises SlowDown at once if it is more than `patience` seconds away.
        """
        with self._lock:
            now = monotonic()
            turn_at = self._next(caller, now)
            if turn_at - now > patience:
                raise SlowDown("our own pace", retry_after=turn_at - now)
            self._turns[caller].append(turn_at)
        if turn_at > now:
            sleep(turn_at - now)

    def wait(self, caller: Hashable) -> None:
        """Wait for the next turn, however long, without using it up."""
        with self._lock:
            now = monotonic()
            seconds = self._next(caller, now) - now
        if seconds > 0:
            sleep(seconds)

    def hold(self, caller: Hashable, seconds: float) -> None:
        """Grant no turn for so long, an hour at most, because Trakt asked for a pause."""
        until = monotonic() + min(seconds, LONGEST_HOLD)
        with self._lock:
            self._held[caller] = max(self._held.get(caller, until), until)

    def _next(self, caller: Hashable, now: float) -> float:
        turns = self._turns[caller]
        free_at = turns[0] + self.period if len(turns) == self._most else now
        return max(now, free_at, self._held.get(caller, now))


# A little less than Trakt allows, as two calls may arrive closer together than they left.
writes = Pace(1, 1.05)
reads = Pace(490, 300.0)
refreshes = Pace(100, 60.0)  # for each app; Trakt names no limit but may ask for a pause
