"""Single values out of files that other programs wrote; None is "not one"."""

import json
import re
from datetime import UTC, datetime

HIGHEST_ID = 2**63 - 1
# In characters. Nobody typed more; what is longer is damage, or meant to do some.
LONGEST_NAME, LONGEST_ICON, LONGEST_TITLE, LONGEST_PROSE = 200, 64, 500, 100_000
LONGEST_TOKEN = 10_000
LONGEST_KEY = 80  # in a path that is shown
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_POSTER = re.compile(r"(?:https?://[^/]+/t/p/[a-z0-9]+)?(/[A-Za-z0-9._-]+)")


def child(path: str, key: str) -> str:
    """The place of `key` below `path`, as in `history[3].votes.1771`."""
    if len(key) > LONGEST_KEY:
        key = f"{key[:LONGEST_KEY]}…"
    if re.fullmatch(r"\w+", key):
        return f"{path}.{key}" if path else key
    return f"{path}[{json.dumps(key, ensure_ascii=not is_storable(key))}]"


def row(table: str, row_id: object) -> str:
    """The place of a row, as in `sqlite.votes[7]`."""
    return f"sqlite.{table}[{repr(row_id)[:LONGEST_KEY]}]"


def is_true(value: object) -> bool:
    """JavaScript's truth, where an empty list counts."""
    return isinstance(value, list | dict) or bool(value)


def is_storable(text: str) -> bool:
    """False with half of a surrogate pair, which no UTF-8 can hold, or a control character."""
    return not _UNSTORABLE.search(text)


def text(value: object, longest: int = LONGEST_NAME) -> str | None:
    is_one = isinstance(value, str) and 0 < len(value) <= longest and is_storable(value)
    return str(value) if is_one else None


def prose(value: object) -> str | None:
    """Text that is only read: what cannot be stored in it becomes a question mark."""
    return _UNSTORABLE.sub("?", value) if isinstance(value, str) and value else None


def imdb_id(value: object) -> str | None:
    return value if isinstance(value, str) and re.fullmatch("tt[0-9]{1,12}", value) else None


def whole(value: object) -> int | None:
    """A whole number or the digits of one."""
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
    """TMDB's file name, also out of the full address that the bot stored."""
    match = _POSTER.fullmatch(value) if isinstance(value, str) else None
    return match[1] if match else None


def pin(value: object) -> str | None:
    """Four digits; a number lost its leading zeros."""
    if isinstance(value, str):
        return value if re.fullmatch("[0-9]{4}", value) else None
    number = whole(value)
    return f"{number:04}" if number is not None and 0 <= number <= 9999 else None


def instant(value: object) -> datetime | None:
    """ISO text or SQLite's, which is UTC without saying so."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def legacy_id(value: object) -> str | None:
    """A nomination's id as JavaScript writes it when it is the key of an object."""
    if isinstance(value, str):
        return value
    number = whole(value)
    return None if number is None else str(number)
