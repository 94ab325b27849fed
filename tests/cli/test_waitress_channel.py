"""What waitress refuses by itself is answered like everything else."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Server

LARGE = 30_000_000
JSON = "Accept: application/json\r\nContent-Type: application/json\r\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("wire") / "data")
    server.start()
    yield server
    server.end()


def knock(server: Server, head: str, *body: bytes, more: str = JSON) -> tuple[int, str, str]:
    """Send exactly this, all of it; answers status, headers and body."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as line:
        start = f"{head}Host: here\r\n{more}Connection: close\r\n\r\n".encode("latin-1")
        line.sendall(start + b"".join(body[:1]))
        for piece in body[1:]:
            line.sendall(piece)
        line.shutdown(socket.SHUT_WR)
        with line.makefile("rb") as answer:
            top, _, rest = answer.read().decode().partition("\r\n\r\n")
    return int(top.split()[1]), top, rest


def post(**headers: str | int) -> str:
    lines = (f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return "POST /who HTTP/1.1\r\n" + "".join(lines)


def chunks(size: int) -> bytes:
    return b"10000\r\n" + b"x" * 65536 + b"\r\n" if size else b"0\r\n\r\n"


def test_a_request_that_makes_no_sense_gets_the_apps_own_answer(
    server: Server, subtests: pytest.Subtests
) -> None:
    refused: list[tuple[str, list[bytes], int]] = [
        (post(Content_Length=10_000_000), [b"x" * 10_000_000], 413),
        (post(Content_Length=LARGE), [b"x" * LARGE], 413),
        (post(Transfer_Encoding="chunked"), [chunks(65536)] * 450 + [chunks(0)], 413),
        (post(Transfer_Encoding="chunked"), [chunks(65536)] * 450 + [b"zzz\r\n"], 413),
        (post(Content_Length=LARGE, Expect="100-continue"), [], 413),
        (post(Content_Length=10**15), [], 413),
        (post(Content_Length=-1), [], 400),
        (post(Content_Length="many"), [], 400),
        (post(Content_Length="5\r\nContent-Length: 6"), [b"{}    "], 400),
        (post(Content_Length=2), [b"{} and more than that"], 403),
        (post(Transfer_Encoding="chunked"), [b"2\r\n{}\r\n0\r\n\r\n"], 403),
        (post(Transfer_Encoding="chunked"), [b"what\r\n"], 400),
        (post(Transfer_Encoding="gzip"), [], 501),
        (post(Transfer_Encoding="chunked, gzip"), [], 501),
        (post(), [], 403),
        ("POST /who HTTP/1.1\r\nX-Long: " + "x" * 262_200 + "\r\n", [], 431),
        ("BREW\r\n", [], 400),
        ("GET /who HTTP/1.1\r\nno header\r\n", [], 400),
    ]
    for head, body, status in refused:
        with subtests.test(head=head[:90], body=body[0][:20] if body else b""):
            answered, top, rest = knock(server, head, *body)
            assert answered == status, top
            assert "Content-Security-Policy: default-src 'none'" in top
            if "Content-Type: application/json" in top:
                assert json.loads(rest)["error"]["message"].endswith(".")
            else:  # what it accepts was never read
                assert status in (400, 431)
                assert '<meta name="csrf-token"' in rest


def test_a_browser_is_told_on_a_page(server: Server) -> None:
    form = "Accept: text/html\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    status, top, rest = knock(server, post(Content_Length=LARGE), b"x" * LARGE, more=form)
    assert (status, "text/html" in top, "</html>" in rest) == (413, True, True)


def test_a_body_that_is_refused_is_not_kept_in_memory(server: Server) -> None:
    size = 150_000_000
    before = peak(server)
    knock(server, post(Content_Length=size), *[b"x" * 1_000_000] * 150)
    assert peak(server) - before < 20_000  # kB


def test_a_body_that_ends_too_early_leaves_the_server_well(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as line:
        line.sendall(post(Content_Length=500).encode() + b"\r\n{")
    assert knock(server, "GET /healthz HTTP/1.1\r\n")[0] == 200


def test_a_line_is_kept_when_there_is_nothing_new(server: Server) -> None:
    """Else every open screen would connect again every two seconds."""
    image = "GET /static/icon.svg HTTP/1.1\r\nHost: here\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as line:
        line.sendall(f"{image}If-Modified-Since: Sat, 01 Jan 2999 00:00:00 GMT\r\n\r\n".encode())
        assert line.recv(4096).startswith(b"HTTP/1.1 304")
        line.sendall(f"{image}Connection: close\r\n\r\n".encode())
        assert line.recv(4096).startswith(b"HTTP/1.1 200")


def peak(server: Server) -> int:
    """The most memory the process ever had, in kB."""
    lines = Path(f"/proc/{server.pid}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
