"""Letterboxd's export: CSV files with dates, half stars, and films by title and year."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date

from rules import parse_values
from rules.import_files.records import MOST_ROWS, Export, Film, damaged, folders, title, too_long

Row = Mapping[str, str | None]

# Folders with files of the same names that hold deleted entries, or other people's lists.
OTHER_FOLDERS = {"deleted", "orphaned", "likes", "lists"}
_STARS = re.compile(r"[0-5](\.[05]0?)?")


def is_wanted(path: str) -> bool:
    name = path.lower().rpartition("/")[2]
    return name in READERS and not OTHER_FOLDERS.intersection(folders(path))


def read(export: Export, path: str, content: bytes) -> None:
    """Add a file's rows to the export; raises Refused if its columns are not Letterboxd's."""
    add = READERS[path.lower().rpartition("/")[2]]
    for row in _rows(path, content):
        film = Film(title(row.get("Name")), parse_values.year(row.get("Year")))
        if film.title:
            add(export, film, row)
        else:
            export.skip()


def _rows(path: str, content: bytes) -> Iterator[Row]:
    if max(content.count(b"\n"), content.count(b"\r")) > MOST_ROWS:
        raise too_long()
    text = io.StringIO(content.decode("utf-8-sig", "replace"), newline="")
    rows = csv.DictReader(text, strict=True)
    try:
        if not {"Name", "Year"} <= set(rows.fieldnames or ()):
            raise damaged(path)
        yield from rows
    except csv.Error as error:
        raise damaged(path) from error


def _add_watched(export: Export, film: Film, _row: Row) -> None:
    export.add_play(film, None)  # its date is that of the entry, not of the play


def _add_diary(export: Export, film: Film, row: Row) -> None:
    export.add_play(film, export.noon(_day(row.get("Watched Date"))))


def _add_rating(export: Export, film: Film, row: Row) -> None:
    stars = (row.get("Rating") or "").strip()
    rating = int(float(stars) * 2) if _STARS.fullmatch(stars) else 0
    if 1 <= rating <= 10:
        export.add_rating(film, rating, export.morning(_day(row.get("Date"))))
    else:
        export.skip()


def _add_wish(export: Export, film: Film, row: Row) -> None:
    export.add_wish(film, export.morning(_day(row.get("Date"))))


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat((text or "").strip())
    except ValueError:
        return None


READERS: dict[str, Callable[[Export, Film, Row], None]] = {
    "watched.csv": _add_watched,
    "diary.csv": _add_diary,
    "ratings.csv": _add_rating,
    "watchlist.csv": _add_wish,
}
