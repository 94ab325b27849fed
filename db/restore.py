"""A backup back in place: checked, migrated and signed out beside the old file, then renamed."""

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
        brought = unpack_backup(source, Path(room))
        _prepare(Path(room, DATABASE), now)
        changed = [name for name in brought if not _same(Path(room, name), folder / name)]
        kept = _keep_former(folder, now, with_keys=bool(changed))
        for name in changed:
            backup.publish(Path(room, name), folder / name)
        backup.publish(Path(room, DATABASE), folder / DATABASE)
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
    if found := health.integrity_faults(conn):
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


LARGEST_KEY = 1024  # bytes
MAGIC = b"SQLite format 3\0"
# What `backup.save_with_keys` writes, or none; others would only bring their own ways to fail.
COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# ValueError: names in it that are no text.
UNREADABLE = (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, ValueError, struct.error)


def unpack_backup(source: Path, room: Path) -> list[str]:
    """Copy what was brought into `room`; answers the names of the keys in it."""
    if not source.is_file():
        raise Refused("no_backup", path=str(source))
    with source.open("rb") as file:  # a database may hold what looks like a zip at its end
        is_database = file.read(len(MAGIC)) == MAGIC
    if not is_database:
        return _unzip(source, room)
    _check_space(room, source.stat().st_size)
    for suffix in ("", "-wal"):  # a file that was copied by hand may have its -wal beside it
        if (part := Path(f"{source}{suffix}")).is_file():
            shutil.copyfile(part, room / f"{DATABASE}{suffix}")
    return []


def _unzip(source: Path, room: Path) -> list[str]:
    try:
        with zipfile.ZipFile(source) as archive:
            members = archive.infolist()
            _check_members(members)
            _check_space(room, sum(member.file_size for member in members))
            for member in members:
                archive.extract(member, room)
                (room / member.filename).chmod(0o600)
    except UNREADABLE as error:
        raise Refused("not_a_backup", path=str(source)) from error
    found = [member.filename for member in members if member.filename != DATABASE]
    for name in found:
        _check_key_file(room / name)
    return found


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    """Exactly our names, each once: nothing can land anywhere else."""
    names = [member.filename for member in members]
    known = set(names) <= {DATABASE, *KEYS} and len(set(names)) == len(names)
    small = all(member.file_size <= LARGEST_KEY for member in members if member.filename in KEYS)
    plain = all(member.compress_type in COMPRESSIONS for member in members)
    if not (known and small and plain):
        raise Refused("not_a_backup", path=", ".join(names[:5]))


def _check_space(folder: Path, size: int) -> None:
    if size * 3 > backup.free_bytes(folder):  # the copy, the former database, and room to migrate
        raise Refused("disk_full")


def _check_key_file(path: Path) -> None:
    try:
        keys.load_or_make(path)
    except ValueError as error:
        raise Refused("backup_damaged", fault=path.name) from error
