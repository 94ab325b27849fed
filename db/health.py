"""Checks that read a database file, of any version or damaged, and change nothing."""

import sqlite3
from pathlib import Path

from db import Connection

ENGINE = sqlite3.sqlite_version
OLDEST_ENGINE = (3, 37)  # STRICT tables


def engine_is_too_old() -> bool:
    return sqlite3.sqlite_version_info < OLDEST_ENGINE


def open_read_only(path: Path) -> Connection:
    """Open read-only; without a -wal file as immutable, because there is nothing to lock."""
    mode = "mode=ro" if Path(f"{path}-wal").exists() else "immutable=1"
    conn = sqlite3.connect(f"{path.resolve().as_uri()}?{mode}", uri=True, isolation_level=None)
    conn.row_factory = sqlite3.Row
    return conn


def is_damaged(conn: Connection) -> bool:
    """Return True if a page is damaged; does not compare indexes, so takes ms per megabyte."""
    return bool(conn.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok")


def integrity_faults(conn: Connection) -> list[str]:
    """List damaged pages and broken foreign keys."""
    faults = [str(row[0]) for row in conn.execute("PRAGMA integrity_check(5)") if row[0] != "ok"]
    for table, row_id, parent, _key in conn.execute("PRAGMA foreign_key_check"):
        faults.append(f"{table} {row_id} points at nothing in {parent}")
    return faults


def lacks_tables(conn: Connection) -> bool:
    """Return True if this is another program's database."""
    tables = {row[0] for row in conn.execute("SELECT name FROM sqlite_schema")}
    return not {"users", "weeks", "nominations", "votes", "settings", "state"} <= tables


def lacks_state(conn: Connection) -> bool:
    """Return True without the row that holds the state's version."""
    return conn.execute("SELECT 1 FROM state WHERE one = 1").fetchone() is None


def answers(path: Path, conn: Connection) -> bool:
    """Return True if the file still exists and holds a household."""
    return path.is_file() and not lacks_state(conn)


def is_write_ahead(path: Path) -> bool:
    """Return True if the file's header says journal_mode = WAL."""
    with path.open("rb") as file:
        return file.read(20)[18:] == b"\x02\x02"


def counts(conn: Connection) -> dict[str, int]:
    row = conn.execute(
        "SELECT (SELECT count(*) FROM users WHERE retired_at IS NULL) AS members,"
        " (SELECT count(*) FROM users WHERE is_admin) AS admins,"
        " (SELECT count(*) FROM weeks) AS weeks, (SELECT count(*) FROM votes) AS votes"
    ).fetchone()
    return dict(row)
