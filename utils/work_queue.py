"""A bounded queue for one worker: each task queued once, with a pause after a failure."""

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Condition
from typing import Generic, TypeVar

Task = TypeVar("Task")
MOST_RESTING = 5_000


class WorkQueue(Generic[Task]):
    """Safe to use from many threads; kept in memory only."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._waiting: OrderedDict[Task, None] = OrderedDict()
        self._running: Task | None = None
        self._not_before: dict[Task, float] = {}
        self._is_closed = False
        self._changed = Condition()

    def put(self, task: Task, is_urgent: bool = False) -> bool:
        """Return True if the task is queued or running; False if resting, full or closed.

        An urgent task moves to the front, even if it was queued before.
        """
        with self._changed:
            if task == self._running:
                return True
            if task not in self._waiting:
                if not self._may_wait(task):
                    return False
                self._waiting[task] = None
                self._changed.notify()
            if is_urgent:
                self._waiting.move_to_end(task, last=False)
            return True

    def take(self, wait: bool = True) -> Task | None:
        """Return the next task: urgent ones first, then in order of arrival.

        None once the queue is closed, or when it is empty and `wait` is False.
        """
        with self._changed:
            while wait and not self._waiting and not self._is_closed:
                self._changed.wait()
            if self._is_closed or not self._waiting:
                return None
            self._running, _ = self._waiting.popitem(last=False)
            return self._running

    def done(self, task: Task, rest: float = 0.0) -> None:
        """Mark the task as finished and refuse it for `rest` seconds."""
        with self._changed:
            self._running = None
            self.avoid(task, rest)

    def avoid(self, task: Task, rest: float) -> None:
        with self._changed:
            self._not_before.pop(task, None)
            if rest:
                self._not_before[task] = self._clock() + rest
            if len(self._not_before) > MOST_RESTING:
                del self._not_before[next(iter(self._not_before))]

    def close(self) -> None:
        """Close the queue and wake the worker."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def _may_wait(self, task: Task) -> bool:
        is_resting = self._not_before.get(task, 0.0) > self._clock()
        return not (is_resting or self._is_closed or len(self._waiting) >= self._most)
