"""A TMDB on loopback that keeps its films, checks the key, and answers badly on request.

    with FakeTmdb() as tmdb:
        tmdb.film(7_000_001, "Kitchen Table", 2020, poster="/kitchen.jpg")
        tmdb.fail("/movie/", status=429, headers={"Retry-After": "30"})

Films are invented; `asked` lists the paths that were asked for, in order.
"""

import json
import struct
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

V3_KEY = "0123456789abcdef0123456789abcdef"
V4_KEY = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ0ZXN0In0.c2lnbmVk"


@dataclass
class Fault:
    """How to answer instead; `drip` sends a byte each so many seconds, `hang` waits first."""

    status: int = 200
    body: bytes = b"{}"
    mimetype: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    claimed: int | None = None  # a Content-Length that is not true
    drip: float = 0.0
    hang: float = 0.0


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, _request: Any, _address: Any) -> None:
        """Who asked hung up: that is what some tests are about."""


class FakeTmdb:
    def __init__(self, key: str = V4_KEY) -> None:
        self.key = key
        self.films: dict[int, dict[str, Any]] = {}
        self.images: dict[str, bytes] = {}
        self.lists: dict[str, list[int]] = {}
        self.shows: dict[int, str] = {}
        self.asked: list[str] = []
        self.queries: list[dict[str, str]] = []
        self._faults: dict[str, Fault] = {}
        self._stopped = threading.Event()
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.settings = {
            "TMDB_API_KEY": key,
            "TMDB_API_URL": f"{self.url}/3",
            "TMDB_IMAGE_URL": self.url,
        }

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=[0.02], daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stopped.set()
        self._server.shutdown()
        self._server.server_close()

    def film(self, tmdb_id: int, title: str, year: int = 2020, **facts: Any) -> None:
        """`facts` are TMDB's own fields; a poster or backdrop path gets a picture at once."""
        self.films[tmdb_id] = {
            "id": tmdb_id,
            "title": title,
            "release_date": f"{year}-05-01",
        } | facts
        for path in (facts.get("poster_path"), facts.get("backdrop_path")):
            if path:
                self.images.setdefault(path, png())

    def fail(self, path: str, **how: Any) -> None:
        """Answer every path that holds this text so, until `mend`."""
        self._faults[path] = Fault(**how)

    def mend(self) -> None:
        self._faults.clear()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        tmdb = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # else a body waits until its headers are acknowledged

            def do_GET(self) -> None:
                tmdb._answer(self)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                pass

        return Handler

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(request.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.asked.append(parts.path)
        self.queries.append(query)
        fault = next((how for text, how in self._faults.items() if text in parts.path), None)
        answer = fault or self._good(parts.path, query, request.headers.get("Authorization"))
        try:
            self._send(request, answer)
        except OSError:  # who asked has had enough
            request.close_connection = True

    def _send(self, request: BaseHTTPRequestHandler, answer: Fault) -> None:
        self._stopped.wait(answer.hang)
        request.send_response(answer.status)
        request.send_header("Content-Type", answer.mimetype)
        length = len(answer.body) if answer.claimed is None else answer.claimed
        request.send_header("Content-Length", str(length))
        for name, value in answer.headers.items():
            request.send_header(name, value)
        request.end_headers()
        step = 1 if answer.drip else max(len(answer.body), 1)
        for at in range(0, len(answer.body), step):
            request.wfile.write(answer.body[at : at + step])
            if self._stopped.wait(answer.drip):
                break
        request.close_connection = length != len(answer.body)

    def _good(self, path: str, query: dict[str, str], authorization: str | None) -> Fault:
        if path.startswith("/t/p/"):
            image = self.images.get("/" + path.rsplit("/", 1)[1])
            return Fault(body=image, mimetype="image/png") if image else Fault(404)
        if authorization != f"Bearer {self.key}" and query.get("api_key") != self.key:
            return Fault(401, b'{"status_code": 7}')
        body = self._body(path.removeprefix("/3"), query)
        return Fault(404, b"{}") if body is None else Fault(body=json.dumps(body).encode())

    def _body(self, path: str, query: dict[str, str]) -> Any:
        _empty, kind, *rest = path.split("/")
        if kind == "tv":
            show = self.shows.get(int(rest[0]))
            return show and {"id": int(rest[0]), "poster_path": show}
        if kind == "movie" and rest[0].isdigit():
            return self.films.get(int(rest[0]))
        if path == "/search/movie":
            return {"results": self._found(query)}
        name = query.get("with_genres", path)
        return {"results": [self.films[tmdb_id] for tmdb_id in self.lists.get(name, [])]}

    def _found(self, query: dict[str, str]) -> list[dict[str, Any]]:
        """Titles that begin with the query; details are not part of a search."""
        year = query.get("primary_release_year", "")
        return [
            {name: value for name, value in film.items() if name not in ("runtime", "genres")}
            for film in self.films.values()
            if film["title"].lower().startswith(query["query"].lower())
            and film["release_date"].startswith(year)
        ]


def png(width: int = 20, height: int = 30) -> bytes:
    """A real picture of one colour."""

    def chunk(name: bytes, data: bytes) -> bytes:
        check = zlib.crc32(name + data)
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", check)

    pixels = zlib.compress(b"".join(b"\x00" + b"\x80\x20\x40" * width for _ in range(height)))
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def until(is_so: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait for what another thread or process does."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)
