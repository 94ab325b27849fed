"""A threaded HTTP server on loopback that can also answer badly."""

import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from tests.fake_trakt.faults import Fault
from tests.fake_trakt.replies import Reply, Request

Answer = Callable[[Request], tuple[Reply, Fault]]
LONGEST = 10.0  # seconds that an answer is held back
PHRASES = {420: "Account Limit", 520: "Unknown Error", 521: "Down", 522: "Timed Out"}


class Door:
    """One port; `answer` gets each request and says how to deliver the reply."""

    def __init__(self, port: int, answer: Answer) -> None:
        self._server = _Server(("127.0.0.1", port), answer)
        self._thread = threading.Thread(target=self._server.serve, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Harmless when it is closed already."""
        if self._server.stopping.is_set():
            return
        self._server.stopping.set()
        with suppress(OSError):
            socket.create_connection(self._server.socket.getsockname()).close()  # wakes it up
        self._thread.join()
        self._server.server_close()
        self._server.hang_up()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], answer: Answer) -> None:
        super().__init__(address, _Visit)
        self.answer = answer
        self.stopping = threading.Event()
        self._open: set[socket.socket] = set()

    def serve(self) -> None:
        while not self.stopping.is_set():
            self.handle_request()

    def verify_request(self, *_caller: object) -> bool:
        return not self.stopping.is_set()

    def process_request(self, request: object, client_address: object) -> None:
        assert isinstance(request, socket.socket)
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: object) -> None:
        assert isinstance(request, socket.socket)
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller who hangs up early is no news; anything else is printed as ever."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    def hang_up(self) -> None:
        """Ends the connections that callers keep."""
        for sock in list(self._open):
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)


class _Visit(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # headers and body leave together
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.title(): value for name, value in self.headers.items()}
        query = dict(parse_qsl(url.query, keep_blank_values=True))
        request = Request(self.command, url.path, query, _Headers(headers), body)
        self._deliver(*self.server.answer(request))

    do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - the server's own way of routing

    def log_message(self, *_args: object) -> None:
        """The fake keeps a log of its own."""

    def _deliver(self, reply: Reply, fault: Fault) -> None:
        if fault.delivery == "lost":
            self.close_connection = True
            return
        if fault.until:
            fault.until.wait(LONGEST)
        if fault.delivery != "drip":
            self.server.stopping.wait(fault.seconds)
        self.send_response(reply.status, PHRASES.get(reply.status))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.status != 204:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if fault.delivery == "cut":
            self.wfile.write(reply.body[: len(reply.body) // 2])
            self.close_connection = True
        elif fault.delivery == "drip":
            self._drip(reply.body, fault.seconds)
        else:
            self.wfile.write(reply.body)

    def _drip(self, body: bytes, seconds: float) -> None:
        for position in range(len(body)):
            self.wfile.write(body[position : position + 1])
            self.wfile.flush()
            if self.server.stopping.wait(seconds):
                return


class _Headers(dict[str, str]):
    """Names without regard to case."""

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.title())

    def __contains__(self, name: object) -> bool:
        return super().__contains__(str(name).title())

    def get(self, name: str, default: str = "") -> str:  # type: ignore[override]
        return super().get(name.title(), default)
