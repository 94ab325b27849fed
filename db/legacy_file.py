"""The Node app's SQLite file, read from a copy because opening it would write to its folder."""

import hashlib
import re
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rules import Refused
from utils.encryption import decrypt, is_envelope

TABLES = ("users", "trakt_auth", "nominations", "votes", "watch_history", "week_results")
_TOKEN = re.compile(r"[!-9;-~]+")  # visible ASCII without the colons of an envelope

Row = Mapping[str, Any]


@dataclass(frozen=True)
class LegacyFile:
    tables: dict[str, list[Row]]
    """Rows of each table in TABLES; tokens are decrypted, or None if `key` does not fit."""
    fingerprint: str


def read_legacy_file(path: Path, key: bytes | None) -> LegacyFile:
    """Raises Refused for a file that is not the Node app's, and OSError."""
    with path.open("rb"), private_copy(path) as copy:
        fingerprint = _fingerprint(copy, key)
        try:
            with closing(sqlite3.connect(copy)) as conn:
                tables = _tables(conn)
        except sqlite3.Error as error:
            raise Refused("not_sqlite", error=error) from error
    tables["trakt_auth"] = [_decrypt_link(link, key) for link in tables["trakt_auth"]]
    return LegacyFile(tables, fingerprint)


@contextmanager
def private_copy(path: Path) -> Iterator[Path]:
    """Yield a copy of a database with its -wal, in a temporary folder.

    If `path` does not exist, neither does the yielded one.
    """
    source = path.resolve()
    with TemporaryDirectory(prefix="movie-night-") as folder:
        copy = Path(folder, "copy.db")
        for suffix in ("", "-wal", "-journal"):
            if (beside := source.with_name(source.name + suffix)).exists():
                shutil.copyfile(beside, copy.with_name(copy.name + suffix))
        yield copy


def _fingerprint(copy: Path, key: bytes | None) -> str:
    """Return the SHA-256 of content and key, since another key may decrypt other tokens."""
    digest = hashlib.sha256(hashlib.sha256(key or b"").digest())
    for file in sorted(copy.parent.iterdir()):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _tables(conn: sqlite3.Connection) -> dict[str, list[Row]]:
    conn.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
    if (fault := conn.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
        raise Refused("not_sqlite", error=fault)
    # Views as well: a later version may have a view of an old table's name. SQLite ignores case.
    found = conn.execute("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')")
    present = {name.lower() for (name,) in found}
    if "week_history" in present:
        raise Refused("own_database")
    if not present.intersection(TABLES):
        raise Refused("no_tables")
    return {table: _rows(conn, table) if table in present else [] for table in TABLES}


def _rows(conn: sqlite3.Connection, table: str) -> list[Row]:
    cursor = conn.execute(f"SELECT * FROM {table}")
    columns = [column.lower() for column, *_rest in cursor.description]
    return [dict(zip(columns, values, strict=True)) for values in cursor]


def _decrypt_link(link: Row, key: bytes | None) -> Row:
    tokens = {name: _decrypt(link.get(name), key) for name in ("access_token", "refresh_token")}
    return {**link, **tokens}


def _decrypt(token: object, key: bytes | None) -> str | None:
    if not isinstance(token, str):
        return None
    if not is_envelope(token):
        return token if _TOKEN.fullmatch(token) else None
    try:
        return (decrypt(token, key) or None) if key else None
    except ValueError:
        return None
