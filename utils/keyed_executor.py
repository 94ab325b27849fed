"""Background threads that run one task at a time for each key."""

from collections.abc import Callable
from threading import Condition, Thread
from typing import Generic, TypeVar

Key = TypeVar("Key")
Task = Callable[[], object]


class KeyedExecutor(Generic[Key]):
    """Submitting never blocks; a task submitted twice before it starts runs once."""

    def __init__(self) -> None:
        self._waiting: dict[Key, dict[str, Task]] = {}
        self._running: set[Key] = set()
        self._is_closed = False
        self._changed = Condition()

    def submit(self, key: Key, name: str, task: Task) -> None:
        """Queue a task, which handles its own errors; `name` identifies it within its key."""
        with self._changed:
            if self._is_closed:
                return
            self._waiting.setdefault(key, {})[name] = task
            if key not in self._running:
                self._running.add(key)
                Thread(target=self._run, args=[key], name=f"errand-{key}", daemon=True).start()

    def is_pending(self, key: Key, name: str) -> bool:
        with self._changed:
            return name in self._waiting.get(key, {})

    def wait(self, seconds: float) -> bool:
        """Wait until all tasks are done; return False if `seconds` pass first."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._running, seconds)

    def close(self, seconds: float) -> bool:
        """Drop the queued tasks and wait for those that run."""
        with self._changed:
            self._is_closed = True
            self._waiting.clear()
        return self.wait(seconds)

    def _run(self, key: Key) -> None:
        while task := self._next(key):
            task()

    def _next(self, key: Key) -> Task | None:
        with self._changed:
            if tasks := self._waiting.get(key):
                return tasks.pop(next(iter(tasks)))
            self._waiting.pop(key, None)
            self._running.discard(key)
            self._changed.notify_all()
            return None
