"""One way to a connection, and transactions that are whole or nothing."""

import sqlite3
import stat
import threading
from pathlib import Path

import pytest
from flask import Flask

import db
from db import Connection, migrations, transaction
from tests.conftest import Household


def test_every_connection_waits_syncs_fully_and_checks_foreign_keys(conn: Connection) -> None:
    pragmas = {
        name: conn.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    }
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 5000,
    }


def test_a_new_file_is_for_its_owner_only(tmp_path: Path) -> None:
    conn = db.connect(tmp_path / "new.db")
    conn.execute("CREATE TABLE t (x)")
    for path in tmp_path.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    conn.close()


def test_a_failed_block_leaves_nothing(conn: Connection) -> None:
    with pytest.raises(RuntimeError), transaction(conn):  # noqa: PT012
        conn.execute("INSERT INTO settings (name, value) VALUES ('zone', 'UTC')")
        raise RuntimeError
    assert conn.execute("SELECT count(*) FROM settings").fetchone()[0] == 0
    assert not conn.in_transaction


def test_only_a_transaction_that_need_not_last_spares_the_disk(conn: Connection) -> None:
    def waits() -> bool:
        return bool(conn.execute("PRAGMA synchronous").fetchone()[0] == 2)

    with transaction(conn, lasts=False):
        assert not waits()
    assert waits()
    with pytest.raises(RuntimeError), transaction(conn, lasts=False):
        raise RuntimeError
    assert waits()
    with transaction(conn):
        assert waits()


def test_two_writers_take_turns(conn: Connection, tmp_path: Path) -> None:
    """BEGIN IMMEDIATE: nobody reads a value, waits, and then writes over a newer one."""

    def add_one(times: int) -> None:
        own = db.connect(tmp_path / "movie-night.db")
        for _ in range(times):
            with transaction(own):
                (before,) = own.execute("SELECT version FROM state").fetchone()
                own.execute("UPDATE state SET version = ?", (before + 1,))
        own.close()

    (start,) = conn.execute("SELECT version FROM state").fetchone()
    threads = [threading.Thread(target=add_one, args=(20,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert conn.execute("SELECT version FROM state").fetchone()[0] == start + 80


def test_a_transaction_has_the_pen_from_its_start(conn: Connection, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "movie-night.db", timeout=0, isolation_level=None)
    with transaction(conn), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    other.close()


def test_an_older_file_is_brought_to_today_when_the_app_opens_it(app: Flask) -> None:
    app.config["DATABASE"].unlink()
    old = db.connect(app.config["DATABASE"])
    old.executescript(Path(__file__).with_name("schema_v1.sql").read_text("utf-8"))
    old.execute("PRAGMA user_version = 1")
    old.close()
    with app.app_context():
        assert migrations.version(db.get_db()) == migrations.LATEST


def test_a_thread_keeps_its_connection_and_shares_it_with_nobody(app: Flask) -> None:
    with app.app_context():
        mine = db.get_db()
    with app.app_context():
        assert db.get_db() is mine
    others: list[Connection] = []

    def open_one() -> None:
        with app.app_context():
            others.append(db.get_db())
            db.close_db(app)

    thread = threading.Thread(target=open_one)
    thread.start()
    thread.join()
    assert others[0] is not mine


def test_a_database_that_was_moved_away_is_not_made_anew(app: Flask, household: Household) -> None:
    with app.app_context():
        db.get_db()
    app.config["DATABASE"].rename(app.config["DATABASE"].with_name("moved.db"))
    household.ben.client.get("/")
    assert not app.config["DATABASE"].exists()


def test_what_a_request_left_open_is_rolled_back(app: Flask) -> None:
    with app.app_context():
        conn = db.get_db()
        conn.execute("BEGIN IMMEDIATE")
        conn.execute("INSERT INTO settings (name, value) VALUES ('zone', 'UTC')")
    assert not conn.in_transaction
    assert conn.execute("SELECT count(*) FROM settings").fetchone()[0] == 0


def test_a_damaged_file_is_an_error_and_not_an_empty_household(tmp_path: Path) -> None:
    path = tmp_path / "broken.db"
    path.write_bytes(b"this is no database, " * 100)
    with pytest.raises(sqlite3.DatabaseError):
        db.connect(path)


def test_a_writer_waits_for_another_of_its_process_without_asking_sqlite(tmp_path: Path) -> None:
    path, is_ready = tmp_path / "shared.db", threading.Event()
    first = db.connect(path)
    first.execute("CREATE TABLE t (x)")

    def write() -> None:
        second = db.connect(path)
        second.execute("PRAGMA busy_timeout = 0")  # SQLite would refuse it at once
        is_ready.set()
        with transaction(second):
            second.execute("INSERT INTO t VALUES (2)")
        second.close()

    writer = threading.Thread(target=write)
    with transaction(first):
        writer.start()
        assert is_ready.wait(5)
        first.execute("INSERT INTO t VALUES (1)")
        writer.join(0.2)
        assert writer.is_alive()
    writer.join(5)
    assert [row[0] for row in first.execute("SELECT x FROM t")] == [1, 2]
    first.close()
