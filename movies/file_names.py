"""Parsing of the names of video files, such as

`The.Matrix.1999.1080p.BluRay.x264.mkv`, `Show Name S02E05 Episode Title.mp4`.
"""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from utils.plain_text import one_line

LONGEST_NAME = 160  # characters; guessit takes half a second for some names of 200
_VIDEO = re.compile(r".+\.(?:avi|iso|m2ts|m4v|mkv|mov|mp4|mpe?g|ts|webm|wmv)", re.IGNORECASE)


class NamedTitle(NamedTuple):
    kind: str  # film or show
    title: str
    year: int | None


def parse_path(path: str) -> NamedTitle | None:
    """Return the film or show in a video file's path, or None if it is not recognised."""
    folder, name = ["", *re.split(r"[/\\]", path)][-2:]
    if len(name) > LONGEST_NAME or not _VIDEO.fullmatch(name):
        return None
    with_folder = f"{folder}/{name}"
    if (named := _parse(name)) or len(with_folder) > LONGEST_NAME:
        return named
    # The name of an episode may be only its number, in a folder with the name of the show.
    named = _parse(with_folder)
    return named if named and named.kind == "show" else None


def _parse(path: str) -> NamedTitle | None:
    guess = _guess(path)
    if not (title := one_line(str(guess.get("title", "")), LONGEST_NAME)):
        return None
    year = guess.get("year")
    kind = "show" if guess.get("type") == "episode" else "film"
    return NamedTitle(kind, title, year if isinstance(year, int) else None)


def typed_title(text: str) -> str:
    """Return title and year if the text is the name of a video file, else the text itself."""
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
    # guessit returns a list for several titles in one name; the first is the film's.
    return {key: _first(value) for key, value in found.items()}


def _first(value: object) -> object:
    return value[0] if isinstance(value, Sequence) and not isinstance(value, str) else value
