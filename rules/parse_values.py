"""Parsers of single values from other programs' files; they return None for an invalid one."""

import json
import re
from datetime import UTC, datetime

HIGHEST_ID = 2**63 - 1
# In characters; longer values are damaged or hostile.
LONGEST_NAME, LONGEST_ICON, LONGEST_TITLE, LONGEST_PROSE = 200, 64, 500, 100_000
LONGEST_TOKEN = 10_000
LONGEST_KEY = 80  # in a displayed path
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_POSTER = re.compile(r"(?:https?://[^/]+/t/p/[a-z0-9]+)?(/[A-Za-z0-9._-]+)")


def child(path: str, key: str) -> str:
    """Return the path of `key` below `path`, as in `history[3].votes.1771`."""
    if len(key) > LONGEST_KEY:
        key = f"{key[:LONGEST_KEY]}…"
    if re.fullmatch(r"\w+", key):
        return f"{path}.{key}" if path else key
    return f"{path}[{json.dumps(key, ensure_ascii=not is_storable(key))}]"


def row(table: str, row_id: object) -> str:
    """Return the path of a row, as in `sqlite.votes[7]`."""
    return f"sqlite.{table}[{repr(row_id)[:LONGEST_KEY]}]"


def is_true(value: object) -> bool:
    """Return True if JavaScript would, where an empty list is true."""
    return isinstance(value, list | dict) or bool(value)


def is_storable(text: str) -> bool:
    """Return False for text with lone surrogates, which UTF-8 has not, or control characters."""
    return not _UNSTORABLE.search(text)


def text(value: object, longest: int = LONGEST_NAME) -> str | None:
    if isinstance(value, str) and 0 < len(value) <= longest and is_storable(value):
        return value
    return None


def prose(value: object) -> str | None:
    """Parse text of any length; each character that cannot be stored becomes `?`."""
    return _UNSTORABLE.sub("?", value) if isinstance(value, str) and value else None


def imdb_id(value: object) -> str | None:
    return value if isinstance(value, str) and re.fullmatch("tt[0-9]{1,12}", value) else None


def whole(value: object) -> int | None:
    """Parse a whole number or the digits of one."""
    if isinstance(value, str):
        return int(value) if re.fullmatch("[0-9]{1,19}", value) else None
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def film_id(value: object) -> int | None:
    number = whole(value)
    return number if number is not None and 0 < number <= HIGHEST_ID else None


def year(value: object) -> int | None:
    number = whole(value)
    return number if number is not None and 1870 <= number <= 2999 else None


def average(value: object) -> float | None:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 10:
        return float(value)
    return None


def picture(value: object) -> str | None:
    """Parse TMDB's image path or a full image URL, as the bot stored it; returns the path."""
    match = _POSTER.fullmatch(value) if isinstance(value, str) else None
    return match[1] if match else None


def pin(value: object) -> str | None:
    """Parse four digits; a number may have lost its leading zeros."""
    if isinstance(value, str):
        return value if re.fullmatch("[0-9]{4}", value) else None
    number = whole(value)
    return f"{number:04}" if number is not None and 0 <= number <= 9999 else None


def instant(value: object) -> datetime | None:
    """Parse ISO or SQLite text; without a zone it is UTC."""
    if not isinstance(value, str):
        return None
    try:
        parsed = datetime.fromisoformat(value)
        return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def legacy_id(value: object) -> str | None:
    """Return a nomination's id as JavaScript writes it as an object's key."""
    if isinstance(value, str):
        return value
    number = whole(value)
    return None if number is None else str(number)
