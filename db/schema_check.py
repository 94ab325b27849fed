"""Tables, indexes and triggers of a file, compared with what schema.sql makes."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import cache

from db import Connection, migrate

Shape = dict[str, object]
_CHECK = re.compile(r"CHECK \((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)")


def schema_differences(conn: Connection) -> list[str]:
    """What is missing, other, or added that could act by itself, in a file of today's version.

    Tables that somebody else keeps beside ours, as a replicating tool does, are left in peace.
    """
    ours, found = _ours(), _shape(conn)
    changed = [name for name, shape in ours.items() if found.get(name) != shape]
    added = [name for name in found.keys() - ours.keys() if name.startswith("trigger")]
    return sorted(changed + added)


@cache
def _ours() -> Shape:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as conn:
        migrate(conn)
        return _shape(conn)


def _shape(conn: Connection) -> Shape:
    rows = conn.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema").fetchall()
    return {
        f"{kind} {name}": (
            tuple(_table(conn, name, sql)) if kind == "table" else (table, _words(sql))
        )
        for kind, name, table, sql in rows
        if not name.startswith(("sqlite_stat", "sqlite_sequence"))
    }


def _table(conn: Connection, name: str, sql: str) -> Iterator[object]:
    """Columns, keys, checks and options; their text differs where a step added a column."""
    for pragma in ("table_xinfo", "foreign_key_list"):
        rows = conn.execute(f"SELECT * FROM pragma_{pragma}(?)", (name,))
        yield sorted(tuple(map(str, tuple(row)[1:])) for row in rows)
    words = _words(sql)
    yield sorted(_CHECK.findall(words))
    yield words.rpartition(")")[2]


def _words(sql: str | None) -> str:
    """A statement without its comments and line breaks."""
    return " ".join(re.sub(r"--[^\n]*", "", sql or "").split())
