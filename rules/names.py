"""Rules for members' names and icons. Migrated ones are not checked."""

import re
import unicodedata

from rules import Refused

MAX_NAME = 40
MAX_ICON = 16  # code points; an emoji of a family of four has eleven
MAX_LETTERS = 3
DEFAULT_ICON = "🎬"

JOINERS = "\u200d\ufe0f\ufe0e"
# Invisible characters of the categories letter, mark and symbol.
BLANKS = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u180f\u2800\u3164\uffa0"

_PICTURE = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25a0-\u27bf"
    "\u2900-\u297f\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
_SHADE = "[\ufe0f\ufe0e\u20e3\U0001f3fb-\U0001f3ff]"  # variation selectors, keycap, skin tones
_TAGS = "[\U000e0020-\U000e007f]"  # the letters of a region's flag
_FLAG = "[\U0001f1e6-\U0001f1ff]{2}"
_EMOJI = re.compile(
    f"{_FLAG}|[0-9#*]\ufe0f?\u20e3|{_PICTURE}{_SHADE}*(?:{_TAGS}+|(?:\u200d{_PICTURE}{_SHADE}*)*)"
)


def clean_name(text: str) -> str:
    """Return the name with single blanks and composed accents; raises Refused."""
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name:
        raise Refused("name_missing")
    if len(name) > MAX_NAME:
        raise Refused("name_too_long", most=MAX_NAME)
    if "/" in name or name.isdigit() or not _is_readable(name):
        raise Refused("name_odd")
    return name


def likeness(name: str) -> str:
    """Return a key that is equal for names that differ only in case, accents and blanks."""
    # Decomposed twice, because casefold() can compose an accent.
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    return "".join(
        char
        for char in folded
        if _is_visible(char) and not char.isspace() and not "\u0300" <= char <= "\u036f"
    )


def clean_icon(text: str) -> str:
    """Return the icon, one emoji or up to three letters, or the default; raises Refused."""
    icon = unicodedata.normalize("NFC", text.strip()) or DEFAULT_ICON
    is_picture = len(icon) <= MAX_ICON and _EMOJI.fullmatch(icon)
    if not (is_picture or _is_letters(icon)):
        raise Refused("icon_odd", most=MAX_LETTERS)
    return icon


def _is_letters(icon: str) -> bool:
    """Return True for up to three letters, marks or digits."""
    categories = (unicodedata.category(char)[0] for char in icon)
    is_short = len(icon) <= MAX_LETTERS and icon[0].isalnum() and _is_readable(icon)
    return is_short and all(category in "LMN" for category in categories)


def _is_readable(text: str) -> bool:
    """Return True if some characters are visible and all others join emoji."""
    return any(_is_visible(char) for char in text) and all(
        _is_visible(char) or char in JOINERS for char in text
    )


def _is_visible(char: str) -> bool:
    """Return False for control, private-use, bidirectional and blank characters."""
    if char in BLANKS or char in JOINERS:
        return False
    # Python's Unicode version may lack new emoji.
    return char.isprintable() or "\U0001f000" <= char <= "\U0001faff"
