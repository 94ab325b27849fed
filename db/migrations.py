"""Bring a database file to today's shape, one numbered step at a time.

A new file gets schema.sql at once. An older one takes each step it lacks in a transaction of its
own, statement by statement, because `executescript` would commit what came before it.
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
    """The file was written by a newer Movie Night, or by none."""


def version(conn: Connection) -> int:
    return int(conn.execute("PRAGMA user_version").fetchone()[0])


def migrate(conn: Connection) -> list[int]:
    """Apply what is missing and commit; answers the versions that were applied."""
    applied = []
    while (current := version(conn)) != LATEST:
        if not 0 <= current < LATEST:
            raise TooNew(f"the database has version {current}, this program knows {LATEST}")
        target = LATEST if current == 0 else current + 1
        with transaction(conn):
            if version(conn) == current:  # somebody else may have been faster
                _run(conn, SCHEMA.read_text(encoding="utf-8") if current == 0 else STEPS[target])
                conn.execute(f"PRAGMA user_version = {target}")
                applied.append(target)
    return applied


def statements(script: str) -> Iterator[str]:
    """The statements of a script one by one, each with its semicolon; triggers stay whole."""
    statement = ""
    for part in script.split(";")[:-1]:
        statement += part + ";"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _run(conn: Connection, script: str) -> None:
    for statement in statements(script):
        conn.execute(statement)
