"""Errands in threads of their own: one at a time for each key, and one more if asked meanwhile."""

from collections.abc import Callable
from threading import Condition, Thread
from typing import Generic, TypeVar

Key = TypeVar("Key")
Errand = Callable[[], object]


class KeyedExecutor(Generic[Key]):
    """Asking never waits. What is asked twice before it begins is done once."""

    def __init__(self) -> None:
        self._waiting: dict[Key, dict[str, Errand]] = {}
        self._running: set[Key] = set()
        self._is_closed = False
        self._changed = Condition()

    def submit(self, key: Key, name: str, errand: Errand) -> None:
        """`errand` reports its own failures; `name` tells errands of one key apart."""
        with self._changed:
            if self._is_closed:
                return
            self._waiting.setdefault(key, {})[name] = errand
            if key not in self._running:
                self._running.add(key)
                Thread(target=self._run, args=[key], name=f"errand-{key}", daemon=True).start()

    def is_pending(self, key: Key, name: str) -> bool:
        with self._changed:
            return name in self._waiting.get(key, {})

    def wait(self, seconds: float) -> bool:
        """Until nothing is left to do; whether that is so now."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._running, seconds)

    def close(self, seconds: float) -> bool:
        """Begin nothing more and wait for what runs."""
        with self._changed:
            self._is_closed = True
            self._waiting.clear()
        return self.wait(seconds)

    def _run(self, key: Key) -> None:
        while errand := self._next(key):
            errand()

    def _next(self, key: Key) -> Errand | None:
        with self._changed:
            if errands := self._waiting.get(key):
                return errands.pop(next(iter(errands)))
            self._waiting.pop(key, None)
            self._running.discard(key)
            self._changed.notify_all()
            return None
