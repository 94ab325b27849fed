"""Restore of a backup: it is checked and migrated in a temporary folder, then renamed."""

import shutil
import sqlite3
import struct
import tempfile
import zipfile
import zlib
from contextlib import closing
from datetime import datetime
from pathlib import Path

from db import (
    DatabaseError,
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
from utils import keys

TEMPORARY = ".restore-"
DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
LARGEST_KEY = 1024  # bytes
MAGIC = b"SQLite format 3\0"
# Those that `backup.save_with_keys` writes, and none; others have errors of their own.
COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# zipfile raises ValueError for a name that is not text.
UNREADABLE = (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, ValueError, struct.error)


def restore(source: Path, folder: Path, now: datetime) -> Path | None:
    """Replace the database by `source` (a database, or a zip with keys).

    The caller holds the folder's server lock. Returns the backup of the former database. All
    sessions end, or those that were ended since the backup would be valid again.
    """
    for leftover in folder.glob(f"{TEMPORARY}*"):  # of a restore that was killed
        shutil.rmtree(leftover)
    with tempfile.TemporaryDirectory(dir=folder, prefix=TEMPORARY) as path:
        temporary_folder = Path(path)
        key_names = unpack_backup(source, temporary_folder)
        _migrate_and_check(temporary_folder / DATABASE, now)
        changed = [key for key in key_names if not _same(temporary_folder / key, folder / key)]
        former = _save_former(folder, now, with_keys=bool(changed))
        for name in (*changed, DATABASE):
            backup.publish(temporary_folder / name, folder / name)
    return former


def _same(one: Path, other: Path) -> bool:
    return other.exists() and one.read_bytes().strip() == other.read_bytes().strip()


def _migrate_and_check(path: Path, now: datetime) -> None:
    """Migrate a copy and end its sessions; leaves one file without a -wal."""
    try:
        with closing(connect(path)) as conn:
            _check(conn)
            migrate(conn)
            _check_household(conn)
            with transaction(conn):
                sessions.end_everyones(conn)
                audit.add(conn, now, "backup_restored")
            conn.execute("PRAGMA journal_mode = DELETE")
    except (DatabaseError, UnicodeError) as error:  # UnicodeError: a text is not UTF-8
        raise Refused("backup_damaged", fault=str(error)) from error
    path.chmod(0o600)


def _check(conn: sqlite3.Connection) -> None:
    if version(conn) > LATEST:
        raise Refused("backup_too_new", version=version(conn), known=LATEST)
    if version(conn) < 1 or health.lacks_tables(conn):
        raise Refused("not_our_database")
    if faults := health.integrity_faults(conn):
        raise Refused("backup_damaged", fault="; ".join(faults))


def _check_household(conn: sqlite3.Connection) -> None:
    """Refuse a database with another schema, without a state row or with unusable settings."""
    if differences := schema_check.schema_differences(conn):
        raise Refused("backup_damaged", fault=", ".join(differences[:5]))
    if health.lacks_state(conn):
        raise Refused("backup_damaged", fault="state")
    try:
        settings.schedule(conn)
        settings.limits(conn)
    except (Refused, ValueError) as error:
        raise Refused("backup_damaged", fault="settings") from error


def _save_former(folder: Path, now: datetime, *, with_keys: bool) -> Path | None:
    """Back up the present database, and leave it as one file without a -wal.

    SQLite would apply a remaining -wal to the new file, and deleting it would lose its changes, so
    it is merged first. A damaged database is copied byte by byte.
    """
    database = folder / DATABASE
    if not database.exists():
        _remove_side_files(database)
        return None
    suffix = ".zip" if with_keys else ".db"
    former = backup.new_name(folder / "backups", "before-restore", suffix, now)
    try:
        with closing(connect(database)) as conn:
            if with_keys:
                backup.save_with_keys(conn, former, folder)
            else:
                backup.save(conn, former)
            conn.execute("PRAGMA journal_mode = DELETE")
    except DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in DAMAGED:
            raise
        former = _copy_files(folder, now)
    except Refused:
        former = _copy_files(folder, now)
    _remove_side_files(database)
    return former


def _copy_files(folder: Path, now: datetime) -> Path:
    target = backup.new_name(folder / "backups", "before-restore-damaged", "", now)
    target.mkdir(mode=0o700)
    for name in (DATABASE, f"{DATABASE}-wal", *KEYS):
        if (folder / name).exists():
            shutil.copy2(folder / name, target)
    return target


def _remove_side_files(database: Path) -> None:
    for suffix in ("-wal", "-shm", "-journal"):
        Path(f"{database}{suffix}").unlink(missing_ok=True)


def unpack_backup(source: Path, folder: Path) -> list[str]:
    """Copy or unzip a backup into `folder`; returns the names of its key files."""
    if not source.is_file():
        raise Refused("no_backup", path=str(source))
    with source.open("rb") as file:  # zipfile would accept a database with a zip at its end
        is_database = file.read(len(MAGIC)) == MAGIC
    if not is_database:
        return _unzip(source, folder)
    _check_space(folder, source.stat().st_size)
    for suffix in ("", "-wal"):  # a file that was copied by hand may have a -wal
        if (part := Path(f"{source}{suffix}")).is_file():
            shutil.copyfile(part, folder / f"{DATABASE}{suffix}")
    return []


def _unzip(source: Path, folder: Path) -> list[str]:
    try:
        with zipfile.ZipFile(source) as archive:
            members = archive.infolist()
            _check_members(members)
            _check_space(folder, sum(member.file_size for member in members))
            for member in members:
                archive.extract(member, folder)
                (folder / member.filename).chmod(0o600)
    except UNREADABLE as error:
        raise Refused("not_a_backup", path=str(source)) from error
    key_names = [member.filename for member in members if member.filename != DATABASE]
    for name in key_names:
        try:
            keys.load_or_make(folder / name)
        except ValueError as error:
            raise Refused("backup_damaged", fault=name) from error
    return key_names


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    """Refuse names other than ours: a path could write outside the folder."""
    names = [member.filename for member in members]
    known = set(names) <= {DATABASE, *KEYS} and len(set(names)) == len(names)
    small = all(member.file_size <= LARGEST_KEY for member in members if member.filename in KEYS)
    plain = all(member.compress_type in COMPRESSIONS for member in members)
    if not (known and small and plain):
        raise Refused("not_a_backup", path=", ".join(names[:5]))


def _check_space(folder: Path, size: int) -> None:
    if size * 3 > backup.free_bytes(folder):  # the copy, the former database, the migration
        raise Refused("disk_full")
