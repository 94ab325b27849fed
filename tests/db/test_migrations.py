"""A database file comes to today's shape step by step, or stays as it was."""

import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

import db
from db import Connection, migrations


@pytest.fixture
def two_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """A future in which two more versions have shipped."""
    first = "CREATE TABLE a (x TEXT) STRICT; INSERT INTO a (x) VALUES ('kept');"
    second = "ALTER TABLE a ADD COLUMN y TEXT; CREATE INDEX a_y ON a (y);"
    monkeypatch.setattr(migrations, "STEPS", {**migrations.STEPS, 101: first, 102: second})
    monkeypatch.setattr(migrations, "LATEST", 102)


def test_a_new_file_gets_the_schema_at_once(tmp_path: Path) -> None:
    conn = db.connect(tmp_path / "new.db")
    assert migrations.migrate(conn) == [migrations.LATEST]
    assert migrations.migrate(conn) == []
    assert migrations.version(conn) == migrations.LATEST
    conn.close()


def test_an_older_file_takes_each_step_it_lacks(conn: Connection, two_steps: None) -> None:
    conn.execute("PRAGMA user_version = 100")
    assert migrations.migrate(conn) == [101, 102]
    assert conn.execute("SELECT x, y FROM a").fetchone()[:] == ("kept", None)


def test_a_step_that_fails_in_the_middle_leaves_the_version_before_it(
    conn: Connection, two_steps: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(
        migrations.STEPS, 102, "CREATE TABLE b (x); INSERT INTO nowhere VALUES (1);"
    )
    conn.execute("PRAGMA user_version = 100")
    with pytest.raises(sqlite3.OperationalError):
        migrations.migrate(conn)
    assert migrations.version(conn) == 101
    tables = {row[0] for row in conn.execute("SELECT name FROM sqlite_master")}
    assert "a" in tables
    assert "b" not in tables


def test_a_migration_that_is_killed_at_any_statement_is_taken_up_again(
    conn: Connection, two_steps: None, tmp_path: Path
) -> None:
    copies: list[Path] = []

    def copy(_statement: str) -> None:
        copies.append(tmp_path / f"{len(copies)}.db")
        for suffix in ("", "-wal"):
            shutil.copy(tmp_path / f"movie-night.db{suffix}", f"{copies[-1]}{suffix}")

    conn.execute("PRAGMA user_version = 100")
    conn.set_trace_callback(copy)
    migrations.migrate(conn)
    conn.set_trace_callback(None)
    assert len(copies) >= 10
    for path in copies:
        with closing(db.connect(path)) as killed:
            migrations.migrate(killed)
            assert killed.execute("SELECT x, y FROM a").fetchall()[0][:] == ("kept", None)


def test_a_step_that_somebody_else_was_faster_with_is_not_taken_again(
    conn: Connection, two_steps: None, tmp_path: Path
) -> None:
    conn.execute("PRAGMA user_version = 100")
    with closing(db.connect(tmp_path / "movie-night.db")) as other:

        def be_faster(statement: str) -> None:
            if statement.startswith("BEGIN") and migrations.version(other) == 100:
                migrations.migrate(other)

        conn.set_trace_callback(be_faster)
        assert migrations.migrate(conn) == []
        conn.set_trace_callback(None)


def test_a_file_of_a_newer_program_is_refused_untouched(conn: Connection) -> None:
    conn.execute(f"PRAGMA user_version = {migrations.LATEST + 1}")
    with pytest.raises(migrations.TooNew):
        migrations.migrate(conn)
    assert migrations.version(conn) == migrations.LATEST + 1


def test_a_trigger_is_one_statement() -> None:
    script = "CREATE TRIGGER t AFTER INSERT ON a\nBEGIN UPDATE a SET x = 1; END;\nSELECT 1;\n"
    assert [one.split()[0] for one in migrations.statements(script)] == ["CREATE", "SELECT"]


def test_the_steps_from_the_first_version_lead_to_the_schema(
    conn: Connection, tmp_path: Path
) -> None:
    old = db.connect(tmp_path / "old.db")
    old.executescript(Path(__file__).with_name("schema_v1.sql").read_text("utf-8"))
    old.execute("PRAGMA user_version = 1")
    assert migrations.migrate(old) == list(range(2, migrations.LATEST + 1))
    assert shape(old) == shape(conn)
    old.close()


def shape(conn: Connection) -> dict[str, object]:
    """Tables by their columns, keys and indexes; triggers by their text."""
    found: dict[str, object] = {}
    for kind, name, sql in conn.execute("SELECT type, name, sql FROM sqlite_master").fetchall():
        found[f"{kind} {name}"] = " ".join(sql.split()) if kind != "table" and sql else None
        if kind == "table":
            for pragma in ("table_xinfo", "foreign_key_list", "index_list"):
                rows = conn.execute(f"PRAGMA {pragma}({name})").fetchall()
                found[f"{pragma} {name}"] = sorted(tuple(row)[1:] for row in rows)
            found[f"checks {name}"] = sorted(re.findall(r"CHECK \((?:[^()]|\([^()]*\))*\)", sql))
    return found
