"""Shared fixtures: a fixed cast and a frozen clock, Tuesday noon in the nomination phase."""

import gc
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import CodeType
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Map
from werkzeug.test import TestResponse

import db
from app import create_app
from db import backup, users
from services import sync_queue
from utils import instants, keys, pins

TUESDAY_NOON = datetime(2026, 11, 17, 12, tzinfo=UTC)  # in 2026-W47
CHEAP = 2  # scrypt's cost in tests
PINS = {"Ana": "4821", "Ben": "7306"}
COOKIE = "movie_night"
MEMORY, ENOUGH = Path("/dev/shm"), 2 * 1024**3  # noqa: S108 - pytest makes a folder of its own
ROOT = Path(__file__).resolve().parent.parent
CAST = ("Ana", "Ben", "Cleo", "Dan")


class Clock:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def forward(self, **step: float) -> None:
        self.now += timedelta(**step)

    def to(self, weekday: int, hour: int = 12) -> None:
        """Move to a day of 2026-W47; Monday is 0."""
        self.now = datetime(2026, 11, 16, hour, tzinfo=UTC) + timedelta(days=weekday)


class Person:
    """A member with their own browser session."""

    def __init__(self, app: Flask, name: str = "", member_id: int = 0) -> None:
        self.client: FlaskClient = app.test_client()
        self.name = name
        self.id = member_id
        self._token = ("", "")  # the session's cookie, and the CSRF token that goes with it

    def page(self, url: str) -> str:
        """GET a page that must exist and return its HTML."""
        answer = self.client.get(url)
        assert answer.status_code == 200, (url, answer.status_code)
        return answer.text

    def ask(self, url: str, **extra: Any) -> TestResponse:
        """GET JSON."""
        return self.client.get(url, headers={"Accept": "application/json"}, **extra)

    def state(self) -> dict[str, Any]:
        body: dict[str, Any] = self.ask("/api/state").get_json()
        return body

    @property
    def token(self) -> str:
        """The CSRF token that every page carries; asked for anew when the session changed."""
        if not self.cookie or self._token[0] != self.cookie:
            page = self.client.get("/who").text
            match = re.search(r'name="csrf-token" content="([^"]+)"', page)
            assert match
            self._token = (self.cookie, match[1])
        return self._token[1]

    @property
    def cookie(self) -> str:
        cookie = self.client.get_cookie(COOKIE)
        return cookie.value if cookie else ""

    @property
    def session(self) -> tuple[str, str]:
        """What `resume()` makes the same session of, on another app with the same keys."""
        token = self.token
        return self.cookie, token

    def resume(self, session: tuple[str, str]) -> None:
        self.client.set_cookie(COOKIE, session[0])
        self._token = session

    def send(self, url: str, **fields: Any) -> TestResponse:
        """POST JSON and get JSON."""
        headers = {"Accept": "application/json", "X-CSRFToken": self.token}
        return self.client.post(url, json=fields, headers=headers)

    def submit(self, url: str, **fields: Any) -> TestResponse:
        """POST a form."""
        return self.client.post(url, data={"csrf_token": self.token, **fields})

    def sign_in(self, pin: str = "") -> None:
        answer = self.send("/who", member_id=self.id, pin=pin)
        assert answer.status_code == 200, answer.text


class Household:
    """Ana is the admin and has a PIN, Ben has one, Cleo and Dan walk in freely."""

    def __init__(self, app: Flask, everyone: list[Person]) -> None:
        self.app = app
        self.everyone = everyone
        self.ana, self.ben, self.cleo, self.dan = everyone
        self.stranger = Person(app)

    @classmethod
    def gather(cls, app: Flask) -> "Household":
        """Add the cast to an empty database and sign them in."""
        household = cls(app, [_member(app, name) for name in CAST])
        with app.app_context(), db.transaction(conn := db.get_db()):
            users.set_admin(conn, household.ana.id, True)
        for person in household.everyone:
            person.sign_in(PINS.get(person.name, ""))
        return household

    def nominate(self, *tmdb_ids: int) -> list[int]:
        """One film each, in the order of the cast; return the nominations' ids."""
        for person, tmdb_id in zip(self.everyone, tmdb_ids, strict=False):
            answer = person.send("/nominations", tmdb_id=tmdb_id)
            assert answer.status_code == 200, answer.text
        by_film = {card["tmdb_id"]: card["id"] for card in self.ana.state()["nominations"]}
        return [by_film[tmdb_id] for tmdb_id in tmdb_ids]


def _member(app: Flask, name: str) -> Person:
    with app.app_context(), db.transaction(conn := db.get_db()):
        member_id = users.add(conn, name, "🎬", instants.now())
        if pin := PINS.get(name):
            users.set_pin(conn, member_id, pins.hash_pin(pin, app.config["PIN_PEPPER"], CHEAP))
    return Person(app, name, member_id)


@dataclass(frozen=True)
class Gathered:
    """A household as it was gathered once, for every test to begin with."""

    folder: Path
    people: list[tuple[str, int, tuple[str, str]]]

    def at(self, app: Flask) -> Household:
        db.close_db(app)
        shutil.copy(self.folder / "movie-night.db", app.config["DATABASE"])
        everyone = []
        for name, member_id, session in self.people:
            everyone.append(Person(app, name, member_id))
            everyone[-1].resume(session)
        return Household(app, everyone)


def pytest_configure() -> None:
    """Where memory is plenty, thousands of databases need not wait for a disk."""
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_collection_finish() -> None:
    """What is there now stays to the end: nobody need look whether it is garbage."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(TUESDAY_NOON)
    monkeypatch.setattr(instants, "now", lambda: clock.now)
    return clock


@pytest.fixture(scope="session")
def empty_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with an empty database and the keys that all tests share."""
    folder = tmp_path_factory.mktemp("ready")
    conn = db.connect(folder / "movie-night.db")
    db.migrate(conn)
    conn.close()
    for name in backup.KEYS:
        keys.load_or_make(folder / name)
    return folder


@pytest.fixture(scope="session")
def gathered(empty_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Gathered:
    folder = tmp_path_factory.mktemp("gathered") / "data"
    shutil.copytree(empty_folder, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(instants, "now", lambda: TUESDAY_NOON)
        clear_environment(patch)
        app = create_app({"DATA_DIR": folder, "PIN_COST": CHEAP})
        household = Household.gather(app)
        people = [(person.name, person.id, person.session) for person in household.everyone]
        db.close_db(app)
    return Gathered(folder, people)


@pytest.fixture(scope="session", autouse=True)
def one_map() -> Iterator[None]:
    """Every app has the URL map of the run's first: for a new app that is most of what it costs."""
    add = Flask.add_url_rule
    maps: dict[tuple[str, str | None], Map] = {}

    def once(
        app: Flask, rule: str, endpoint: str | None = None, view_func: Any = None, **options: Any
    ) -> None:
        if shared := maps.get((rule, endpoint)):
            app.url_map = shared
            app.view_functions[str(endpoint)] = view_func
        else:
            add(app, rule, endpoint, view_func, **options)
            maps[rule, endpoint] = app.url_map

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "add_url_rule", once)
        yield


class Compiled(BytecodeCache):
    """Templates compiled once a run instead of once a test."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code
        self._codes[bucket.key, bucket.checksum] = bucket.code


@pytest.fixture(scope="session")
def compiled() -> Compiled:
    return Compiled()


@pytest.fixture
def app(
    tmp_path: Path,
    empty_folder: Path,
    compiled: Compiled,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Flask]:
    clear_environment(monkeypatch)
    data_dir = tmp_path / "data"
    shutil.copytree(empty_folder, data_dir)
    app = create_app({"DATA_DIR": data_dir, "PIN_COST": CHEAP})
    app.jinja_env.bytecode_cache = compiled
    yield app
    assert sync_queue.executor(app).wait(20)  # before their Trakt and their database are gone
    db.close_db(app)


@pytest.fixture
def household(app: Flask, gathered: Gathered) -> Household:
    return gathered.at(app)


def clear_environment(patch: pytest.MonkeyPatch) -> None:
    for name in ("PUBLIC_URL", "TRUST_PROXY", "TZ", "SECRET_KEY", "TRAKT_ENCRYPTION_KEY"):
        patch.delenv(name, raising=False)
