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
        self._running: dict[Key, str] = {}  # the name of the task; "" while it is picked
        self._is_closed = False
        self._changed = Condition()

    def submit(self, key: Key, name: str, task: Task) -> None:
        """Queue a task, which handles its own errors; `name` identifies it within its key."""
        with self._changed:
            if self._is_closed:
                return
            self._waiting.setdefault(key, {})[name] = task
            if key not in self._running:
                self._running[key] = ""
                Thread(target=self._run, args=[key], name=f"task-{key}", daemon=True).start()

    def is_pending(self, key: Key, name: str) -> bool:
        """Return True if the task is queued."""
        with self._changed:
            return name in self._waiting.get(key, {})

    def is_running(self, key: Key, name: str) -> bool:
        with self._changed:
            return self._running.get(key) == name

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
                self._running[key] = next(iter(tasks))
                return tasks.pop(self._running[key])
            self._waiting.pop(key, None)
            del self._running[key]
            self._changed.notify_all()
            return None
