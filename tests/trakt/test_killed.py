"""A real process that syncs is really killed: every play is at Trakt once all the same."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services import sync_queue
from tests.conftest import Household
from tests.trakt import killed
from tests.trakt.connected import Connected, connected
from tests.trakt.synced import Synced, synced
from utils.instants import from_text

__all__ = ["connected", "synced"]

HOUSE = Path(__file__).resolve().parents[2]
EVENING = "2026-11-17T11:00:00.000Z"
SETTINGS = ("PUBLIC_URL", "TRAKT_CLIENT_ID", "TRAKT_CLIENT_SECRET", "TRAKT_API_URL",
            "TRAKT_AUTH_URL", "DATA_DIR")  # fmt: skip
Run = Callable[[str], int]


@pytest.fixture
def sync_in_a_process(connected: Connected) -> Iterator[Run]:
    """Runs `flask sync Ana` up to a point; answers how it ended."""
    config = {name: str(connected.app.config[name]) for name in SETTINGS}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.trakt.killed"], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True, cwd=HOUSE, env={**os.environ, "PYTHONPATH": str(HOUSE)},
    ) as process:  # fmt: skip
        assert process.stdin
        assert process.stdout
        told, answers = process.stdin, process.stdout

        def run(point: str) -> int:
            print(point, file=told, flush=True)
            return int(answers.readline())

        moment = str(connected.clock.now)
        print(json.dumps({"config": config, "now": moment}), file=told, flush=True)
        yield run


def test_killed_at_any_point_and_once_more_at_another_each_play_arrives_once(
    household: Household,
    connected: Connected,
    synced: Synced,
    sync_in_a_process: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    account = connected.linked(household.ana)
    monkeypatch.setattr(sync_queue, "enqueue_push", lambda *_args: None)
    points = [*killed.POINTS]
    for number, point in enumerate(points):
        film = synced.trakt.film(number + 1, f"Film {number}")
        answer = household.ana.send(
            "/weeks/2026-W47/watched",
            tmdb_id=film.tmdb, title=film.title, members=["Ana"], watched_at=EVENING,
        )  # fmt: skip
        assert answer.status_code == 200, answer.text
        assert sync_in_a_process(point) == -signal.SIGKILL
        marked = synced.outbox(household.ana)[-1][1]
        assert marked == ("sent" if point == "marked" else "claimed")
        sync_in_a_process(points[number - 2])
        assert sync_in_a_process("") == 0
        assert synced.outbox(household.ana)[-1] == ("watched", "sent", None)
        assert synced.plays(account)[number:] == [(film.tmdb, from_text(EVENING))]
