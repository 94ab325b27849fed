"""The URL converter `<id:...>`: a positive SQLite integer; any other number is a 404."""

from flask import Flask
from werkzeug.routing import BaseConverter, ValidationError

LARGEST_ID = 2**63 - 1


class IdConverter(BaseConverter):
    regex = "[0-9]{1,19}"

    def to_python(self, value: str) -> int:
        if not 0 < int(value) <= LARGEST_ID:
            raise ValidationError
        return int(value)


def init_app(app: Flask) -> None:
    app.url_map.converters["id"] = IdConverter
