"""Many rows in one statement, passed to SQLite as JSON.

executemany releases the interpreter lock at every row, so a writer would hold the database for as
long as other threads compute.
"""

import json
from collections.abc import Iterable
from typing import Any


def fields(number: int) -> str:
    """Return the first `number` columns to SELECT FROM json_each(?), whose value is `rows()`."""
    return ", ".join(f"json_extract(value, '$[{index}]')" for index in range(number))


def rows(values: Iterable[tuple[Any, ...]]) -> str:
    return json.dumps(list(values), ensure_ascii=False)
