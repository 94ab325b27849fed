"""Results of video file scanners, in JSON: file names, and which files are corrupt.

Scanners use different names for the same fields; all known ones are read.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

HEALTHY, CORRUPT, SUSPICIOUS = STATUSES = ("healthy", "corrupt", "suspicious")
LISTS = ("results", "files", "videos")
NAMES = ("filename", "path", "file", "name")


class File(NamedTuple):
    name: str
    status: str


def parse_scan(scan: object) -> list[File]:
    """Parse a scan, or a plain list of names; rows without a name are left out."""
    return list(_files(scan))


def _files(scan: object) -> Iterator[File]:
    if isinstance(scan, Mapping):
        scan = next((scan[name] for name in LISTS if isinstance(scan.get(name), list)), None)
    for row in scan if isinstance(scan, list) else []:
        if isinstance(row, str) and row.strip():
            yield File(row, HEALTHY)
        elif isinstance(row, Mapping) and (name := _name(row)):
            yield File(name, _status(row))


def _name(row: Mapping[object, object]) -> str | None:
    texts = (row.get(key) for key in NAMES)
    return next((text for text in texts if isinstance(text, str) and text.strip()), None)


def _status(row: Mapping[object, object]) -> str:
    """Return the file's status; an unknown word counts as suspicious."""
    if isinstance(status := row.get("status"), str):
        return status.lower() if status.lower() in STATUSES else SUSPICIOUS
    if row.get("is_corrupt"):
        return CORRUPT
    return SUSPICIOUS if row.get("needs_deep_scan") else HEALTHY
