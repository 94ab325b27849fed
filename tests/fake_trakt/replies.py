"""Requests and replies as plain values, and the table of routes."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.fake_trakt.accounts import Account

DEFAULT_LIMIT, LARGEST_LIMIT = 100, 250


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def with_headers(self, **headers: str) -> "Reply":
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return replace(self, headers={**self.headers, **named})


class Stop(Exception):
    """Ends a request with this reply."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    account: "Account | None" = None
    client_id: str = ""

    @property
    def owner(self) -> "Account":
        """Whose token it is; routes that ask are marked `token=True`."""
        assert self.account
        return self.account

    def json(self) -> dict[str, Any]:
        try:
            value = json.loads(self.body)
        except ValueError:
            raise Stop(Reply(400)) from None
        if not isinstance(value, dict):
            raise Stop(Reply(400))
        return value

    def number(self, name: str, default: int) -> int:
        text = self.query.get(name, "")
        return int(text) if text.isdecimal() and int(text) else default


Handler = Callable[..., Reply]


@dataclass(frozen=True)
class Route:
    method: str
    pattern: re.Pattern[str]
    handler: Handler
    token: bool


API: list[Route] = []
AUTH: list[Route] = []


def route(
    method: str, pattern: str, table: list[Route] = API, token: bool = False
) -> Callable[[Handler], Handler]:
    """`token`: somebody must be signed in. Groups of the pattern become arguments."""

    def register(handler: Handler) -> Handler:
        table.append(Route(method, re.compile(pattern + "/?"), handler, token))
        return handler

    return register


def find_route(table: list[Route], method: str, path: str) -> tuple[Route, tuple[str, ...]]:
    known = False
    for candidate in table:
        if match := candidate.pattern.fullmatch(path):
            if candidate.method == method:
                return candidate, match.groups()
            known = True
    raise Stop(Reply(405 if known else 404))


def answer(value: Any, status: int = 200) -> Reply:
    body = json.dumps(value).encode()
    return Reply(status, body, {"Content-Type": "application/json; charset=utf-8"})


def html(text: str, status: int = 200) -> Reply:
    page = f"<!doctype html><html lang='en'><title>Fake Trakt</title><body>{text}</body></html>"
    return Reply(status, page.encode(), {"Content-Type": "text/html; charset=utf-8"})


def paged(request: Request, items: list[Any], render: Callable[[Any], Any]) -> Reply:
    """One page, rendered, with the count headers."""
    limit = min(request.number("limit", DEFAULT_LIMIT), LARGEST_LIMIT)
    page = request.number("page", 1)
    shown = [render(item) for item in items[(page - 1) * limit : page * limit]]
    return answer(shown).with_headers(
        X_Pagination_Page=str(page),
        X_Pagination_Limit=str(limit),
        X_Pagination_Page_Count=str(-(-len(items) // limit)),
        X_Pagination_Item_Count=str(len(items)),
    )


def refuse(error: str, description: str, status: int = 400) -> Stop:
    """OAuth's way of saying no."""
    return Stop(answer({"error": error, "error_description": description}, status))
