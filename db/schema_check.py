"""Comparison of a file's tables, indexes and triggers with schema.sql."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import cache

from db import Connection, migrate

Schema = dict[str, object]  # "table users" -> a comparable description
_CHECK = re.compile(r"CHECK \((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)")


def schema_differences(conn: Connection) -> list[str]:
    """List what is missing or differs, and added triggers and views, in a migrated file.

    Other added tables are allowed: replication tools add their own.
    """
    expected, actual = _expected(), _schema(conn)
    changed = [name for name, value in expected.items() if actual.get(name) != value]
    added = [name for name in actual.keys() - expected if name.startswith(("trigger", "view"))]
    return sorted(changed + added)


@cache
def _expected() -> Schema:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as conn:
        migrate(conn)
        return _schema(conn)


def _schema(conn: Connection) -> Schema:
    rows = conn.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema").fetchall()
    return {
        f"{kind} {name}": (
            tuple(_table(conn, name, sql)) if kind == "table" else (table, _normalized(sql))
        )
        for kind, name, table, sql in rows
        if not name.startswith(("sqlite_stat", "sqlite_sequence"))
    }


def _table(conn: Connection, name: str, sql: str) -> Iterator[object]:
    """Yield columns, keys, checks and options; the SQL itself differs if a step added a column."""
    for pragma in ("table_xinfo", "foreign_key_list"):
        rows = conn.execute(f"SELECT * FROM pragma_{pragma}(?)", (name,))
        yield sorted(tuple(map(str, tuple(row)[1:])) for row in rows)
    sql = _normalized(sql)
    yield sorted(_CHECK.findall(sql))
    yield sql.rpartition(")")[2]


def _normalized(sql: str | None) -> str:
    """Return a statement without comments and line breaks."""
    return " ".join(re.sub(r"--[^\n]*", "", sql or "").split())
