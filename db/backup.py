"""A copy that gets its name only once it is checked; taken while others read and write."""

import os
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from db import Connection, health
from rules import Refused

DATABASE = "movie-night.db"
KEYS = ("secret-key", "token-key", "pin-pepper")
SMALL_PAGE = 1024  # bytes


def save(conn: Connection, target: Path, *, is_small: bool = False) -> None:
    """Copy the database into one plain file; refuses a name that is taken.

    `is_small`: with pages that suit a few hundred rows, at the cost of speed with many.
    """
    with _unfinished_copy(target) as copy:
        _copy(conn, copy)
        if is_small:
            _shrink(copy)


def save_with_keys(conn: Connection, target: Path, folder: Path) -> list[str]:
    """The database and the keys kept in `folder` as one zip; answers its members."""
    members = [name for name in KEYS if (folder / name).exists()]
    with (
        _unfinished_copy(target) as archive,
        tempfile.TemporaryDirectory(dir=target.parent) as room,
    ):
        copy = Path(room, DATABASE)
        _copy(conn, copy)
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
            file.write(copy, DATABASE)
            for name in members:
                file.write(folder / name, name)
    return [DATABASE, *members]


def new_name(folder: Path, stem: str, suffix: str, now: datetime) -> Path:
    """A name in `folder` (made when missing) that nobody has: <stem>-20261120-193000.db"""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{stem}-{now:%Y%m%d-%H%M%S}"
    tries = (folder / f"{name}{n}{suffix}" for n in ("", *(f"-{n}" for n in range(2, 1000))))
    return next(path for path in tries if not path.exists())


def _copy(conn: Connection, path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as copy:
        conn.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, also on a read-only disk
        if found := health.integrity_faults(copy):
            raise Refused("backup_damaged", fault="; ".join(found))


def _shrink(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as copy:
        copy.execute(f"PRAGMA page_size = {SMALL_PAGE}")
        copy.execute("VACUUM")


@contextmanager
def _unfinished_copy(target: Path) -> Iterator[Path]:
    """A private file beside `target` that takes its name when the block is left in peace."""
    if target.exists():
        raise Refused("backup_exists", path=str(target))
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")  # mode 0600
    os.close(descriptor)
    path = Path(name)
    try:
        yield path
        publish(path, target)
    finally:
        path.unlink(missing_ok=True)


def publish(path: Path, target: Path) -> None:
    """Rename, with the content and then the name on the disk before this returns."""
    _sync(path)
    path.replace(target)
    _sync(target.parent)


def free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
