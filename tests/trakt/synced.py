"""Linked members that sync against the fake Trakt, on a movable clock."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from services import sync_queue
from tests.conftest import Person
from tests.fake_trakt import Account
from tests.trakt.connected import Connected


class Synced:
    def __init__(self, connected: Connected) -> None:
        self.connected, self.trakt, self.app = connected, connected.trakt, connected.app

    def press(self, person: Person) -> dict[str, Any]:
        """Sync now, and what the status says when it has ended."""
        answer = person.send(f"/api/trakt/sync/{person.id}")
        assert answer.status_code == 202, answer.text
        self.settle()
        return self.status(person)

    def status(self, person: Person) -> dict[str, Any]:
        body: dict[str, Any] = person.ask(f"/api/trakt/status/{person.id}").get_json()
        return body

    def settle(self) -> None:
        """Until what the doors asked for is done."""
        assert sync_queue.executor(self.app).wait(20)

    def due(self) -> None:
        """The clock's job: send what waits."""
        with self.connected.conn() as conn:
            sync_queue.enqueue_push(conn, self.connected.clock.now)
        self.settle()

    def outbox(self, person: Person) -> list[tuple[str, str, str | None]]:
        """Return (act, status, problem) of each entry, oldest first."""
        with self.connected.conn() as conn:
            rows = conn.execute(
                "SELECT act, status, problem FROM outbox WHERE user_id = ? ORDER BY id",
                (person.id,),
            )
            return [tuple(row) for row in rows]

    def ratings(self, person: Person) -> dict[int, tuple[int, str]]:
        with self.connected.conn() as conn:
            rows = conn.execute(
                "SELECT tmdb_id, rating, rated_at FROM ratings WHERE user_id = ?", (person.id,)
            )
            return {row[0]: (row[1], row[2]) for row in rows}

    def plays(self, account: Account) -> list[tuple[int | None, datetime]]:
        return [(play.title.tmdb, play.watched_at) for play in account.plays.values()]


@pytest.fixture
def synced(connected: Connected) -> Iterator[Synced]:
    synced = Synced(connected)
    yield synced
    synced.settle()
