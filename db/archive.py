"""What a backup holds, a bare database or a zip with keys, laid out in a folder of its own."""

import shutil
import struct
import zipfile
import zlib
from pathlib import Path

from db import backup
from db.backup import DATABASE, KEYS
from rules import Refused
from utils import keys

LARGEST_KEY = 1024  # bytes
MAGIC = b"SQLite format 3\0"
# What `backup.save_with_keys` writes, or none; others would only bring their own ways to fail.
COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# ValueError: names in it that are no text.
UNREADABLE = (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, ValueError, struct.error)


def unpack(source: Path, room: Path) -> list[str]:
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
        _check_key(room / name)
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


def _check_key(path: Path) -> None:
    try:
        keys.load_or_make(path)
    except ValueError as error:
        raise Refused("backup_damaged", fault=path.name) from error
