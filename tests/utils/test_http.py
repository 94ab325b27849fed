import gzip
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from utils import http, timed_sockets

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
LOOPBACK = x509.IPAddress(IPv4Address("127.0.0.1"))
Script = Callable[[socket.socket], None]


class Peer:
    """A server on loopback that plays a script on every connection."""

    def __init__(self, script: Script) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.host = f"127.0.0.1:{self.listener.getsockname()[1]}"
        self.requests: list[bytes] = []
        self.connections = 0
        self._script = script
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                sock = self.listener.accept()[0]
                self.connections += 1
                threading.Thread(target=self._play, args=(sock,), daemon=True).start()

    def _play(self, sock: socket.socket) -> None:
        with suppress(OSError), sock:
            sock.settimeout(5)
            while request := sock.recv(65536):
                self.requests.append(request)
                self._script(sock)

    def call(self, method: str = "GET", deadline: float = 2.0, **extra: Any) -> http.Answer:
        url = f"http://{self.host}/path"
        return http.call(method, url, hosts={self.host}, deadline=deadline, **extra)


@pytest.fixture
def peer() -> Iterator[Callable[[Script | bytes], Peer]]:
    peers: list[Peer] = []

    def start(script: Script | bytes) -> Peer:
        play = script if callable(script) else lambda sock: sock.sendall(script)
        peers.append(Peer(play))
        return peers[-1]

    yield start
    for each in peers:
        each.listener.close()


def drip(head: bytes, endless: bytes) -> Script:
    def play(sock: socket.socket) -> None:
        sock.sendall(head)
        while True:
            sock.sendall(endless)
            time.sleep(0.02)

    return play


def packed(size: int) -> bytes:
    body = gzip.compress(b"0" * size)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def test_an_answer_comes_with_its_status_headers_and_body(peer: Any) -> None:
    body = b'{"title": "L\\u00e9on"}'
    site = peer(b"HTTP/1.1 404 No\r\nX-Kind: a\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    answer = site.call("POST", params={"page": 1}, json={"a": 1}, headers={"X-Own": "b"})
    assert (answer.status, answer.headers["x-kind"]) == (404, "a")
    assert answer.json() == {"title": "Léon"}
    sent = site.requests[0]
    assert sent.startswith(b"POST /path?page=1 ")
    for header in (b"X-Own: b", b"Content-Type: application/json", b"User-Agent: MovieNight/"):
        assert header in sent


def test_a_connection_is_kept_and_a_redirect_is_not_followed(peer: Any) -> None:
    site = peer(b"HTTP/1.1 302 Go\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")
    assert [site.call().status for _ in range(3)] == [302, 302, 302]
    assert (site.connections, len(site.requests)) == (1, 3)


def test_a_cookie_is_not_carried_from_one_call_to_the_next(peer: Any) -> None:
    site = peer(OK.replace(b"\r\n\r\n", b"\r\nSet-Cookie: member=ana; Path=/\r\n\r\n"))
    site.call()
    site.call()
    assert b"member=ana" not in site.requests[1]


@pytest.mark.parametrize(
    "url",
    [
        "http://other.test/",
        "http://good.test:8080/",
        "http://good.test@other.test/",
        "http://ana:pin@good.test/",
        "http://good.test.other.test/",
        "http://good.test\\@other.test/",
        "file://good.test/etc/passwd",
        "//good.test/",
        "",
    ],
)
def test_only_a_listed_host_is_called(url: str) -> None:
    with pytest.raises(ValueError, match="not a host"):
        http.call("GET", url, hosts={"good.test"}, deadline=1)


@pytest.mark.parametrize(
    "script",
    [
        drip(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"a"),
        drip(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n", b"a"),
        drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
        drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        lambda _sock: time.sleep(1),
    ],
    ids=["headers", "body", "chunks", "interim answers", "silence"],
)
def test_neither_drips_nor_silence_outlast_the_deadline(peer: Any, script: Script) -> None:
    site, start = peer(script), time.monotonic()
    with pytest.raises(http.Unreachable) as caught:
        site.call(deadline=0.15)
    assert 0.1 < time.monotonic() - start < 0.8
    assert caught.value.may_have_arrived


def test_a_late_byte_before_silence_buys_no_more_time(peer: Any) -> None:
    def play(sock: socket.socket) -> None:
        time.sleep(0.4)
        sock.sendall(OK[:20])
        time.sleep(1)

    start = time.monotonic()
    with pytest.raises(http.Unreachable):
        peer(play).call(deadline=0.5)
    assert 0.4 < time.monotonic() - start < 0.8


def test_the_deadline_is_new_for_each_call_on_a_kept_connection(peer: Any) -> None:
    def slow(sock: socket.socket) -> None:
        time.sleep(0.2)
        sock.sendall(OK)

    site = peer(slow)
    assert [site.call(deadline=0.35).status for _ in range(3)] == [200, 200, 200]
    assert site.connections == 1


@pytest.mark.parametrize(
    "script",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        b"",
        b"\x16\x03nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nplai",
        b"HTTP/1.1 200 OK\r\n" + b"X-Many: a\r\n" * 500 + b"\r\n",
    ],
    ids=["body", "chunk", "nothing", "no HTTP", "no gzip", "500 headers"],
)
def test_a_cut_or_senseless_answer_is_no_answer(peer: Any, script: bytes) -> None:
    def play(sock: socket.socket) -> None:
        sock.sendall(script)
        sock.close()

    with pytest.raises(http.Unreachable) as caught:
        peer(play).call()
    assert caught.value.may_have_arrived


@pytest.mark.parametrize(
    "script",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5001\r\n\r\n" + b"a" * 5001,
        drip(b"HTTP/1.1 200 OK\r\n\r\n", b"a" * 3000),
        packed(50 * http.MEGABYTE),
    ],
    ids=["said", "unsaid", "unpacked"],
)
def test_an_answer_larger_than_allowed_is_dropped(peer: Any, script: Script | bytes) -> None:
    with pytest.raises(http.Unreachable, match="too large"):
        peer(script).call(largest=5000)


def test_an_answer_of_just_the_allowed_size_is_read_unpacked(peer: Any) -> None:
    assert peer(packed(5000)).call(largest=5000).body == b"0" * 5000


def test_what_never_left_is_known_not_to_have_arrived(
    peer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        host = f"127.0.0.1:{closed.getsockname()[1]}"
    silent = threading.Event()
    with pytest.raises(http.Unreachable) as refused:
        http.call("POST", f"http://{host}/", hosts={host}, deadline=1)
    assert not refused.value.may_have_arrived
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_named: silent.wait(2))
    start = time.monotonic()
    with pytest.raises(http.Unreachable) as unknown:
        http.call("POST", "http://slow.test/", hosts={"slow.test"}, deadline=0.1)
    assert not unknown.value.may_have_arrived
    assert time.monotonic() - start < 0.5
    silent.set()


def test_an_address_that_is_dead_leaves_time_for_the_next(
    peer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))  # bound, not listening: refused at once
        site = peer(OK)
        both = [
            (socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", int(port)))
            for port in (full.getsockname()[1], site.host.rpartition(":")[2])
        ]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_named: both)
        with timed_sockets.connect("two.test", 80, 1) as reached:
            assert reached.getpeername() == both[1][-1]


def test_an_error_tells_nothing_of_the_request(peer: Any) -> None:
    site = peer(lambda sock: sock.close())
    with pytest.raises(http.Unreachable) as caught:
        site.call(params={"api_key": "canary-1"}, headers={"Authorization": "Bearer canary-2"})
    assert "canary" not in f"{caught.value!r} {caught.value.__cause__!r}"
    assert caught.value.__suppress_context__


def behind_tls(path: Path, play: Script) -> str:
    """The address of a server that answers every request on one connection."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError), listener, listener.accept()[0] as plain:
            plain.settimeout(5)
            with context.wrap_socket(plain, server_side=True) as sock:
                while sock.recv(65536):
                    play(sock)

    threading.Thread(target=serve, daemon=True).start()
    return f"127.0.0.1:{listener.getsockname()[1]}"


def test_a_certificate_of_nobody_stops_the_call_before_it_is_made(certificate: Path) -> None:
    host = behind_tls(certificate, lambda sock: sock.sendall(OK))
    with pytest.raises(http.Unreachable, match="certificate") as caught:
        http.call("POST", f"https://{host}/", hosts={host}, deadline=2)
    assert not caught.value.may_have_arrived


def test_the_deadline_holds_behind_tls_on_a_kept_connection(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = partial(http._adapter.send, verify=str(certificate))
    monkeypatch.setattr(http._adapter, "send", send)
    scripts = iter([lambda sock: sock.sendall(OK)] * 2 + [drip(OK[:30], b"a")])
    host = behind_tls(certificate, lambda sock: next(scripts)(sock))
    for _ in range(2):
        assert http.call("GET", f"https://{host}/", hosts={host}, deadline=2).json() == {}
    start = time.monotonic()
    with pytest.raises(http.Unreachable, match="too long"):
        http.call("GET", f"https://{host}/", hosts={host}, deadline=0.15)
    assert 0.1 < time.monotonic() - start < 0.8


def test_without_time_nothing_is_sent(peer: Any) -> None:
    site = peer(OK)
    with pytest.raises(http.Unreachable) as caught:
        site.call(deadline=0)
    assert not caught.value.may_have_arrived
    assert site.connections == 0


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"NaN", b"[1e999]", b"[" * 100_000, b'"\xff"', b'{"a": 1']
)
def test_what_is_no_json_is_a_value_error(body: bytes) -> None:
    with pytest.raises(ValueError):
        http.Answer(200, {}, body).json()


def test_half_a_surrogate_becomes_a_character_that_can_be_stored() -> None:
    value = http.Answer(200, {}, json.dumps(["\ud800 Heat", "😀"]).encode()).json()
    assert value == ["? Heat", "😀"]


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "nobody.test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([LOOPBACK]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "both.pem"
    plain = serialization.NoEncryption()
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path
