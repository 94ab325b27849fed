"""Commands in processes of their own, forked from one that has imported the app already.

They are killed, refused and started again like any other; what they save is the import, which is
the same each time and most of what a start costs.
"""

import gc
import multiprocessing
import os
import signal
import sys
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from flask import cli

HOUSE = Path(__file__).resolve().parents[2]

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["app", "apscheduler.schedulers.background", __name__])


class Command:
    """`flask ...` with nothing but this environment; `log` gets all that it prints."""

    def __init__(self, environment: dict[str, str], log: Path, *arguments: str) -> None:
        self._process: ForkServerProcess = _forks.Process(
            target=_run, args=(environment, log, arguments), daemon=True
        )
        self._process.start()

    @property
    def pid(self) -> int:
        assert self._process.pid
        return self._process.pid

    @property
    def status(self) -> int | None:
        """What it ended with, minus the number of the signal that killed it; None while it runs."""
        return self._process.exitcode

    def send(self, how: signal.Signals) -> None:
        if self.status is None:
            os.kill(self.pid, how)

    def wait(self, seconds: float = 30) -> int:
        self._process.join(seconds)
        assert self.status is not None, "it is still running"
        return self.status


def _run(environment: dict[str, str], log: Path, arguments: tuple[str, ...]) -> None:
    os.chdir(HOUSE)
    os.environ.clear()
    os.environ.update(environment)
    with log.open("wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    sys.argv = ["flask", "--app", "app", *arguments]
    try:
        cli.main()
    finally:
        gc.collect()  # an interpreter's own end frees what only refers to itself; a fork's does not
