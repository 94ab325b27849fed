"""Sockets whose timeout is a budget for everything that follows, not for each packet.

A peer that sends a byte now and then never trips an ordinary timeout; here the time since
`settimeout` counts, whatever arrives.
"""

import io
import socket
import threading
import time
from queue import Empty, SimpleQueue
from typing import Any


class TimedSocket:
    """A connected socket, plain or TLS, that spends one budget; TimeoutError once it is gone."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self.settimeout(sock.gettimeout())

    def settimeout(self, seconds: float | None) -> None:
        self._ends = None if seconds is None else time.monotonic() + seconds
        self._sock.settimeout(seconds)

    def sendall(self, data: bytes) -> None:
        self._spend()
        self._sock.sendall(data)

    def makefile(self, mode: str = "rb") -> io.BufferedReader:
        if mode != "rb":
            raise ValueError("only for reading")
        return io.BufferedReader(_TimedReader(self, self._sock.makefile("rb", buffering=0)))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)

    def _spend(self) -> None:
        if self._ends is not None:
            left = self._ends - time.monotonic()
            if left <= 0:
                raise TimeoutError("timed out")
            self._sock.settimeout(left)


class _TimedReader(io.RawIOBase):
    def __init__(self, owner: TimedSocket, raw: io.RawIOBase) -> None:
        self._owner = owner
        self._raw = raw

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._owner._spend()
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


def connect(host: str, port: int, seconds: float) -> socket.socket:
    """Connect within `seconds`, name lookup included, or raise OSError.

    A household's IPv6 is often broken, so no address may use up the time of the others.
    """
    ends = time.monotonic() + seconds
    addresses = _addresses(host, port, seconds)
    failure: OSError = TimeoutError("timed out")
    for position, (family, kind, protocol, _name, address) in enumerate(addresses):
        sock = socket.socket(family, kind, protocol)
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.settimeout(max((ends - time.monotonic()) / (len(addresses) - position), 0.001))
            sock.connect(address)
            sock.settimeout(max(ends - time.monotonic(), 0.001))
        except OSError as error:
            sock.close()
            failure = error
        else:
            return sock
    raise failure


def _addresses(host: str, port: int, seconds: float) -> list[Any]:
    """Resolve the host in a thread, because the system's lookup takes no timeout."""
    found: SimpleQueue[list[Any] | OSError] = SimpleQueue()

    def resolve() -> None:
        try:
            found.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            found.put(error if isinstance(error, OSError) else OSError("not a host name"))

    threading.Thread(target=resolve, daemon=True).start()
    try:
        answer = found.get(timeout=seconds)
    except Empty:
        raise TimeoutError("the name was not looked up in time") from None
    if isinstance(answer, OSError):
        raise answer
    return answer
