"""Text of strangers made fit to stand in a line of ours."""

import re
import unicodedata

# Overrides and embeddings of direction would turn the rest of the line round.
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def one_line(text: object, most: int) -> str:
    """Trimmed, without controls, at most `most` characters; empty for anything but text."""
    if not isinstance(text, str):
        return ""
    spaced = " ".join(_DIRECTIONS.sub("", text[: most * 4]).split())
    clean = "".join(c for c in spaced if unicodedata.category(c) not in ("Cc", "Cs"))
    return clean[:most].rstrip()
