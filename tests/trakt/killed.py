"""`flask sync Ana`, again and again, killed between a row's claim and its mark.

Run by test_killed.py, which writes one line for each run: the point where it is to die, or "". It
is answered by how the run ended: the exit status, or less than 0 by a signal.
"""

import json
import os
import signal
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from flask import Flask

import db
from app import create_app
from db import outbox, trakt_sync
from trakt import push, push_plays
from trakt.client import Client
from utils import instants

POINTS: dict[str, tuple[Any, str]] = {  # what is not reached any more
    "claimed": (push, "_batches"),
    "about to send": (Client, "post"),
    "answer in hand": (push_plays, "outcome_from_response"),
    "about to mark": (outbox, "mark_done"),
    "marked": (trakt_sync, "finish_run"),
}


def main() -> None:
    told = json.loads(sys.stdin.readline())
    moment = datetime.fromisoformat(told["now"])
    instants.now = lambda: moment
    app = create_app({**told["config"], "DATA_DIR": Path(told["config"]["DATA_DIR"])})
    db.close_db(app)  # each run opens its own
    for line in sys.stdin:
        child = os.fork() or run(app, line.strip())
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print(ended, flush=True)  # noqa: T201


def run(app: Flask, point: str) -> NoReturn:
    """Run in a child process."""
    if point:
        setattr(*POINTS[point], die)
    said = app.test_cli_runner().invoke(args=["sync", "Ana"])
    os._exit(said.exit_code)


def die(*_args: Any, **_names: Any) -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    os._exit(1)


if __name__ == "__main__":
    main()
