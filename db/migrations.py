"""Schema migrations by numbered steps.

A new file gets schema.sql. An older one gets each missing step in a transaction of its own, one
statement at a time, because `executescript` would commit first.
"""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from db import Connection, transaction

SCHEMA = Path(__file__).with_name("schema.sql")

# Step N turns version N - 1 into version N; version 1 is the first schema.sql that shipped.
STEPS = {
    int(path.stem): path.read_text(encoding="utf-8")
    for path in SCHEMA.with_name("steps").glob("*.sql")
}
LATEST = max(STEPS, default=1)


class TooNew(Exception):
    """The file has a version that this program does not know."""


def version(conn: Connection) -> int:
    return int(conn.execute("PRAGMA user_version").fetchone()[0])


def migrate(conn: Connection) -> list[int]:
    """Apply and commit the missing steps; returns the versions that were applied."""
    applied = []
    while (current := version(conn)) != LATEST:
        if not 0 <= current < LATEST:
            raise TooNew(f"the database has version {current}, this program knows {LATEST}")
        target = LATEST if current == 0 else current + 1
        with transaction(conn):
            if version(conn) == current:  # another process may have migrated meanwhile
                script = SCHEMA.read_text(encoding="utf-8") if current == 0 else STEPS[target]
                for statement in statements(script):
                    conn.execute(statement)
                conn.execute(f"PRAGMA user_version = {target}")
                applied.append(target)
    return applied


def statements(script: str) -> Iterator[str]:
    """Yield the statements of a script, each with its semicolon; a trigger is one statement."""
    statement = ""
    for part in script.split(";")[:-1]:
        statement += part + ";"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
