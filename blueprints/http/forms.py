"""Reading what was sent, form or JSON alike. What makes no sense is refused with a code."""

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
DIGITS = 18  # of a number in a URL: fewer than SQLite can hold
_NUMBER = re.compile(r"(?P<whole>-?[0-9]{1,30})(\.(?P<fraction>[0-9]{1,30}))?")


class Fields:
    """The fields of one request; each reader names what it wants and refuses anything else."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def text(self, name: str, default: str | None = None, most: int = MAX_TEXT) -> str:
        """A text of sane length without control characters; `default` None: it must be there."""
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
        value = self._first(name)
        if value is None or value == "":
            raise Refused("missing_field", field=name)
        number = _whole(value, name)
        if not lowest <= number <= highest:
            raise Refused("out_of_range", field=name, lowest=lowest, highest=highest)
        return number

    def has(self, name: str) -> bool:
        return name in self._values

    def is_empty(self, name: str) -> bool:
        return self._first(name) in (None, "")

    def flag(self, name: str) -> bool:
        """A tick box: absent is no; JSON may say true or false."""
        value = self._first(name)
        if value in (None, "", False, "0", "off", "false"):
            return False
        if value in (True, 1, "1", "on", "yes", "true"):
            return True
        raise Refused("not_a_choice", field=name)

    def many(self, name: str) -> list[int | str]:
        """A list of ids or names; a single one may stand alone."""
        value = self._values.get(name)
        items = value if isinstance(value, list) else [] if value is None else [value]
        for item in items:
            if isinstance(item, bool) or not isinstance(item, int | str):
                raise Refused("not_a_list", field=name)
            if isinstance(item, str) and not _is_clean(item):
                raise Refused("odd_characters", field=name)
        return list(dict.fromkeys(items))

    def _first(self, name: str) -> Any:
        """One value; a form's list gives its first, a JSON list is refused by the reader."""
        value = self._values.get(name)
        return value[0] if isinstance(value, _FormList) else value


class _FormList(list[str]):
    """Values of a form field, which may repeat."""


def request_fields() -> Fields:
    """The body of this request."""
    if request.is_json:
        return Fields(_json())
    return Fields({name: _FormList(values) for name, values in request.form.lists()})


def film_name(fields: Fields) -> tuple[str, int | None]:
    """Return the title ("" if none) and the year that a request gives its film."""
    title = one_line(sent := fields.text("title", ""), LONGEST_TITLE)
    year = None if fields.is_empty("year") else fields.whole("year", 1870, 2999)
    if len(sent) > LONGEST_TITLE:
        raise Refused("text_too_long", field="title", most=LONGEST_TITLE)
    return title, year


def query_text(name: str) -> str:
    """A value of the URL's query, cut to a sane length and freed of control characters."""
    value = request.args.get(name, "")[:MAX_TEXT]
    return "".join(char if _is_clean(char) else " " for char in value)


def query_number(name: str) -> int | None:
    """A whole number of the URL's query, such as an id; None for anything else."""
    text = query_text(name)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else None


def _json() -> Mapping[str, Any]:
    data = request.get_data()
    if not data:
        return {}
    try:
        value = json.loads(data, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Refused("bad_json") from error
    if not isinstance(value, dict):
        raise Refused("json_not_object")
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _whole(value: object, field: str) -> int:
    """The whole number that was meant; `8.0` is one, `3.5` is refused as no value we take."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str | float) and (match := _NUMBER.fullmatch(str(value).strip())):
        if (match["fraction"] or "").strip("0"):
            raise Refused("fraction", field=field)
        return int(match["whole"])
    raise Refused("not_whole", field=field)


def _is_clean(text: str) -> bool:
    """No control characters, and no lone surrogates, which cannot be stored."""
    return all(unicodedata.category(char) not in ("Cc", "Cs") or char in "\t\n\r" for char in text)
