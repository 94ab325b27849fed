"""Outbound HTTP calls: allow-listed hosts, a total deadline, a size cap, no redirects."""

import json as jsonlib
import math
import ssl
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NewConnectionError

from utils import timed_sockets

MEGABYTE = 1024 * 1024
LARGEST = 10 * MEGABYTE
BLOCK = 64 * 1024
CONNECTIONS = 16  # kept open for a host: the server's threads and the timed jobs
HEADERS = {
    "User-Agent": "MovieNight/1.0 (self-hosted; one household)",
    "Accept-Encoding": "gzip",
}


@dataclass(frozen=True)
class Answer:
    """A complete response with any status; header names ignore case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Parse the body; raise ValueError for what cannot be stored as UTF-8 JSON."""
        try:
            value = jsonlib.loads(
                self.body, parse_constant=_reject_constant, parse_float=_parse_float
            )
            if b"\\ud" in self.body.lower():  # half a surrogate pair would fail in the database
                whole = jsonlib.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
                return jsonlib.loads(whole)
        except RecursionError:
            raise ValueError("nested too deeply") from None
        return value


class Unreachable(Exception):
    """No complete response; `may_have_arrived` is False if the request was certainly not sent."""

    def __init__(self, reason: str, may_have_arrived: bool) -> None:
        super().__init__(reason)
        self.may_have_arrived = may_have_arrived


def call(
    method: str,
    url: str,
    *,
    hosts: Collection[str],
    deadline: float,
    largest: int = LARGEST,
    headers: Mapping[str, str] | None = None,
    params: Mapping[str, Any] | None = None,
    json: Any = None,
) -> Answer:
    """Return the response within `deadline` seconds or raise Unreachable; never retry.

    Raises ValueError unless the URL's "host" or "host:port" is one of `hosts`. A redirect is
    returned, not followed. Safe to use from many threads; connections are reused.
    """
    if (parts := urlsplit(url)).scheme not in {"http", "https"} or parts.netloc not in hosts:
        raise ValueError("not a host that may be called")
    if deadline <= 0:
        raise Unreachable("no time left", may_have_arrived=False)
    own = {**HEADERS, **(headers or {})}
    request = requests.Request(method, url, own, params=params, json=json).prepare()
    try:
        with _send(request, deadline) as response:
            body = b"".join(_read_blocks(response, largest))
            return Answer(response.status_code, response.headers, body)
    except (requests.RequestException, HTTPError) as error:
        # Not chained: the original carries the request with its keys.
        raise Unreachable(*_to_unreachable(error)) from None


def _send(request: requests.PreparedRequest, deadline: float) -> requests.Response:
    """Send without a session, which would add cookies, redirects, .netrc and proxies."""
    return _adapter.send(
        request,
        timeout=Timeout(total=deadline),  # type: ignore[arg-type]  # handed on to urllib3 as it is
        stream=True,
    )


def _read_blocks(response: requests.Response, largest: int) -> Iterator[bytes]:
    size = 0
    for block in response.iter_content(BLOCK):
        size += len(block)
        if size > largest:
            raise Unreachable("the answer is too large", may_have_arrived=True)
        yield block


def _to_unreachable(error: BaseException) -> tuple[str, bool]:
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return "the certificate is not the host's", False
        if isinstance(cause, NewConnectionError):
            return "no connection", False
    if any(isinstance(cause, TimeoutError | requests.Timeout) for cause in _causes(error)):
        return "the answer took too long", True
    return "the answer was cut off", True


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _reject_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")


def _parse_float(digits: str) -> float:
    """Parse a float; reject 1e999, which Python reads as infinity."""
    return number if math.isfinite(number := float(digits)) else _reject_constant(digits)


class _Connection(HTTPConnection):
    def _new_conn(self) -> Any:
        return _connect(self)

    def connect(self) -> None:
        super().connect()
        self.sock = timed_sockets.TimedSocket(self.sock)


class _TlsConnection(HTTPSConnection):
    def _new_conn(self) -> Any:
        return _connect(self)

    def connect(self) -> None:
        super().connect()
        self.sock = timed_sockets.TimedSocket(self.sock)


def _connect(conn: HTTPConnection) -> Any:
    seconds = conn.timeout if isinstance(conn.timeout, int | float) else 0.0
    try:
        return timed_sockets.connect(conn.host, conn.port or conn.default_port, seconds)
    except OSError as error:
        raise NewConnectionError(conn, "no connection") from error


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


def _new_adapter() -> HTTPAdapter:
    adapter = HTTPAdapter(pool_maxsize=CONNECTIONS, max_retries=0)
    adapter.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
    return adapter


_adapter = _new_adapter()
