"""`flask serve` as a process."""

import signal
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import requests
from flask import Flask

import db
from cli import serve as serve_command
from db import users
from tests.cli.conftest import Browser, Server
from tests.conftest import Household
from utils import instants, pins

Serve = Callable[..., Server]


def member(app: Flask, name: str, pin: str = "") -> int:
    with app.app_context(), db.transaction(conn := db.get_db()):
        user_id = users.add(conn, name, "🎬", instants.now())
        if pin:
            users.set_pin(conn, user_id, pins.hash_pin(pin, app.config["PIN_PEPPER"], 2))
        return user_id


def addresses(app: Flask) -> list[str]:
    with app.app_context():
        return [row[0] for row in db.get_db().execute("SELECT address FROM audit_log")]


def threads(server: Server) -> int:
    return len(list(Path(f"/proc/{server.pid}/task").iterdir()))


def test_a_second_server_on_the_folder_or_the_port_is_refused(serve: Serve, tmp_path: Path) -> None:
    first = serve()
    second = Server(first.data_dir).refused()
    assert f"in use by another server (process {first.pid})" in second
    elsewhere = Server(tmp_path / "other", PORT=str(first.port)).refused()
    assert f"port {first.port} cannot be used" in elsewhere


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_quickly_and_leaves_one_whole_file(
    serve: Serve, how: signal.Signals
) -> None:
    server, began = serve(), time.monotonic()
    with Browser(server.url) as idle:
        idle.get("/healthz")  # a connection that stays open
        began = time.monotonic()
        assert server.end(how) == 0
        with pytest.raises(requests.ConnectionError):
            idle.get("/healthz")
    assert time.monotonic() - began < 3
    assert not (server.data_dir / "movie-night.db-wal").exists()


def test_a_request_under_way_is_answered_before_the_end(serve: Serve, app: Flask) -> None:
    cleo = member(app, "Cleo")
    server = serve()
    answers: list[int] = []
    with Browser(server.url) as browser:
        browser.read_token()
        asking = threading.Thread(
            target=lambda: answers.append(browser.post("/who", member_id=cleo).status_code)
        )
        writer = db.connect(app.config["DATABASE"])
        with db.transaction(writer):  # the sign-in has to wait for this
            asking.start()
            time.sleep(0.2)
            assert server.process
            server.process.send(signal.SIGTERM)
            time.sleep(1.2)  # longer than the end takes when nobody asks for anything
            assert server.process.status is None
        asking.join()
        writer.close()
    assert answers == [200]
    assert server.process.wait(5) == 0
    server.process = None


def test_each_start_prints_a_new_link_that_makes_one_admin_until_there_is_one(
    serve: Serve,
) -> None:
    server = serve()
    first = server.setup_code()
    server.end()
    server.start()
    assert server.setup_code() != first
    fields = {"code": server.setup_code(), "name": "Ana", "icon": "🎬", "pin": "4821"}
    with Browser(server.url) as ana, Browser(server.url) as other:
        assert ana.post("/setup", **{**fields, "code": first}).status_code == 403
        assert ana.post("/setup", **fields).status_code == 200
        assert other.post("/setup", **{**fields, "name": "Ben"}).status_code == 409
    server.end()
    server.start()
    assert "/setup" not in server.printed


@pytest.mark.parametrize(("hops", "address"), [("0", "127.0.0.1"), ("1", "203.0.113.9")])
def test_forwarded_headers_count_only_behind_a_trusted_proxy(
    serve: Serve, app: Flask, hops: str, address: str
) -> None:
    cleo = member(app, "Cleo")
    server = serve(TRUST_PROXY=hops)
    with Browser(server.url, **{"X-Forwarded-For": "198.51.100.7, 203.0.113.9"}) as browser:
        assert browser.sign_in(cleo).status_code == 200
    assert addresses(app) == [address]


def test_timed_jobs_run_unless_switched_off(serve: Serve) -> None:
    off = serve(SCHEDULER="off")
    without = threads(off)
    off.end()
    assert threads(serve(SCHEDULER="on")) > without


def test_the_first_zone_comes_from_the_environment_and_stays(serve: Serve, app: Flask) -> None:
    serve(TZ="Europe/Prague").end()
    serve(TZ="Asia/Tokyo").end()
    with app.app_context():
        (zone,) = db.get_db().execute("SELECT value FROM settings WHERE name = 'zone'").fetchone()
    assert zone == "Europe/Prague"


def test_a_start_gives_the_public_link_warns_of_an_unknown_zone_and_names_no_server(
    serve: Serve,
) -> None:
    server = serve(PUBLIC_URL="https://film.example/", TZ="Mars/Phobos")
    assert "\nhttps://film.example/setup?code=" in server.printed
    assert "Mars/Phobos" in server.printed
    with Browser(server.url) as browser:
        assert "Server" not in browser.get("/healthz").headers


@pytest.mark.parametrize(
    ("settings", "first"),
    [
        ({"HOST": "0.0.0.0"}, "http://localhost:3000"),  # noqa: S104
        ({"HOST": "::1"}, "http://[::1]:3000"),
        ({"HOST": "::", "PUBLIC_URL": "https://film.example"}, "https://film.example"),
    ],
)
def test_it_says_where_it_can_be_reached(
    app: Flask, household: Household, settings: dict[str, str], first: str
) -> None:
    app.config.update(settings)
    said, *more = serve_command.greeting(app)
    assert said == f"Movie Night is on {first}"
    assert not any("127." in line or "setup" in line for line in more)
    assert not (more and app.config["PUBLIC_URL"])


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"PORT": "seventy"}, "PORT must be a whole number"),
        ({"TRAKT_ENCRYPTION_KEY": "short"}, "must be 32 bytes"),
        ({"DATA_DIR": "/dev/null/data"}, "Not a directory"),
    ],
)
def test_a_wrong_setting_is_a_sentence(
    settings: dict[str, str], sentence: str, tmp_path: Path
) -> None:
    assert sentence in Server(tmp_path / "data", **settings).refused()


@pytest.mark.parametrize("damage", ["junk", "cut", "a page"])
def test_a_damaged_database_is_a_sentence(app: Flask, damage: str) -> None:
    path = app.config["DATABASE"]
    whole = path.read_bytes()
    with closing(sqlite3.connect(path)) as conn:
        (page,) = conn.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'hidden'"
        ).fetchone()
    scratched = bytearray(whole)
    scratched[(page - 1) * 4096 : page * 4096] = b"x" * 4096
    broken = {
        "junk": b"not a database" * 99,
        "cut": whole[:9000],
        "a page": scratched,
    }
    path.write_bytes(broken[damage])
    assert "The database cannot be used" in Server(app.config["DATA_DIR"]).refused()


def test_a_damaged_page_that_nobody_has_read_yet_is_noticed_at_the_start(app: Flask) -> None:
    image = bytearray(app.config["DATABASE"].read_bytes())
    image[8192:12288] = bytes(4096)
    app.config["DATABASE"].write_bytes(image)
    with pytest.raises(db.DatabaseError):
        serve_command.open_household(app)


def test_an_empty_file_becomes_the_database(app: Flask) -> None:
    app.config["DATABASE"].write_bytes(b"")
    serve_command.open_household(app)
    with app.app_context():
        assert users.is_empty(db.get_db())


def test_a_newer_database_is_left_alone(app: Flask) -> None:
    conn = db.connect(app.config["DATABASE"])
    conn.execute("PRAGMA user_version = 999")
    conn.close()
    assert "version 999" in Server(app.config["DATA_DIR"]).refused()
