"""SQLite's data version: tells if any thread or process committed to the file."""

import sqlite3
import threading
from pathlib import Path

Version = tuple[int, int]


class DataVersion:
    """A connection of its own that only reads, as SQLite counts only other connections' commits."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._conn: sqlite3.Connection | None = None
        self._opened = 0

    def mark(self) -> Version:
        """Return a value that differs after every commit; raises DatabaseError without a file."""
        with self._lock:
            if self._conn is None:
                uri = f"{self._path.absolute().as_uri()}?mode=rw"  # does not create the file
                self._conn = sqlite3.connect(uri, uri=True, check_same_thread=False)
                self._opened += 1
            return self._opened, self._conn.execute("PRAGMA data_version").fetchone()[0]

    def close(self) -> None:
        """Close the connection; the next `mark()` opens it again and differs from all before."""
        with self._lock:
            if self._conn is not None:
                self._conn.close()
                self._conn = None
