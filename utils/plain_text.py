"""Untrusted text made safe for one line of output."""

import re
import unicodedata

# They show nothing, and some turn the rest of the line round; what joins letters and emoji stays.
_INVISIBLE = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")


def one_line(text: object, most: int) -> str:
    """Trim, drop control characters, cut to `most` characters; empty for anything but text."""
    if not isinstance(text, str):
        return ""
    spaced = " ".join(_INVISIBLE.sub("", text[: most * 4]).split())
    clean = "".join(c for c in spaced if unicodedata.category(c) not in ("Cc", "Cs"))
    return clean[:most].rstrip()
