"""A list of Trakt's that comes in pages, each of which says how many there are."""

from collections.abc import Callable
from typing import Any, Self

from trakt.errors import InvalidResponse
from utils.http import Answer

LIMIT = 250  # rows; Trakt gives no more at once
MOST_PAGES = 4000


class Pages:
    """Iterate once. `count`, of all rows, is known from the first page on.

    Nothing is left out, and a row that moves between pages while they are read may come twice;
    Garbage as soon as counts and pages do not add up, so whoever reaches the end has had them all.
    """

    def __init__(self, path: str, turn: Callable[[int, int], Answer]) -> None:
        self.count: int | None = None
        self._path = path
        self._turn = turn  # (page, limit) -> its answer
        self._limit = LIMIT
        self._page = 0

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> list[Any]:
        if self.count is not None and self._page >= self._last(self.count):
            raise StopIteration
        answer = self._turn(self._page + 1, LIMIT)
        self._page += 1
        count = self._counted(answer)
        rows = self._rows(answer, count)
        if count == 0:
            raise StopIteration
        return rows

    def _counted(self, answer: Answer) -> int:
        """How many rows there are in all, by headers that fit each other and the page before."""
        count, limit = _number(answer, "Item-Count"), _number(answer, "Limit")
        said = (_number(answer, "Page"), _number(answer, "Page-Count"))
        if self.count is None:
            self.count, self._limit = count, limit
        if (count, limit) != (self.count, self._limit):
            raise InvalidResponse(f"{self._path}: the list changed between its pages")
        if limit < 1 or count > MOST_PAGES * limit:
            raise InvalidResponse(f"{self._path}: {count} rows, {limit} on a page")
        pages = {self._last(count)} if count else {0, 1}
        if said[0] != self._page or said[1] not in pages:
            raise InvalidResponse(f"{self._path}: page {said[0]} of {said[1]}, {count} rows")
        return count

    def _rows(self, answer: Answer, count: int) -> list[Any]:
        try:
            rows = answer.json()
        except ValueError:
            raise InvalidResponse(f"{self._path}: no JSON") from None
        due = min(self._limit, count - (self._page - 1) * self._limit)
        if not isinstance(rows, list) or len(rows) != due:
            raise InvalidResponse(f"{self._path}: page {self._page} does not hold its {due} rows")
        return rows

    def _last(self, count: int) -> int:
        return -(-count // self._limit)


def _number(answer: Answer, name: str) -> int:
    text = answer.headers.get(f"X-Pagination-{name}", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise InvalidResponse(f"no {name} of pages")
    return int(text)
