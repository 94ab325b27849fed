"""`flask doctor` on the healthy and the ill."""

from pathlib import Path

import pytest
from flask import Flask

import db
from db import backup, health, settings
from db.migrations import LATEST
from tests.conftest import Household
from utils.locks import server_lock


def doctor(app: Flask) -> tuple[int, list[str]]:
    db.close_db(app)
    result = app.test_cli_runner().invoke(args=["doctor"])
    return result.exit_code, result.output.splitlines()


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def problems(lines: list[str]) -> list[str]:
    return [line.removeprefix("problem").strip() for line in lines if line.startswith("problem")]


def test_a_healthy_household_has_no_problem(app: Flask, household: Household) -> None:
    household.ana.send(f"/admin/members/{household.dan.id}/retire")
    status, lines = doctor(app)
    assert status == 0
    assert problems(lines) == []
    report = "\n".join(lines)
    assert "ok       journal: write-ahead" in report
    assert "ok       integrity and foreign keys: sound" in report
    assert "members 3, admins 1, weeks 1, votes 0" in report
    assert "time zone: UTC" in report
    assert "server: not running" in report


def test_it_changes_nothing(app: Flask, household: Household) -> None:
    db.close_db(app)
    before = content(app.config["DATA_DIR"])
    doctor(app)
    assert content(app.config["DATA_DIR"]) == before


def test_an_engine_without_strict_tables_is_a_problem(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "OLDEST_ENGINE", (99, 0))
    assert problems(doctor(app)[1])[0].startswith("engine: SQLite")


def test_it_leaves_a_wal_to_the_server(app: Flask, household: Household) -> None:
    household.ana.send(f"/admin/members/{household.dan.id}/retire")
    wal = Path(f"{app.config['DATABASE']}-wal")
    left = wal.read_bytes()
    db.close_db(app)
    wal.write_bytes(left)
    before = content(app.config["DATA_DIR"])
    doctor(app)
    assert content(app.config["DATA_DIR"]).items() >= before.items()


def test_it_looks_at_a_database_in_use(app: Flask, household: Household) -> None:
    conn = db.connect(app.config["DATABASE"])
    conn.execute("BEGIN IMMEDIATE")
    conn.execute("UPDATE users SET icon = 'x'")
    with server_lock(app.config["DATA_DIR"]):
        status, lines = doctor(app)
    conn.execute("ROLLBACK")
    conn.close()
    assert status == 0, lines
    assert "ok       server: running" in lines


def test_no_secret_is_shown(
    app: Flask, household: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMDB_API_KEY", "sesame")
    _, lines = doctor(app)
    report = "\n".join(lines)
    assert "TMDB_API_KEY: set" in report
    assert "SECRET_KEY: not set" in report
    assert "sesame" not in report
    for name in ("secret-key", "token-key", "pin-pepper"):
        assert (app.config["DATA_DIR"] / name).read_text().strip() not in report


@pytest.mark.parametrize("image", [b"scratched" * 5000, b"", b"SQLite format 3\0"])
def test_a_damaged_database_is_a_problem(app: Flask, image: bytes) -> None:
    db.close_db(app)
    app.config["DATABASE"].write_bytes(image)
    status, lines = doctor(app)
    assert status == 1
    assert problems(lines)[0].startswith("database: ")


def test_a_damaged_page_is_a_problem(app: Flask, household: Household) -> None:
    db.close_db(app)
    image = bytearray(app.config["DATABASE"].read_bytes())
    image[8192:12288] = bytes(4096)
    app.config["DATABASE"].write_bytes(image)
    assert doctor(app)[0] == 1


def test_a_row_that_points_at_nothing_is_a_problem(app: Flask, household: Household) -> None:
    conn = db.connect(app.config["DATABASE"])
    conn.execute("PRAGMA foreign_keys = OFF")
    conn.execute("UPDATE sessions SET user_id = 77")
    conn.close()
    status, lines = doctor(app)
    assert status == 1
    assert "points at nothing in users" in problems(lines)[0]


def test_a_missing_database_is_no_problem_yet(app: Flask) -> None:
    db.close_db(app)
    app.config["DATABASE"].unlink()
    status, lines = doctor(app)
    assert status == 0
    assert "warning  database: none yet; flask serve makes it" in lines
    assert not app.config["DATABASE"].exists()


def test_a_newer_database_is_a_problem(app: Flask, household: Household) -> None:
    conn = db.connect(app.config["DATABASE"])
    conn.execute(f"PRAGMA user_version = {LATEST + 1}")
    conn.close()
    status, lines = doctor(app)
    assert status == 1
    assert f"version {LATEST + 1}" in problems(lines)[0]


def test_what_is_odd_and_does_no_harm_is_a_warning(app: Flask, household: Household) -> None:
    with app.app_context(), db.transaction(conn := db.get_db()):
        conn.execute("UPDATE users SET is_admin = 0, retired_at = created_at WHERE name = 'Ana'")
        settings.put(conn, "zone", "Mars/Olympus")
    with app.app_context():
        conn.execute(f"PRAGMA user_version = {LATEST - 1}")
    status, lines = doctor(app)
    assert status == 0, lines
    assert "warning  household: members 3, admins 0, weeks 0, votes 0" in lines
    assert "warning  time zone: Mars/Olympus is unknown here" in lines
    assert f"warning  schema: version {LATEST - 1}, this program knows {LATEST}" in lines


@pytest.mark.parametrize(
    ("free", "level"),
    [
        (200_000_001, "ok"),
        (200_000_000, "warning"),
        (20_000_000, "warning"),
        (19_999_999, "problem"),
    ],
)
def test_a_disk_that_fills_is_told_in_time(
    app: Flask, monkeypatch: pytest.MonkeyPatch, free: int, level: str
) -> None:
    monkeypatch.setattr(backup, "free_bytes", lambda _folder: free)
    _, lines = doctor(app)
    assert f"{level:<8} disk: {free // 1_000_000} MB free" in lines


def test_it_tells_what_comes_from_the_environment(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "sesame")
    monkeypatch.setenv("TRAKT_CLIENT_SECRET_FILE", "/run/secrets/trakt")
    app.config["SCHEDULER"] = False
    (app.config["DATA_DIR"] / "secret-key").unlink()
    status, lines = doctor(app)
    assert status == 0, lines
    assert "ok       key secret-key: from the environment" in lines
    assert "ok       TRAKT_CLIENT_SECRET: set" in lines
    assert "ok       SCHEDULER: off" in lines


def test_a_household_that_never_chose_its_zone_has_that_of_the_environment(
    app: Flask, household: Household
) -> None:
    app.config["FIRST_ZONE"] = "Europe/Vienna"
    assert "ok       time zone: Europe/Vienna" in doctor(app)[1]


def test_a_folder_that_is_missing_is_no_problem_of_its_own(app: Flask) -> None:
    nowhere = app.config["DATA_DIR"] / "nowhere"
    app.config.update(DATA_DIR=nowhere, DATABASE=nowhere / "movie-night.db")
    _, lines = doctor(app)
    assert f"warning  data folder: {nowhere} is not there yet" in lines


@pytest.mark.parametrize("name", ["movie-night.db", "secret-key", "token-key", "pin-pepper"])
def test_an_open_file_is_a_warning(app: Flask, household: Household, name: str) -> None:
    (app.config["DATA_DIR"] / name).chmod(0o644)
    _, lines = doctor(app)
    assert any("others may read it (644)" in line for line in lines if "warning" in line)


def test_a_missing_key_is_a_problem(app: Flask, household: Household) -> None:
    (app.config["DATA_DIR"] / "pin-pepper").unlink()
    status, lines = doctor(app)
    assert status == 1
    assert problems(lines) == ["key pin-pepper: missing"]
