"""A real server in a process of its own, on a free port of this machine."""

import os
import re
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask

from tests.cli.forked import Command
from tests.trakt.connected import connected
from tests.trakt.fakes import fake_trakt, waits

__all__ = ["Browser", "Server", "connected", "fake_trakt", "free_port", "serve", "waits"]


class Server:
    def __init__(self, data_dir: Path, **settings: str) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            "DATA_DIR": str(data_dir),
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "SCHEDULER": "off",
            **settings,
        }
        self.log = data_dir.with_suffix(".log")
        self.process: Command | None = None

    def start(self) -> None:
        self.process = Command(self.environment, self.log, "serve")
        deadline = time.monotonic() + 30
        while not self._answers():
            assert self.process.status is None, self.printed
            assert time.monotonic() < deadline, self.printed
            time.sleep(0.01)

    @property
    def printed(self) -> str:
        return self.log.read_text("utf-8")

    @property
    def pid(self) -> int:
        assert self.process
        return self.process.pid

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Send the signal and return the exit status."""
        if self.process is None:
            return 0
        self.process.send(how)
        status = self.process.wait(20)
        self.process = None
        return status

    def refused(self) -> str:
        """Start it where it is expected to end by itself; answers the sentence."""
        assert Command(self.environment, self.log, "serve").wait() == 1
        assert "Traceback" not in self.printed
        return self.printed

    def setup_code(self) -> str:
        match = re.search(rf"^{self.url}/setup\?code=(\w+)$", self.printed, re.MULTILINE)
        assert match, self.printed
        return match[1]

    def _answers(self) -> bool:
        try:
            with Browser(self.url) as browser:
                return browser.get("/healthz").status_code == 200
        except requests.ConnectionError:
            return False


class Browser:
    """A JSON client with cookies."""

    def __init__(self, url: str, **headers: str) -> None:
        self.url = url
        self.session = requests.Session()
        self.session.trust_env = False  # no proxy of this machine
        self.session.headers.update({"Accept": "application/json", **headers})

    def __enter__(self) -> "Browser":
        return self

    def __exit__(self, *_error: object) -> None:
        self.session.close()

    def get(self, path: str, **extra: Any) -> requests.Response:
        return self.session.get(self.url + path, timeout=20, **extra)

    def post(self, path: str, **fields: Any) -> requests.Response:
        if "X-CSRFToken" not in self.session.headers:
            self.read_token()
        return self.session.post(self.url + path, json=fields, timeout=20)

    def sign_in(self, member_id: int, pin: str = "") -> requests.Response:
        answer = self.post("/who", member_id=member_id, pin=pin)
        self.read_token()
        return answer

    def read_token(self) -> None:
        page = self.get("/who", headers={"Accept": "text/html"})
        match = re.search(r'name="csrf-token" content="([^"]+)"', page.text)
        assert match, page.text
        self.session.headers["X-CSRFToken"] = match[1]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture
def serve(app: Flask) -> Iterator[Callable[..., Server]]:
    """Start servers on the app's data folder; whatever still runs is killed at the end."""
    servers: list[Server] = []

    def start(**settings: str) -> Server:
        servers.append(Server(app.config["DATA_DIR"], **settings))
        servers[-1].start()
        return servers[-1]

    yield start
    for server in servers:
        server.end(signal.SIGKILL)
