"""data.json as plain values, read more strictly than JavaScript does: nothing is lost unseen."""

import json
from typing import Any

from rules import Refused
from rules.parse_values import LONGEST_KEY

SECTIONS = ("users", "currentWeek", "history")


def parse(data: bytes) -> dict[str, Any]:
    """Raises Refused, with the line and column where it knows them."""
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
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise Refused("key_twice", key=key[:LONGEST_KEY])
        found[key] = value
    return found


def _constant(word: str) -> Any:
    raise Refused("no_number", word=word)


def _integer(digits: str) -> int | float:
    """Beyond what any id can be, a number is only known to be too big, as in JavaScript."""
    return int(digits) if len(digits) < 40 else float(digits)
