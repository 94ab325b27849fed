"""Names and icons that a person may choose. Migrated ones are kept whatever they are."""

import re
import unicodedata

from rules import Refused

MAX_NAME = 40
MAX_ICON = 16  # a family of four joined to one picture has eleven code points
MAX_LETTERS = 3
DEFAULT_ICON = "🎬"

JOINERS = "\u200d\ufe0f\ufe0e"
# They count as letters or marks, and show nothing.
BLANKS = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u180f\u2800\u3164\uffa0"

_PICTURE = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25a0-\u27bf"
    "\u2900-\u297f\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
_SHADE = "[\ufe0f\ufe0e\u20e3\U0001f3fb-\U0001f3ff]"  # text or picture, key cap, skin
_TAGS = "[\U000e0020-\U000e007f]"  # the letters of a region's flag
_FLAG = "[\U0001f1e6-\U0001f1ff]{2}"
_EMOJI = re.compile(
    f"{_FLAG}|[0-9#*]\ufe0f?\u20e3|{_PICTURE}{_SHADE}*(?:{_TAGS}+|(?:\u200d{_PICTURE}{_SHADE}*)*)"
)


def clean_name(text: str) -> str:
    """The name as it is stored: outer and doubled blanks gone, composed accents."""
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name:
        raise Refused("name_missing")
    if len(name) > MAX_NAME:
        raise Refused("name_too_long", most=MAX_NAME)
    if "/" in name or name.isdigit() or not _is_readable(name):
        raise Refused("name_odd")
    return name


def likeness(name: str) -> str:
    """What two names share when a person would mix them up: case, accents and blanks aside."""
    # Taken apart, folded, and taken apart again: folding a letter may bring an accent back.
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    return "".join(
        char
        for char in folded
        if _is_visible(char) and not char.isspace() and not "\u0300" <= char <= "\u036f"
    )


def clean_icon(text: str) -> str:
    """One emoji or up to three letters; empty means the default."""
    icon = unicodedata.normalize("NFC", text.strip()) or DEFAULT_ICON
    is_picture = len(icon) <= MAX_ICON and _EMOJI.fullmatch(icon)
    if not (is_picture or _is_letters(icon)):
        raise Refused("icon_odd", most=MAX_LETTERS)
    return icon


def _is_letters(icon: str) -> bool:
    """Up to three letters or digits, with their marks."""
    parts = (unicodedata.category(char)[0] for char in icon)
    is_short = len(icon) <= MAX_LETTERS and icon[0].isalnum() and _is_readable(icon)
    return is_short and all(part in "LMN" for part in parts)


def _is_readable(text: str) -> bool:
    """Something is to be seen, and nothing else is there but what joins emoji."""
    return any(_is_visible(char) for char in text) and all(
        _is_visible(char) or char in JOINERS for char in text
    )


def _is_visible(char: str) -> bool:
    """Neither a control, private or direction-changing character nor an empty one."""
    if char in BLANKS or char in JOINERS:
        return False
    # Phones know younger emoji than Python does.
    return char.isprintable() or "\U0001f000" <= char <= "\U0001faff"
