"""Names of video files, as people paste them and disks hold them:

`The.Matrix.1999.1080p.BluRay.x264.mkv`, `Show Name S02E05 Episode Title.mp4`.
"""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from utils.plain_text import one_line

LONGEST_NAME = 160  # of a file, in letters: some names of 200 take half a second to read
_VIDEO = re.compile(r".+\.(?:avi|iso|m2ts|m4v|mkv|mov|mp4|mpe?g|ts|webm|wmv)", re.IGNORECASE)


class NamedTitle(NamedTuple):
    kind: str  # film or show
    title: str
    year: int | None


def parse_path(path: str) -> NamedTitle | None:
    """What the file of that name holds; None where the name does not tell."""
    folder, name = ["", *re.split(r"[/\\]", path)][-2:]
    if len(name) > LONGEST_NAME or not _VIDEO.fullmatch(name):
        return None
    both = f"{folder}/{name}"
    if (named := _named(name)) or len(both) > LONGEST_NAME:
        return named
    # An episode may be called by its number only, in a folder that is called like the show.
    shown = _named(both)
    return shown if shown and shown.kind == "show" else None


def _named(path: str) -> NamedTitle | None:
    told = _guess(path)
    if not (title := one_line(str(told.get("title", "")), LONGEST_NAME)):
        return None
    year = told.get("year")
    kind = "show" if told.get("type") == "episode" else "film"
    return NamedTitle(kind, title, year if isinstance(year, int) else None)


def typed_title(text: str) -> str:
    """What to search for: the title and the year that a file's name tells, else the text itself."""
    named = parse_path(text)
    if named is None:
        return text
    return f"{named.title} {named.year}" if named.year else named.title


def _guess(path: str) -> dict[str, Any]:
    from guessit.api import GuessitException, guessit

    try:
        found = dict(guessit(path))
    except GuessitException:
        return {}
    # Several titles in one name come as a list: the first is the film's.
    return {key: _first(value) for key, value in found.items()}


def _first(value: object) -> object:
    return value[0] if isinstance(value, Sequence) and not isinstance(value, str) else value
