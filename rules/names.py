"""Names and icons that a person may choose. Migrated ones are kept whatever they are."""

import unicodedata

from rules import Refused

MAX_NAME = 40
MAX_ICON = 16
DEFAULT_ICON = "🎬"


def clean_name(text: str) -> str:
    """The name as it is stored: outer and doubled blanks gone, composed accents."""
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name:
        raise Refused("name_missing")
    if len(name) > MAX_NAME:
        raise Refused("name_too_long", most=MAX_NAME)
    if "/" in name or name.isdigit() or not _is_printable(name):
        raise Refused("name_odd")
    return name


def likeness(name: str) -> str:
    """What two names share when a person would mix them up."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(char for char in folded if char.isprintable() and not char.isspace())


def clean_icon(text: str) -> str:
    """One emoji or a few letters; empty means the default."""
    icon = text.strip() or DEFAULT_ICON
    if len(icon) > MAX_ICON or not _is_printable(icon):
        raise Refused("icon_odd", most=MAX_ICON)
    return icon


def _is_printable(text: str) -> bool:
    """No control, private or direction-changing characters; emoji joiners are welcome."""
    joiners = "\u200d\ufe0f\ufe0e"
    return any(char.isprintable() for char in text) and all(
        char.isprintable() or char in joiners or "\U000e0020" <= char <= "\U000e007f"
        for char in text
    )
