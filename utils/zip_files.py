"""Untrusted zip files, unpacked in memory within size limits."""

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

MEGABYTE = 1024 * 1024
LARGEST_FILE = 16 * MEGABYTE  # unpacked
LARGEST_TOTAL = 96 * MEGABYTE  # unpacked
MOST_FILES = 5000

_ENTRY = b"PK\x01\x02"  # opens each line of the archive's table of contents
# What zipfile raises for damage, beside its own error.
_DAMAGE = (EOFError, IndexError, OSError, OverflowError, RuntimeError, ValueError)
_DAMAGE_OF_PARTS = (BadZipFile, struct.error, zlib.error)


class Unreadable(Exception):
    """Not a zip file, a damaged one, or an unusual compression."""


class TooLarge(Exception):
    """More files or bytes than the limits allow."""


def extract_files(data: bytes, is_wanted: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of each wanted file; raise Unreadable or TooLarge."""
    # Counted beforehand, because ZipFile makes an object of each.
    if data.count(_ENTRY) > MOST_FILES:
        raise TooLarge
    try:
        yield from _files(data, is_wanted)
    except (*_DAMAGE, *_DAMAGE_OF_PARTS) as error:
        raise Unreadable(str(error)) from error


def _files(data: bytes, is_wanted: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
    left = LARGEST_TOTAL
    with ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            if not is_wanted(entry.filename):
                continue
            content = _content(archive, entry, min(left, LARGEST_FILE))
            left -= len(content)
            yield entry.filename, content


def _content(archive: ZipFile, entry: ZipInfo, most: int) -> bytes:
    """Unpack one file, measuring it meanwhile: the size in the archive may be false."""
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise Unreadable(f"{entry.filename} is packed in an unusual way")
    with archive.open(entry) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise TooLarge
    return content
