"""Answers that are given again as they were, as long as nothing at all has changed.

Every open screen asks for the state every two seconds, and mostly nothing has happened since. An
answer whose view calls `keep()` is good until the next commit to the database, whoever makes it, or
the next minute, because phases begin at whole minutes. It is found by everything of a request that
such a view or the gate before it may look at, the session's cookie first of all.
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from flask import Flask, request

from db import DatabaseError, commits
from db.data_version import DataVersion, Version
from utils import instants

MOST = 128  # answers
MARKED = "movie_night.keep"  # no header of a client can put this name into the environment
READ = (
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


class Answer(NamedTuple):
    as_of: object
    status: str
    headers: list[tuple[str, str]]
    body: list[bytes]


def init_app(app: Flask) -> None:
    """Ahead of other middleware: what those change in a request is part of what is read."""
    app.wsgi_app = ResponseCache(app.wsgi_app, commits(app))  # type: ignore[assignment, method-assign]


def cacheable() -> None:
    """This view's answer shows nothing but the request, the database and the time in minutes."""
    request.environ[MARKED] = True


class ResponseCache:
    def __init__(self, app: Wsgi, commits: DataVersion) -> None:
        self._app, self._commits = app, commits
        self._answers: dict[tuple[str | None, ...], Answer] = {}

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        as_of = self._now() if environ["REQUEST_METHOD"] == "GET" else None
        if as_of is None:
            return self._app(environ, start)
        key = tuple(map(environ.get, READ))
        kept = self._answers.get(key)
        if kept is None or kept.as_of != as_of:
            return self._asked(key, as_of, environ, start)
        start(kept.status, kept.headers)
        return kept.body

    def _now(self) -> tuple[Version, int] | None:
        """Taken before the view reads anything, so that no answer is older than it says."""
        try:
            return self._commits.mark(), int(instants.now().timestamp()) // 60
        except DatabaseError:
            return None

    def _asked(
        self, key: tuple[str | None, ...], as_of: object, environ: Environ, start: Start
    ) -> Iterable[bytes]:
        told: list[Any] = []

        def note(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            told[:] = status, headers
            return start(status, headers, *error)

        body = self._app(environ, note)
        if MARKED not in environ:
            return body
        blocks = _read(body)
        status, headers = told
        # A cookie that is set tells that the session has changed with this very answer.
        if status[:3] in ("200", "304") and all(name != "Set-Cookie" for name, _ in headers):
            if len(self._answers) >= MOST:
                self._answers.clear()
            self._answers[key] = Answer(as_of, status, list(headers), blocks)
        return blocks


def _read(body: Iterable[bytes]) -> list[bytes]:
    try:
        return list(body)
    finally:
        if close := getattr(body, "close", None):
            close()
