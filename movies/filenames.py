"""Names of video files as people paste them: `The.Matrix.1999.1080p.BluRay.x264.mkv`."""

import re
from collections.abc import Sequence
from typing import Any

from utils.plain_text import one_line

LONGEST_NAME = 200  # of a file; more only costs time
_VIDEO = re.compile(r".+\.(?:avi|iso|m2ts|m4v|mkv|mov|mp4|mpe?g|ts|webm|wmv)", re.IGNORECASE)


def wanted(text: str) -> str:
    """The title and the year that a file's name tells; any other text as it is."""
    name = re.split(r"[/\\]", text)[-1]
    if len(name) > LONGEST_NAME or not _VIDEO.fullmatch(name):
        return text
    told = _told(name)
    words = [told.get("title"), told.get("year")]
    return one_line(" ".join(str(word) for word in words if word), LONGEST_NAME) or text


def _told(name: str) -> dict[str, Any]:
    from guessit.api import GuessitException, guessit

    try:
        found = dict(guessit(name))
    except GuessitException:
        return {}
    # Several titles in one name come as a list: the first is the film's.
    return {key: _first(value) for key, value in found.items()}


def _first(value: object) -> object:
    return value[0] if isinstance(value, Sequence) and not isinstance(value, str) else value
