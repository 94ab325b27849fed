"""The pages of one of Trakt's lists, checked against the counts in their headers."""

from collections.abc import Callable
from typing import Any, Self

from trakt.errors import InvalidResponse
from utils.http import Answer

LIMIT = 250  # rows; Trakt's largest page
MAX_PAGES = 4000


class Pages:
    """An iterator over pages, to be used once; `count`, of all rows, is set by the first page.

    Every row comes; one that moves between pages while they are fetched may come twice. Raises
    InvalidResponse as soon as counts and pages disagree, so at its end the list is complete.
    """

    def __init__(self, path: str, fetch: Callable[[int, int], Answer]) -> None:
        self.count: int | None = None
        self._path = path
        self._fetch = fetch  # (page, limit) -> response
        self._limit = LIMIT
        self._page = 0

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> list[Any]:
        if self.count is not None and self._page >= self._last_page(self.count):
            raise StopIteration
        response = self._fetch(self._page + 1, LIMIT)
        self._page += 1
        count = self._check_count(response)
        rows = self._rows(response, count)
        if count == 0:
            raise StopIteration
        return rows

    def _check_count(self, response: Answer) -> int:
        """Return the count of all rows, checked against the other headers and the last page."""
        count, limit = _number(response, "Item-Count"), _number(response, "Limit")
        page, page_count = _number(response, "Page"), _number(response, "Page-Count")
        if self.count is None:
            self.count, self._limit = count, limit
        if (count, limit) != (self.count, self._limit):
            raise InvalidResponse(f"{self._path}: the list changed between its pages")
        if limit < 1 or count > MAX_PAGES * limit:
            raise InvalidResponse(f"{self._path}: {count} rows, {limit} on a page")
        page_counts = {self._last_page(count)} if count else {0, 1}
        if page != self._page or page_count not in page_counts:
            raise InvalidResponse(f"{self._path}: page {page} of {page_count}, {count} rows")
        return count

    def _rows(self, response: Answer, count: int) -> list[Any]:
        try:
            rows = response.json()
        except ValueError:
            raise InvalidResponse(f"{self._path}: no JSON") from None
        due = min(self._limit, count - (self._page - 1) * self._limit)
        if not isinstance(rows, list) or len(rows) != due:
            raise InvalidResponse(f"{self._path}: page {self._page} does not hold its {due} rows")
        return rows

    def _last_page(self, count: int) -> int:
        return -(-count // self._limit)


def _number(response: Answer, name: str) -> int:
    text = response.headers.get(f"X-Pagination-{name}", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise InvalidResponse(f"no {name} of pages")
    return int(text)
