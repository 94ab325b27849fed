"""Whether anything was committed to the file, whichever thread or process did it."""

import sqlite3
import threading
from pathlib import Path

Version = tuple[int, int]


class DataVersion:
    """Marks that are equal have no commit between them; SQLite itself keeps the count.

    It counts for a connection what the others commit, so this one only ever looks.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._conn: sqlite3.Connection | None = None
        self._opened = 0

    def mark(self) -> Version:
        """Raises DatabaseError where there is no database to look at."""
        with self._lock:
            if self._conn is None:
                address = f"{self._path.absolute().as_uri()}?mode=rw"  # never makes the file
                self._conn = sqlite3.connect(address, uri=True, check_same_thread=False)
                self._opened += 1
            return self._opened, self._conn.execute("PRAGMA data_version").fetchone()[0]

    def close(self) -> None:
        """Until the next mark, which is unlike all before."""
        with self._lock:
            if self._conn is not None:
                self._conn.close()
                self._conn = None
