"""Backups of the running database; a database gets its final name only after it was checked."""

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


def save(conn: Connection, target: Path, *, is_small: bool = False) -> None:
    """Copy the database into one file; refuses an existing `target`.

    `is_small` uses small pages: right for a few hundred rows, slow with many.
    """
    with _unfinished_copy(target) as copy:
        _copy(conn, copy)
        if is_small:
            with closing(sqlite3.connect(copy, isolation_level=None)) as small:
                small.execute("PRAGMA page_size = 1024")
                small.execute("VACUUM")


def save_with_keys(conn: Connection, target: Path, folder: Path) -> list[str]:
    """Save the database and the keys of `folder` as one zip; returns the names in it."""
    members = [name for name in KEYS if (folder / name).exists()]
    with (
        _unfinished_copy(target) as archive,
        tempfile.TemporaryDirectory(dir=target.parent) as temporary_folder,
    ):
        copy = Path(temporary_folder, DATABASE)
        _copy(conn, copy)
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
            file.write(copy, DATABASE)
            for name in members:
                file.write(folder / name, name)
    return [DATABASE, *members]


def new_name(folder: Path, stem: str, suffix: str, now: datetime) -> Path:
    """Return an unused name like <stem>-20261120-193000.db; creates `folder` if missing."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{stem}-{now:%Y%m%d-%H%M%S}"
    paths = (folder / f"{name}{n}{suffix}" for n in ("", *(f"-{n}" for n in range(2, 1000))))
    return next(path for path in paths if not path.exists())


def _copy(conn: Connection, path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as copy:
        conn.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, also on a read-only disk
        if faults := health.integrity_faults(copy):
            raise Refused("backup_damaged", fault="; ".join(faults))


@contextmanager
def _unfinished_copy(target: Path) -> Iterator[Path]:
    """Yield a private file beside `target`; renamed to it unless the block raises."""
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
    """Rename `path` to `target`; content and name are on the disk when this returns."""
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
