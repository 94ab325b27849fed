"""Trakt's export: JSON files.

Their names and folders have changed over the years, so a name only decides if a file is read; the
fields of each row decide what it is.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Literal

from rules import parse_values
from rules.import_files.records import Export, Film, damaged, title

Row = Mapping[str, Any]

_WANTED = re.compile(r"(^|[-_])(history|watched|ratings|watchlist)([-_]|$)")
_OF_SERIES = re.compile(r"(^|[-_])(shows|seasons|episodes)([-_]|$)")


def is_wanted(path: str) -> bool:
    name = _name(path)
    if not path.lower().endswith(".json") or not _WANTED.search(name):
        return False
    return _is_watchlist(path) or not _OF_SERIES.search(name)


def read(export: Export, path: str, content: bytes) -> None:
    """Add a file's rows to the export; raises Refused if it is too long or not JSON."""
    export.check_size(content)
    try:
        rows = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise damaged(path) from error
    is_watchlist = _is_watchlist(path)
    for row in rows if isinstance(rows, list) else ():
        if not isinstance(row, dict):
            export.skip()
        elif is_watchlist:
            _add_wish(export, row)
        elif "movie" in row:
            _add_film(export, row)


def _add_wish(export: Export, row: Row) -> None:
    """Add a film or show of the watchlist; seasons and episodes are left out."""
    kinds: dict[str, Literal["film", "show"]] = {"movie": "film", "show": "show"}
    name = row.get("type") or next((name for name in kinds if name in row), None)
    if not isinstance(name, str) or name not in kinds:
        return
    if film := _film(row.get(name), kinds[name]):
        export.add_wish(film, parse_values.instant(row.get("listed_at")))
    else:
        export.skip()


def _add_film(export: Export, row: Row) -> None:
    """Add a rating, a play of the history, or a film's last play."""
    film = _film(row["movie"], "film")
    rating = parse_values.whole(row.get("rating"))
    watched = next((name for name in ("watched_at", "last_watched_at") if name in row), None)
    if "rating" in row:
        if film is None or rating is None or not 1 <= rating <= 10:
            export.skip()
        else:
            export.add_rating(film, rating, parse_values.instant(row.get("rated_at")))
    elif watched:
        if film is None:
            export.skip()
        else:
            export.add_play(film, parse_values.instant(row[watched]))


def _film(value: object, kind: Literal["film", "show"]) -> Film | None:
    if not isinstance(value, dict):
        return None
    ids = value.get("ids")
    ids = ids if isinstance(ids, dict) else {}
    tmdb_id, name = parse_values.film_id(ids.get("tmdb")), title(value.get("title"))
    if tmdb_id is None and not name:
        return None
    trakt_id = parse_values.film_id(ids.get("trakt"))
    return Film(name, parse_values.year(value.get("year")), tmdb_id, trakt_id, kind)


def _is_watchlist(path: str) -> bool:
    """Return True for the watchlist, but not for a custom list with that word in its name."""
    return re.fullmatch(r"(lists[-_])?watchlist([-_][a-z0-9]+)?", _name(path)) is not None


def _name(path: str) -> str:
    return path.lower().replace("\\", "/").rpartition("/")[2].removesuffix(".json")
