"""Request parsing, for forms and JSON alike; invalid values raise Refused."""

import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any, NoReturn

from flask import request

from rules import Refused
from utils.plain_text import one_line

LARGEST = 2**63 - 1
MAX_TEXT = 2000
LONGEST_TITLE = 300
MAX_DIGITS = 18  # of a number in a URL; always fits into an SQLite integer
_NUMBER = re.compile(r"(?P<whole>-?[0-9]{1,30})(\.(?P<fraction>[0-9]{1,30}))?")


class Fields:
    """The fields of one request; each method parses one field or raises Refused."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def text(self, name: str, default: str | None = None, most: int = MAX_TEXT) -> str:
        """Return a text of at most `most` characters; it is required if `default` is None."""
        value = self._first(name)
        if value is None:
            if default is None:
                raise Refused("missing_field", field=name)
            return default
        if not isinstance(value, str):
            raise Refused("not_text", field=name)
        if len(value) > most:
            raise Refused("text_too_long", field=name, most=most)
        if not _is_clean(value):
            raise Refused("odd_characters", field=name)
        return value

    def whole(self, name: str, lowest: int = 1, highest: int = LARGEST) -> int:
        """Return a required whole number."""
        value = self._first(name)
        if value is None or value == "":
            raise Refused("missing_field", field=name)
        number = _parse_whole(value, name)
        if not lowest <= number <= highest:
            raise Refused("out_of_range", field=name, lowest=lowest, highest=highest)
        return number

    def has(self, name: str) -> bool:
        return name in self._values

    def is_empty(self, name: str) -> bool:
        return self._first(name) in (None, "")

    def flag(self, name: str) -> bool:
        """Return the value of a checkbox, False if absent; JSON may send true or false."""
        value = self._first(name)
        if value in (None, "", False, "0", "off", "false"):
            return False
        if value in (True, 1, "1", "on", "yes", "true"):
            return True
        raise Refused("not_a_choice", field=name)

    def many(self, name: str) -> list[int | str]:
        """Return a list of ids or names without duplicates; a single value is a list of one."""
        value = self._values.get(name)
        items = value if isinstance(value, list) else [] if value is None else [value]
        for item in items:
            if isinstance(item, bool) or not isinstance(item, int | str):
                raise Refused("not_a_list", field=name)
            if isinstance(item, str) and not _is_clean(item):
                raise Refused("odd_characters", field=name)
        return list(dict.fromkeys(items))

    def _first(self, name: str) -> Any:
        """Return the first of a form's values, but a JSON list whole, for the caller to refuse."""
        value = self._values.get(name)
        return value[0] if isinstance(value, _FormList) else value


class _FormList(list[str]):
    """All values of a form field, as opposed to a list sent in JSON."""


def request_fields() -> Fields:
    """Return the fields of the request's body."""
    if request.is_json:
        return Fields(_parse_json())
    return Fields({name: _FormList(values) for name, values in request.form.lists()})


def film_name(fields: Fields) -> tuple[str, int | None]:
    """Return the title ("" if none) and the year that a request gives its film."""
    title = one_line(text := fields.text("title", ""), LONGEST_TITLE)
    year = None if fields.is_empty("year") else fields.whole("year", 1870, 2999)
    if len(text) > LONGEST_TITLE:
        raise Refused("text_too_long", field="title", most=LONGEST_TITLE)
    return title, year


def query_text(name: str) -> str:
    """Return a query parameter, cut to MAX_TEXT, with spaces for control characters."""
    value = request.args.get(name, "")[:MAX_TEXT]
    return "".join(char if _is_clean(char) else " " for char in value)


def query_number(name: str) -> int | None:
    """Return a query parameter as a whole number; None if it is absent or not one."""
    text = query_text(name)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS else None


def _parse_json() -> Mapping[str, Any]:
    data = request.get_data()
    if not data:
        return {}
    try:
        value = json.loads(data, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise Refused("bad_json") from error
    if not isinstance(value, dict):
        raise Refused("json_not_object")
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _parse_whole(value: object, field: str) -> int:
    """Return the whole number; `8.0` is accepted, `3.5` is refused."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str | float) and (match := _NUMBER.fullmatch(str(value).strip())):
        if (match["fraction"] or "").strip("0"):
            raise Refused("fraction", field=field)
        return int(match["whole"])
    raise Refused("not_whole", field=field)


def _is_clean(text: str) -> bool:
    """Return False for control characters and for lone surrogates, which SQLite cannot store."""
    return all(unicodedata.category(char) not in ("Cc", "Cs") or char in "\t\n\r" for char in text)
