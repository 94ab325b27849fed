"""Parsers of the files that Letterboxd and Trakt export."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from rules import Refused
from rules.import_files import letterboxd, trakt
from rules.import_files.records import Export

SOURCES = (letterboxd, trakt)


def is_wanted(path: str) -> bool:
    """Return True if a file of the archive is to be read; not macOS's copies of each file."""
    return "__macosx/" not in path.lower() and any(source.is_wanted(path) for source in SOURCES)


def read_export(files: Iterable[tuple[str, bytes]], zone: ZoneInfo, now: datetime) -> Export:
    """Parse (path, content) of the wanted files into one export; raises Refused."""
    export, is_empty = Export(zone, now), True
    for path, content in files:
        is_empty = False
        for source in SOURCES:
            if source.is_wanted(path):
                source.read(export, path, content)
    if is_empty:
        raise Refused("no_export")
    export.drop_redundant_plays()
    return export
