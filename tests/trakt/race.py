"""Threads in several processes that all want one member's token at the same moment, in rounds.

Run by test_tokens.py with its numbers on the standard input. Each round makes the token due, lets
everybody go at once, and compares what they got.
"""

import json
import multiprocessing
import sys
from contextlib import closing
from datetime import datetime
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from threading import Thread
from typing import Any

import db
from trakt import application, tokens
from trakt.errors import TraktError
from utils import instants

EARLY = "2026-01-01T00:00:00.000Z"
PATIENCE = 60  # seconds
Got = list[tuple[int, str]]  # rounds and what was got in them


def main() -> None:
    told = json.load(sys.stdin)
    context = multiprocessing.get_context("fork")  # nothing runs or is open here yet
    everybody = context.Barrier(told["threads"] * told["processes"] + 1, timeout=PATIENCE)
    results: SimpleQueue[Got] = context.SimpleQueue()
    runs = [
        context.Process(target=run, args=(told, everybody, results), daemon=True)
        for _ in range(told["processes"])
    ]
    for each in runs:
        each.start()
    hold_rounds(told, everybody)
    by_round: dict[int, set[str]] = {}
    for _ in runs:
        for number, text in results.get():
            by_round.setdefault(number, set()).add(text)
    print(json.dumps([sorted(by_round[number]) for number in sorted(by_round)]))  # noqa: T201


def hold_rounds(told: dict[str, Any], everybody: Barrier) -> None:
    with closing(db.connect(Path(told["config"]["DATABASE"]))) as conn:
        for _ in range(told["rounds"]):
            with db.transaction(conn):
                conn.execute("UPDATE trakt_auth SET refresh_at = ?", (EARLY,))
            everybody.wait()
            everybody.wait()


def run(told: dict[str, Any], everybody: Barrier, results: "SimpleQueue[Got]") -> None:
    """Run one process."""
    moment = datetime.fromisoformat(told["now"])
    instants.now = lambda: moment
    got: Got = []
    threads = [Thread(target=ask, args=(told, everybody, got)) for _ in range(told["threads"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    results.put(got)


def ask(told: dict[str, Any], everybody: Barrier, got: Got) -> None:
    """Run one thread, with its own connection as in the app."""
    config = {"TRAKT_REDIRECT_URI": "", **told["config"]}
    config["TRAKT_KEY"] = bytes.fromhex(config["TRAKT_KEY"])
    config["DATA_DIR"] = Path(config["DATA_DIR"])
    with closing(db.connect(Path(config["DATABASE"]))) as conn:
        household = application.require(conn, config)
        token = tokens.token_source(conn, config, household, told["user_id"])
        for number in range(told["rounds"]):
            everybody.wait()
            try:
                got.append((number, token(None)))
            except TraktError as error:
                got.append((number, f"failed: {error}"))
            everybody.wait()


if __name__ == "__main__":
    main()
