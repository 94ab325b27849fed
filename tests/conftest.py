"""A fixed cast and a clock that stands still: Tuesday noon, nominating."""

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from werkzeug.test import TestResponse

import db
from app import create_app
from db import users
from utils import instants, pins

TUESDAY_NOON = datetime(2026, 11, 17, 12, tzinfo=UTC)  # in 2026-W47
CHEAP = 2  # scrypt's cost in tests
PINS = {"Ana": "4821", "Ben": "7306"}


class Clock:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def forward(self, **step: float) -> None:
        self.now += timedelta(**step)

    def to(self, weekday: int, hour: int = 12) -> None:
        """Move to a day of 2026-W47; Monday is 0."""
        self.now = datetime(2026, 11, 16, hour, tzinfo=UTC) + timedelta(days=weekday)


class Person:
    """Somebody with a browser of their own."""

    def __init__(self, app: Flask, name: str = "", member_id: int = 0) -> None:
        self.client: FlaskClient = app.test_client()
        self.name = name
        self.id = member_id

    def page(self, url: str) -> str:
        """The HTML of a page that must be there."""
        answer = self.client.get(url)
        assert answer.status_code == 200, (url, answer.status_code)
        return answer.text

    def ask(self, url: str, **extra: Any) -> TestResponse:
        """GET as a program."""
        return self.client.get(url, headers={"Accept": "application/json"}, **extra)

    def state(self) -> dict[str, Any]:
        body: dict[str, Any] = self.ask("/api/state").get_json()
        return body

    @property
    def token(self) -> str:
        """The CSRF token that every page carries."""
        match = re.search(r'name="csrf-token" content="([^"]+)"', self.client.get("/who").text)
        assert match
        return match[1]

    def send(self, url: str, **fields: Any) -> TestResponse:
        """POST as a program: JSON both ways."""
        headers = {"Accept": "application/json", "X-CSRFToken": self.token}
        return self.client.post(url, json=fields, headers=headers)

    def submit(self, url: str, **fields: Any) -> TestResponse:
        """POST as a page's form does."""
        return self.client.post(url, data={"csrf_token": self.token, **fields})

    def sign_in(self, pin: str = "") -> None:
        answer = self.send("/who", member_id=self.id, pin=pin)
        assert answer.status_code == 200, answer.text


class Household:
    """Ana is the admin and has a PIN, Ben has one, Cleo and Dan walk in freely."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.ana, self.ben, self.cleo, self.dan = (
            self._member(name) for name in ("Ana", "Ben", "Cleo", "Dan")
        )
        with app.app_context(), db.transaction(conn := db.get_db()):
            users.set_admin(conn, self.ana.id, True)
        self.everyone = [self.ana, self.ben, self.cleo, self.dan]
        for person in self.everyone:
            person.sign_in(PINS.get(person.name, ""))
        self.stranger = Person(app)

    def nominate(self, *tmdb_ids: int) -> list[int]:
        """One film each, in the order of the cast; answers the nominations' ids."""
        for person, tmdb_id in zip(self.everyone, tmdb_ids, strict=False):
            answer = person.send("/nominations", tmdb_id=tmdb_id)
            assert answer.status_code == 200, answer.text
        by_film = {card["tmdb_id"]: card["id"] for card in self.ana.state()["nominations"]}
        return [by_film[tmdb_id] for tmdb_id in tmdb_ids]

    def _member(self, name: str) -> Person:
        with self.app.app_context(), db.transaction(conn := db.get_db()):
            member_id = users.add(conn, name, "🎬", instants.now())
            if pin := PINS.get(name):
                hashed = pins.hash_pin(pin, self.app.config["PIN_PEPPER"], CHEAP)
                users.set_pin(conn, member_id, hashed)
        return Person(self.app, name, member_id)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(TUESDAY_NOON)
    monkeypatch.setattr(instants, "now", lambda: clock.now)
    return clock


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ready") / "movie-night.db"
    conn = db.connect(path)
    db.migrate(conn)
    conn.close()
    return path


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates compiled once a run instead of once a test."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(
    tmp_path: Path,
    empty_database: Path,
    compiled: FileSystemBytecodeCache,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Flask]:
    for name in ("PUBLIC_URL", "TRUST_PROXY", "TZ", "SECRET_KEY", "TRAKT_ENCRYPTION_KEY"):
        monkeypatch.delenv(name, raising=False)
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    shutil.copy(empty_database, data_dir / "movie-night.db")
    app = create_app({"DATA_DIR": data_dir, "PIN_COST": CHEAP})
    app.jinja_env.bytecode_cache = compiled
    yield app
    db.close_db(app)


@pytest.fixture
def household(app: Flask) -> Household:
    return Household(app)
