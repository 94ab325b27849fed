"""Response cache for GET requests whose view calls `cacheable()`.

Every open screen requests the state every two seconds, mostly without a change. A cached response
is valid until the next commit to the database, by any process, or the next minute, because phases
begin at whole minutes. Its key is every part of the request that such a view or the access check
may read, above all the session's cookie.
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from flask import Flask, request

from db import DatabaseError, commits
from db.data_version import DataVersion, Version
from utils import instants

MAX_ENTRIES = 128
CACHEABLE = "movie_night.cacheable"  # no request header can set a key of this form
KEY_PARTS = (
    "PATH_INFO",
    "QUERY_STRING",
    "HTTP_COOKIE",
    "HTTP_ACCEPT",
    "HTTP_IF_NONE_MATCH",
    "HTTP_HOST",
    "CONTENT_TYPE",
    "CONTENT_LENGTH",
    "SCRIPT_NAME",
    "wsgi.url_scheme",
)
Environ = dict[str, Any]
Start = Callable[..., Any]
Wsgi = Callable[[Environ, Start], Iterable[bytes]]


class CachedResponse(NamedTuple):
    as_of: object
    status: str
    headers: list[tuple[str, str]]
    body: list[bytes]


def init_app(app: Flask) -> None:
    """Wrap the app. Call it first: the key must include what other middleware changes."""
    app.wsgi_app = ResponseCache(app.wsgi_app, commits(app))  # type: ignore[assignment, method-assign]


def cacheable() -> None:
    """Mark the response as depending only on the key, the database and the current minute."""
    request.environ[CACHEABLE] = True


class ResponseCache:
    def __init__(self, app: Wsgi, commits: DataVersion) -> None:
        self._app, self._commits = app, commits
        self._responses: dict[tuple[str | None, ...], CachedResponse] = {}

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        as_of = self._validity() if environ["REQUEST_METHOD"] == "GET" else None
        if as_of is None:
            return self._app(environ, start)
        key = tuple(map(environ.get, KEY_PARTS))
        cached = self._responses.get(key)
        if cached is None or cached.as_of != as_of:
            return self._call_app(key, as_of, environ, start)
        start(cached.status, cached.headers)
        return cached.body

    def _validity(self) -> tuple[Version, int] | None:
        """Return database version and minute, taken before the view reads, so never too new."""
        try:
            return self._commits.mark(), int(instants.now().timestamp()) // 60
        except DatabaseError:
            return None

    def _call_app(
        self, key: tuple[str | None, ...], as_of: object, environ: Environ, start: Start
    ) -> Iterable[bytes]:
        started: list[Any] = []

        def record_start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            started[:] = status, headers
            return start(status, headers, *error)

        body = self._app(environ, record_start)
        if CACHEABLE not in environ:
            return body
        blocks = _read_all(body)
        status, headers = started
        # A response that sets a cookie has changed the session, so it is not valid again.
        if status[:3] in ("200", "304") and all(name != "Set-Cookie" for name, _ in headers):
            if len(self._responses) >= MAX_ENTRIES:
                self._responses.clear()
            self._responses[key] = CachedResponse(as_of, status, list(headers), blocks)
        return blocks


def _read_all(body: Iterable[bytes]) -> list[bytes]:
    try:
        return list(body)
    finally:
        if close := getattr(body, "close", None):
            close()
