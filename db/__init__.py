"""SQLite connections and transactions. Views call `get_db()`; code below them gets `conn`."""

import sqlite3
import threading
from collections.abc import Iterator, Sized
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from flask import Flask, current_app

Connection = sqlite3.Connection
DatabaseError = sqlite3.Error
BUSY_MS = 5000
SYNC_FULL, SYNC_NORMAL = "PRAGMA synchronous = FULL", "PRAGMA synchronous = NORMAL"
# Writers of this process wait here, where the next one wakes at once. SQLite has no queue: it
# sleeps and tries again, ever longer. That is left for writers of other processes.
_write_lock = threading.RLock()


def connect(path: Path) -> Connection:
    """Open the file, or create it, without a migration."""
    path.touch(mode=0o600)
    conn = sqlite3.connect(path, isolation_level=None, timeout=BUSY_MS / 1000)
    conn.row_factory = sqlite3.Row
    conn.execute("PRAGMA foreign_keys = ON")
    conn.execute("PRAGMA journal_mode = WAL")
    conn.execute(SYNC_FULL)
    return conn


@contextmanager
def transaction(conn: Connection, *, lasts: bool = True) -> Iterator[None]:
    """BEGIN IMMEDIATE ... COMMIT, or ROLLBACK when the block raises.

    With `lasts=False` the commit does not wait for the disk: a power cut may undo it, but does not
    damage the file. The next commit with `lasts=True` brings both to the disk.
    """
    has_lock = _write_lock.acquire(timeout=BUSY_MS / 1000)
    try:
        if not lasts:
            conn.execute(SYNC_NORMAL)
        conn.execute("BEGIN IMMEDIATE")
        try:
            yield
            conn.execute("COMMIT")
        except BaseException:
            if conn.in_transaction:
                conn.execute("ROLLBACK")
            raise
    finally:
        if not lasts:
            conn.execute(SYNC_FULL)
        if has_lock:
            _write_lock.release()


def get_db() -> Connection:
    """Return this thread's connection to the app's database, opened and migrated at first use."""
    per_thread = _per_thread(current_app)
    conn = getattr(per_thread, "conn", None)
    if conn is None:
        conn = connect(current_app.config["DATABASE"])
        migrate(conn)
        per_thread.conn = conn
    return cast(Connection, conn)


def close_db(app: Flask) -> None:
    """Close this thread's connection; the next `get_db()` opens a new one."""
    per_thread = _per_thread(app)
    conn = getattr(per_thread, "conn", None)
    if conn is not None:
        conn.close()
        del per_thread.conn


def migrate(conn: Connection) -> list[int]:
    """Migrate the file to the latest schema; returns the versions that were applied."""
    from db import migrations  # it imports this module

    return migrations.migrate(conn)


def placeholders(values: Sized) -> str:
    """Return a `?` for each value, as in `?,?,?`."""
    return ",".join("?" * len(values))


def init_app(app: Flask) -> None:
    app.extensions["movie_night_db"] = threading.local()
    app.teardown_appcontext(_roll_back_leftovers)


def _per_thread(app: Flask) -> threading.local:
    return cast(threading.local, app.extensions["movie_night_db"])


def _roll_back_leftovers(_error: BaseException | None) -> None:
    conn = getattr(_per_thread(current_app), "conn", None)
    if conn is not None and conn.in_transaction:
        conn.execute("ROLLBACK")
