"""Parser of data.json, stricter than JavaScript's: duplicate keys and NaN are refused."""

import json
from typing import Any

from rules import Refused
from rules.parse_values import LONGEST_KEY

SECTIONS = ("users", "currentWeek", "history")


def parse(data: bytes) -> dict[str, Any]:
    """Parse data.json; raises Refused, with line and column if known."""
    document = _json(_text(data))
    if not isinstance(document, dict):
        raise Refused("not_ours")
    if document and not any(section in document for section in SECTIONS):
        raise Refused("not_ours")
    return document


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        column = error.start - before.rfind(b"\n")
        raise Refused("not_utf8", line=before.count(b"\n") + 1, column=column) from error


def _json(text: str) -> Any:
    try:
        return json.loads(
            text, object_pairs_hook=_object, parse_constant=_constant, parse_int=_integer
        )
    except json.JSONDecodeError as error:
        raise Refused("not_json", line=error.lineno, column=error.colno) from error
    except RecursionError as error:
        raise Refused("too_deep") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in pairs:
        if key in values:
            raise Refused("key_twice", key=key[:LONGEST_KEY])
        values[key] = value
    return values


def _constant(word: str) -> Any:
    raise Refused("no_number", word=word)


def _integer(digits: str) -> int | float:
    """Return a float, as JavaScript does, for a number too long to be an id."""
    return int(digits) if len(digits) < 40 else float(digits)
