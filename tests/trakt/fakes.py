"""The fake Trakt and a clock for its limits, for tests/trakt and tests/browser alike."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.fake_trakt import Account, FakeTrakt, TrackedApp
from trakt import pacing
from trakt.application import Application
from trakt.client import Client


@dataclass
class Waits:
    """Time that goes on by itself and jumps when the client waits; `slept` is what it waited."""

    slept: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        return time.monotonic() + sum(self.slept)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> Waits:
    """The client's patience costs no time; each test begins with every turn still to take."""
    waits = Waits()
    monkeypatch.setattr(pacing, "monotonic", waits.monotonic)
    monkeypatch.setattr(pacing, "sleep", waits.sleep)
    monkeypatch.setattr(pacing, "writes", pacing.Pace(1, pacing.writes.period))
    monkeypatch.setattr(pacing, "reads", pacing.Pace(490, pacing.reads.period))
    return waits


@pytest.fixture
def fake_trakt(waits: Waits) -> Iterator[FakeTrakt]:
    """Running, with nobody in it yet; its own rate limits are off until `limits.speed` is set."""
    with FakeTrakt() as trakt:
        yield trakt


def application(trakt: FakeTrakt, app: TrackedApp) -> Application:
    return Application(app.client_id, app.secret, trakt.api_url, trakt.auth_url, app.redirects[0])


@dataclass
class Linked:
    """A client of ours that acts for an account of the fake, and refreshes as told."""

    trakt: FakeTrakt
    app: TrackedApp
    account: Account
    asked: list[str | None] = field(default_factory=list)
    access: str = ""

    def token(self, stale: str | None) -> str:
        self.asked.append(stale)
        if stale is not None or not self.access:
            self.access = self.trakt.grant(self.account, self.app.client_id).access
        return self.access

    def client(self, deadline: float = 5.0, member: int = 1) -> Client:
        return Client(application(self.trakt, self.app), self.token, member, deadline)


@pytest.fixture
def linked(fake_trakt: FakeTrakt) -> Linked:
    return Linked(fake_trakt, fake_trakt.register(), fake_trakt.account("ana-films"))
