"""Processes of their own, forked from one that has imported the app already.

They are killed, refused and started again like any other; what they save is the import, which is
the same each time and most of what a start costs.
"""

import gc
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import cycle
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from flask import cli

from db.restore import restore

HOUSE = Path(__file__).resolve().parents[2]

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["app", "apscheduler.schedulers.background", __name__])


class Forked:
    """Start a process that calls `target`."""

    def __init__(self, target: Callable[..., None], *arguments: Any) -> None:
        self._process: ForkServerProcess = _forks.Process(
            target=target, args=arguments, daemon=True
        )
        self._process.start()

    @property
    def pid(self) -> int:
        assert self._process.pid
        return self._process.pid

    @property
    def status(self) -> int | None:
        """Return the exit status, or minus the signal's number; None while it runs."""
        return self._process.exitcode

    def send(self, how: signal.Signals) -> None:
        if self.status is None:
            os.kill(self.pid, how)

    def wait(self, seconds: float = 30) -> int:
        self._process.join(seconds)
        assert self.status is not None, "it is still running"
        return self.status


class Command(Forked):
    """`flask ...` with nothing but this environment; `log` gets all that it prints."""

    def __init__(self, environment: dict[str, str], log: Path, *arguments: str) -> None:
        super().__init__(_run, environment, log, arguments)


def restore_in_turn(begun: Path, data_dir: Path, *backups: Path) -> None:
    """Until it is killed; makes the file `begun` first."""
    begun.touch()
    for backup in cycle(backups):
        restore(backup, data_dir, datetime.now(UTC))


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
