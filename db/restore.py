"""A backup back in place: checked, migrated and signed out beside the old file, then renamed."""

import shutil
import sqlite3
import tempfile
from contextlib import closing
from datetime import datetime
from pathlib import Path

from db import (
    DatabaseError,
    archive,
    audit,
    backup,
    connect,
    health,
    migrate,
    schema_check,
    sessions,
    settings,
    transaction,
)
from db.backup import DATABASE, KEYS
from db.migrations import LATEST, version
from rules import Refused

ROOM = ".restore-"
DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def restore(source: Path, folder: Path, now: datetime) -> Path | None:
    """Put `source` (a database, or a zip with keys) into the data folder.

    The caller holds the folder's server lock. Answers where the former database is kept. Everybody
    is signed out: a cookie that was ended since the backup must not come back to life.
    """
    for left_over in folder.glob(f"{ROOM}*"):  # by a restore that was killed
        shutil.rmtree(left_over)
    with tempfile.TemporaryDirectory(dir=folder, prefix=ROOM) as room:
        brought = archive.unpack(source, Path(room))
        _prepare(Path(room, DATABASE), now)
        changed = [name for name in brought if not _same(Path(room, name), folder / name)]
        kept = _keep_former(folder, now, with_keys=bool(changed))
        for name in changed:
            backup.keep(Path(room, name), folder / name)
        backup.keep(Path(room, DATABASE), folder / DATABASE)
    return kept


def _same(one: Path, other: Path) -> bool:
    return other.exists() and one.read_bytes().strip() == other.read_bytes().strip()


def _prepare(path: Path, now: datetime) -> None:
    """Bring the copy to today's shape, in one file that nobody is signed in to."""
    try:
        with closing(connect(path)) as conn:
            _check(conn)
            migrate(conn)
            _check_household(conn)
            with transaction(conn):
                sessions.end_everyones(conn)
                audit.note(conn, now, "backup_restored")
            conn.execute("PRAGMA journal_mode = DELETE")
    except (DatabaseError, UnicodeError) as error:  # a text in it may be no UTF-8
        raise Refused("backup_damaged", fault=str(error)) from error
    path.chmod(0o600)


def _check(conn: sqlite3.Connection) -> None:
    if version(conn) > LATEST:
        raise Refused("backup_too_new", version=version(conn), known=LATEST)
    if health.lacks_tables(conn):
        raise Refused("not_our_database")
    if found := health.faults(conn):
        raise Refused("backup_damaged", fault="; ".join(found))


def _check_household(conn: sqlite3.Connection) -> None:
    """What no engine knows: that this program could work with it from the first page on."""
    if found := schema_check.schema_differences(conn):
        raise Refused("backup_damaged", fault=", ".join(found[:5]))
    if health.lacks_state(conn):
        raise Refused("backup_damaged", fault="state")
    try:
        settings.schedule(conn)
        settings.limits(conn)
    except (Refused, ValueError) as error:
        raise Refused("backup_damaged", fault="settings") from error


def _keep_former(folder: Path, now: datetime, *, with_keys: bool) -> Path | None:
    """Keep the present database among the backups and leave it as one file without a -wal.

    A stale -wal beside the new file would be played into it, and removing a live one would lose
    what it holds: so it is folded in first. A damaged file is kept byte by byte.
    """
    database = folder / DATABASE
    if not database.exists():
        _remove_side_files(database)
        return None
    suffix = ".zip" if with_keys else ".db"
    kept = backup.new_name(folder / "backups", "before-restore", suffix, now)
    try:
        with closing(connect(database)) as conn:
            if with_keys:
                backup.save_with_keys(conn, kept, folder)
            else:
                backup.save(conn, kept)
            conn.execute("PRAGMA journal_mode = DELETE")
    except DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in DAMAGED:
            raise
        kept = _keep_bytes(folder, now)
    except Refused:
        kept = _keep_bytes(folder, now)
    _remove_side_files(database)
    return kept


def _keep_bytes(folder: Path, now: datetime) -> Path:
    kept = backup.new_name(folder / "backups", "before-restore-damaged", "", now)
    kept.mkdir(mode=0o700)
    for name in (DATABASE, f"{DATABASE}-wal", *KEYS):
        if (folder / name).exists():
            shutil.copy2(folder / name, kept)
    return kept


def _remove_side_files(database: Path) -> None:
    for suffix in ("-wal", "-shm", "-journal"):
        Path(f"{database}{suffix}").unlink(missing_ok=True)
