"""Servers in processes of their own, and what they used up."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Self

HOUSE = Path(__file__).resolve().parents[2]
PATIENCE = 60.0  # seconds, for a start on a busy machine


class Process:
    """Of Python, in the house's folder; it listens on `port` when it has started."""

    def __init__(self, *arguments: str, port: int, env: Mapping[str, str] | None = None) -> None:
        self.port = port
        began = time.monotonic()
        self._process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=HOUSE,
            env={**os.environ, **(env or {})},
            stdout=subprocess.DEVNULL,
        )
        while not self._listens():
            if self._process.poll() is not None or time.monotonic() > began + PATIENCE:
                self.end()
                raise RuntimeError(f"{' '.join(arguments)} did not start")
            time.sleep(0.005)
        self.seconds_to_start = time.monotonic() - began

    def cpu(self) -> float:
        """Seconds so far, of all its threads, ended ones too."""
        # The number of the kernel's clock for another process: man 3 clock_getcpuclockid.
        return time.clock_gettime(~self._process.pid << 3 | 2)

    def memory(self) -> int:
        """Bytes, what it shares with others divided among them (PSS)."""
        text = Path(f"/proc/{self._process.pid}/smaps_rollup").read_text("ascii")
        found = re.search(r"^Pss: +([0-9]+) kB$", text, re.MULTILINE)
        assert found
        return int(found[1]) * 1024

    def end(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=PATIENCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.end()

    def _listens(self) -> bool:
        with closing(socket.socket()) as caller:
            return caller.connect_ex(("127.0.0.1", self.port)) == 0


def free_port() -> int:
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def house(data_dir: Path, **settings: str) -> Process:
    """`flask serve` on that folder, without timed jobs."""
    port = free_port()
    env = {
        "DATA_DIR": str(data_dir),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "SCHEDULER": "off",
        "PUBLIC_URL": "",
        "TMDB_API_KEY": "",
        **settings,
    }
    return Process("-m", "flask", "--app", "app", "serve", port=port, env=env)


def floor(database: Path) -> Process:
    port = free_port()
    return Process("-m", "tests.benchmarks.floor", str(database), str(port), port=port)
