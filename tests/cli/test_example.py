"""The example household: reproducible, lived like a real one, and served as a demo of today."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask

import db
from app import create_app
from cli import serve
from db import health, migrations
from services.example_household import CAST
from tests.cli.conftest import Browser, free_port
from tests.cli.forked import HOUSE
from tests.conftest import CHEAP, Clock, Person
from utils import pins
from utils.instants import to_text

README = (HOUSE / "README.md").read_text("utf-8")
UNSEEN = 910_000_001  # a film that the example does not know
COMMITTED = HOUSE / "movie-night.db.example"


def rows(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table; a PIN's hash has a fresh salt, so only that there is one counts."""
    with closing(health.open_read_only(path)) as conn:
        tables = [
            name for (name,) in conn.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        ]
        found = {
            name: [tuple(row) for row in conn.execute(f"SELECT * FROM {name}")] for name in tables
        }
        columns = [row["name"] for row in conn.execute("PRAGMA table_info(users)")]
    where = columns.index("pin")
    found["users"] = [(*row[:where], bool(row[where]), *row[where + 1 :]) for row in found["users"]]
    return found


def test_the_committed_example_is_what_the_command_writes(app: Flask, tmp_path: Path) -> None:
    """When this fails: rm movie-night.db.example && flask example-db movie-night.db.example"""
    file = tmp_path / "new.db"
    result = app.test_cli_runner().invoke(args=["example-db", str(file)])
    assert result.exit_code == 0, result.output
    with closing(health.open_read_only(COMMITTED)) as conn:
        assert migrations.version(conn) == migrations.LATEST
        assert health.integrity_faults(conn) == []
    assert rows(COMMITTED) == rows(file)
    assert COMMITTED.stat().st_size < 300_000
    assert file.stat().st_size < 300_000
    assert not list(tmp_path.glob("new.db-*"))


def test_a_file_that_is_there_is_not_written_over(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "ours.db"
    file.write_text("precious")
    result = app.test_cli_runner().invoke(args=["example-db", str(file)])
    assert (result.exit_code, file.read_text()) == (1, "precious")
    assert "is there already" in result.output


def test_the_example_has_life_in_it() -> None:
    with closing(health.open_read_only(COMMITTED)) as conn:
        rules = {row[0] for row in conn.execute("SELECT first_rule FROM week_history")}
        (skipped,) = conn.execute("SELECT count(skipped_at) FROM weeks").fetchone()
        winners = conn.execute(
            "SELECT count(*) FROM week_history h JOIN nominations n ON n.id = h.first_place_id"
            " GROUP BY n.proposed_by"
        ).fetchall()
        (ratings,) = conn.execute("SELECT count(DISTINCT rating) FROM ratings").fetchone()
        (icons,) = conn.execute("SELECT count(DISTINCT icon) FROM users").fetchone()
    assert rules == {"votes", "seen", "waited", "earlier", "no_votes"}
    assert (skipped, len(winners), icons) == (2, 5, 5)
    assert ratings >= 8


def test_the_documented_pins_are_ones_that_a_member_could_choose() -> None:
    chosen = [person.pin for person in CAST if person.pin]
    assert len(chosen) == 2
    assert not any(pins.is_common(pin) for pin in chosen)
    table = re.findall(r"^\| (\w+) (\S+?),?(?: the admin)? \| (\d+) \|$", README, re.MULTILINE)
    assert table == [(one.name, one.icon, one.pin) for one in CAST if one.pin]


@pytest.fixture
def demo(clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """What `flask demo` serves, in an empty folder and without the serving."""
    monkeypatch.setattr(serve, "run_server", lambda _app: None)
    monkeypatch.setattr(serve, "configure_logging", lambda: None)
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    app = create_app({"DATA_DIR": tmp_path / "demo", "PIN_COST": CHEAP})
    yield app
    db.close_db(app)


def sign_in(app: Flask, member_id: int, pin: str = "") -> Person:
    person = Person(app, member_id=member_id)
    person.sign_in(pin)
    return person


@pytest.mark.parametrize(
    ("hours", "until"),
    [
        *((0, 72), (50, 72), (71, 72), (72, 120), (113, 120), (114, 120)),
        *((120, 144), (143, 144), (150, 162), (160, 162), (7 * 24 - 0.1, 7 * 24 - 2 / 60)),
    ],
)
def test_a_demo_can_be_tried_from_nominating_to_the_couch_whenever_it_is_started(
    demo: Flask, clock: Clock, hours: float, until: float
) -> None:
    """By the household's own days voting opens after 72 hours, and results are due after 114."""
    monday = datetime(2026, 11, 16, tzinfo=UTC) - timedelta(hours=13)  # in Auckland
    clock.now = monday + timedelta(hours=hours)
    result = demo.test_cli_runner().invoke(args=["demo"])
    assert result.exit_code == 0, result.output
    assert "Greta: PIN 7294 (admin)" in result.output
    greta, milo, otto = sign_in(demo, 1, "7294"), sign_in(demo, 2), sign_in(demo, 4)
    assert all(person.name in greta.page("/who") for person in CAST)
    state = milo.state()
    assert (state["week"], state["phase"], len(state["nominations"])) == (
        "2026-W47", "nomination", 4,
    )  # fmt: skip
    assert state["deadline"] == to_text(monday + timedelta(hours=until))
    assert otto.send("/nominations", tmdb_id=UNSEEN).status_code == 200
    (film,) = (one for one in milo.state()["nominations"] if one["nominated_by"] == "Otto")
    assert milo.send(f"/nominations/{film['id']}/vote").status_code == 200
    assert greta.send("/weeks/2026-W47/close").status_code == 200
    assert milo.state()["result"]["first"] == film["id"]
    assert milo.send("/weeks/2026-W47/watched", tmdb_id=UNSEEN, members=["Milo"]).status_code == 200
    greta.page("/history")
    greta.page("/statistics")


def test_a_demo_touches_no_household(demo: Flask, clock: Clock) -> None:
    database = demo.config["DATABASE"]
    database.write_text("ours")
    result = demo.test_cli_runner().invoke(args=["demo"])
    assert result.exit_code == 1
    assert "A demo needs a data folder of its own." in result.output
    assert database.read_text() == "ours"


def test_make_demo_serves_and_leaves_nothing_behind(tmp_path: Path) -> None:
    port = free_port()
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        "TMPDIR": str(tmp_path),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "SCHEDULER": "off",
    }
    words = ["make", "--old-file=.venv/runtime.stamp", "demo"]
    make = subprocess.Popen(
        words, cwd=HOUSE, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        assert phase(f"http://127.0.0.1:{port}", make) == "nomination"
        assert len(list(tmp_path.iterdir())) == 1
    finally:
        os.killpg(make.pid, signal.SIGINT)  # as the terminal does
        printed, _ = make.communicate(timeout=20)
    assert "Milo: no PIN" in printed
    assert list(tmp_path.iterdir()) == []


def phase(url: str, make: subprocess.Popen[str]) -> str:
    deadline = time.monotonic() + 30
    with Browser(url) as browser:
        while True:
            try:
                assert browser.sign_in(2).status_code == 200
                return str(browser.get("/api/state").json()["phase"])
            except requests.ConnectionError:
                assert make.poll() is None, "it has ended"
                assert time.monotonic() < deadline
                time.sleep(0.05)
