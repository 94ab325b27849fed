"""Many rows in one statement.

executemany lets go of the interpreter and takes it again at every row, so a writer holds the
database for as long as others compute. Here the rows travel as JSON and all of it is SQLite's.
"""

import json
from collections.abc import Iterable
from typing import Any


def fields(number: int) -> str:
    """The first so many fields of each row, of FROM json_each(?); rows() fills the mark."""
    return ", ".join(f"json_extract(value, '$[{place}]')" for place in range(number))


def rows(values: Iterable[tuple[Any, ...]]) -> str:
    return json.dumps(list(values), ensure_ascii=False)
