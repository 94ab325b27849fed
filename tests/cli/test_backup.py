"""Backups and restoring them."""

import os
import random
import shutil
import signal
import sqlite3
import threading
import time
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

import db
from db import health, migrations, users
from db.backup import KEYS
from tests.cli.forked import HOUSE, Forked, restore_in_turn
from tests.conftest import Household
from utils import instants
from utils.locks import server_lock


def run(app: Flask, *words: str | Path) -> Result:
    db.close_db(app)
    return app.test_cli_runner().invoke(args=[str(word) for word in words])


def names(path: Path) -> list[str]:
    conn = sqlite3.connect(path)
    found = [row[0] for row in conn.execute("SELECT name FROM users ORDER BY id")]
    conn.close()
    return found


def add(app: Flask, name: str) -> None:
    with app.app_context(), db.transaction(conn := db.get_db()):
        users.add(conn, name, "🎬", instants.now())


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_a_backup_is_private_whole_and_named_after_its_moment(
    app: Flask, household: Household
) -> None:
    assert run(app, "backup").exit_code == 0
    backup = app.config["DATA_DIR"] / "backups" / "movie-night-20261117-120000.db"
    assert names(backup) == ["Ana", "Ben", "Cleo", "Dan"]
    assert backup.stat().st_mode & 0o777 == 0o600
    assert backup.parent.stat().st_mode & 0o777 == 0o700
    assert not health.is_write_ahead(backup)
    assert run(app, "backup").exit_code == 0
    second = backup.with_name("movie-night-20261117-120000-2.db")
    assert sorted(backup.parent.iterdir()) == [second, backup]


def test_a_file_that_is_there_is_never_overwritten(app: Flask, tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_text("letters")
    result = run(app, "backup", target)
    assert result.exit_code == 1
    assert "is there already" in result.stderr
    assert target.read_text() == "letters"


def test_a_backup_takes_its_name_once_its_content_is_on_the_disk(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, synced, fsync = tmp_path / "copy.db", [], os.fsync

    def spy(descriptor: int) -> None:
        fsync(descriptor)
        synced.append((os.fstat(descriptor).st_ino, target.exists()))

    monkeypatch.setattr(os, "fsync", spy)
    assert run(app, "backup", target).exit_code == 0
    assert synced == [(target.stat().st_ino, False), (tmp_path.stat().st_ino, True)]


def test_a_damaged_household_is_not_taken_for_a_backup(
    app: Flask, household: Household, tmp_path: Path
) -> None:
    db.close_db(app)
    orphaned(app.config["DATABASE"], app.config["DATABASE"])
    before = list(tmp_path.iterdir())
    for words in (["copy.db"], ["all.zip", "--with-keys"]):
        result = run(app, "backup", tmp_path / words[0], *words[1:])
        assert result.exit_code == 1
        assert "That copy is damaged: sessions" in result.stderr
    assert list(tmp_path.iterdir()) == before


def test_a_folder_that_is_missing_is_a_sentence(app: Flask, tmp_path: Path) -> None:
    result = run(app, "backup", tmp_path / "missing" / "copy.db")
    assert result.exit_code == 1
    assert "No such file or directory" in result.stderr


def test_a_backup_is_whole_while_others_write(app: Flask, tmp_path: Path) -> None:
    done = threading.Event()

    def write() -> None:
        conn = db.connect(app.config["DATABASE"])
        for n in range(100_000):
            if done.is_set():
                break
            with db.transaction(conn):  # two members or none
                users.add(conn, f"a{n}", "🎬", instants.now())
                users.add(conn, f"b{n}", "🎬", instants.now())
        conn.close()

    writer = threading.Thread(target=write)
    writer.start()
    for n in range(3):
        time.sleep(0.05)
        assert run(app, "backup", tmp_path / f"{n}.db").exit_code == 0
    done.set()
    writer.join()
    sizes = [len(names(tmp_path / f"{n}.db")) for n in range(3)]
    assert sizes == sorted(sizes)
    assert all(size % 2 == 0 for size in sizes)
    assert sizes[0] > 0


def test_a_restored_household_is_as_it_was_and_signed_out(
    app: Flask, household: Household, tmp_path: Path
) -> None:
    assert run(app, "backup", tmp_path / "copy.db").exit_code == 0
    (tmp_path / "copy.db").chmod(0o644)
    add(app, "Eva")
    result = run(app, "restore", tmp_path / "copy.db")
    assert result.exit_code == 0, result.output
    assert household.ana.ask("/api/state").status_code == 401
    household.ana.sign_in("4821")
    newest = household.ana.ask("/admin/audit").get_json()["entries"][1]
    assert newest["action"] == "backup_restored"
    assert names(app.config["DATABASE"]) == ["Ana", "Ben", "Cleo", "Dan"]
    assert app.config["DATABASE"].stat().st_mode & 0o777 == 0o600
    (kept,) = (app.config["DATA_DIR"] / "backups").iterdir()
    assert kept.name.startswith("before-restore-")
    assert names(kept)[-1] == "Eva"


def test_a_restore_moves_to_another_machine_with_its_keys(
    app: Flask, household: Household, tmp_path: Path
) -> None:
    data_dir = app.config["DATA_DIR"]
    archive = tmp_path / "all.zip"
    assert run(app, "backup", archive, "--with-keys").exit_code == 0
    assert archive.stat().st_mode & 0o777 == 0o600
    keys = {name: (data_dir / name).read_bytes() for name in KEYS}
    assert zipfile.ZipFile(archive).namelist()[0] == "movie-night.db"
    for name in ("pin-pepper", "token-key"):
        (data_dir / name).write_text("0" * 64)
    (data_dir / "secret-key").unlink()
    assert run(app, "restore", archive).exit_code == 0
    assert {name: (data_dir / name).read_bytes() for name in KEYS} == keys
    assert {(data_dir / name).stat().st_mode & 0o777 for name in KEYS} == {0o600}
    (kept,) = (data_dir / "backups").iterdir()
    assert zipfile.ZipFile(kept).namelist() == ["movie-night.db", "token-key", "pin-pepper"]
    assert zipfile.ZipFile(kept).read("pin-pepper") == b"0" * 64


def test_a_restore_with_the_keys_that_are_here_keeps_only_the_former_database(
    app: Flask, household: Household, tmp_path: Path
) -> None:
    run(app, "backup", tmp_path / "all.zip", "--with-keys")
    assert run(app, "restore", tmp_path / "all.zip").exit_code == 0
    (kept,) = (app.config["DATA_DIR"] / "backups").iterdir()
    assert names(kept) == ["Ana", "Ben", "Cleo", "Dan"]


def test_a_database_that_another_program_has_open_stays_in_place(
    app: Flask, household: Household, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(app, "backup", tmp_path / "copy.db")
    add(app, "Eva")
    db.close_db(app)
    monkeypatch.setattr(db, "BUSY_MS", 0)
    with closing(db.connect(app.config["DATABASE"])) as other:
        other.execute("SELECT count(*) FROM users").fetchone()
        result = run(app, "restore", tmp_path / "copy.db")
        assert (result.exit_code, "locked" in result.stderr) == (1, True)
    assert names(app.config["DATABASE"])[-1] == "Eva"


def test_a_running_server_is_not_pulled_from_under(app: Flask, tmp_path: Path) -> None:
    run(app, "backup", tmp_path / "copy.db")
    with server_lock(app.config["DATA_DIR"]):
        result = run(app, "restore", tmp_path / "copy.db")
    assert result.exit_code == 1
    assert "in use by another server" in result.stderr


def junk(good: Path, broken: Path) -> None:
    broken.write_bytes(random.Random(1).randbytes(9000))


def empty(good: Path, broken: Path) -> None:
    broken.write_bytes(b"")


def cut(good: Path, broken: Path) -> None:
    broken.write_bytes(good.read_bytes()[:50_000])


def scribbled(good: Path, broken: Path) -> None:
    image = bytearray(good.read_bytes())
    image[8192:12288] = bytes(4096)
    broken.write_bytes(image)


def altered(good: Path, broken: Path, script: str) -> None:
    broken.write_bytes(good.read_bytes())
    conn = sqlite3.connect(broken)
    conn.executescript(script)
    conn.close()


def too_new(good: Path, broken: Path) -> None:
    altered(good, broken, f"PRAGMA user_version = {migrations.LATEST + 1}")


def orphaned(good: Path, broken: Path) -> None:
    altered(good, broken, "INSERT INTO sessions VALUES ('x', 77, '2026-01-01T00:00:00.000Z')")


def foreign(good: Path, broken: Path) -> None:
    broken.touch()
    altered(broken, broken, "CREATE TABLE cats (name); PRAGMA user_version = 1")


def strange_zip(good: Path, broken: Path) -> None:
    with zipfile.ZipFile(broken, "w") as archive:
        archive.write(good, "movie-night.db")
        archive.writestr("../escaped", "x")


def wrong_key(good: Path, broken: Path) -> None:
    with zipfile.ZipFile(broken, "w") as archive:
        archive.write(good, "movie-night.db")
        archive.writestr("pin-pepper", "pepper")


def torn_zip(good: Path, broken: Path) -> None:
    with zipfile.ZipFile(broken, "w") as archive:
        archive.write(good, "movie-night.db")
    image = bytearray(broken.read_bytes())
    image[20_000:20_100] = b"\xff" * 100
    broken.write_bytes(image)


def wild_zip(good: Path, broken: Path) -> None:
    """Compressed as no backup is."""
    with zipfile.ZipFile(broken, "w", zipfile.ZIP_LZMA) as archive:
        archive.write(good, "movie-night.db")


def stray_zip(good: Path, broken: Path) -> None:
    with zipfile.ZipFile(broken, "w") as archive:
        archive.write(good, "movie-night.db")
        archive.writestr("escaped", "0" * 64)


def double_zip(good: Path, broken: Path) -> None:
    with zipfile.ZipFile(broken, "w") as archive:
        archive.write(good, "movie-night.db")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.write(good, "movie-night.db")


def long_key(good: Path, broken: Path) -> None:
    with zipfile.ZipFile(broken, "w") as archive:
        archive.write(good, "movie-night.db")
        archive.writestr("pin-pepper", "0" * 64 + "\n" * 1000)


def unreadable_name(good: Path, broken: Path) -> None:
    """Its directory says that the name is UTF-8, which it is not."""
    with zipfile.ZipFile(broken, "w") as archive:
        archive.writestr("é", "x")
    broken.write_bytes(broken.read_bytes().replace("é".encode(), b"\xff\xfe"))


def no_file(good: Path, broken: Path) -> None:
    assert not broken.exists()


# Whole files that no Movie Night has written.
UNSOUND = (
    "PRAGMA user_version = -5",
    "DELETE FROM state",
    "INSERT INTO settings (name, value) VALUES ('voting', 'soon')",
    "INSERT INTO settings (name, value) VALUES ('zone', 'Mars/Phobos')",
    "INSERT INTO settings (name, value) VALUES ('max_votes', '')",
    "DROP TRIGGER votes_added",
    "DROP INDEX votes_week",
    "ALTER TABLE users DROP COLUMN pin_is_common",
    "CREATE TRIGGER t AFTER INSERT ON users BEGIN UPDATE users SET is_admin = 1; END",
    "DROP TABLE audit_log; CREATE VIEW audit_log AS SELECT 1 AS id",
    "CREATE VIEW spy AS SELECT * FROM trakt_auth",
    "DROP TABLE ratings; CREATE TABLE ratings (user_id, tmdb_id, rating, rated_at)",
    "DROP INDEX votes_week; CREATE INDEX votes_week ON votes (created_at)",
    "DROP TRIGGER votes_added; CREATE TRIGGER votes_added AFTER INSERT ON votes"
    " BEGIN SELECT 1; END",
    *(
        "PRAGMA writable_schema = ON; UPDATE sqlite_schema"
        f" SET sql = replace(sql, '{part}', '') WHERE name = 'ratings'"
        for part in ("CHECK (rating BETWEEN 1 AND 10)", "REFERENCES users (id)", "STRICT,")
    ),
)


@pytest.mark.parametrize(
    "breaking",
    [
        junk,
        empty,
        cut,
        scribbled,
        too_new,
        orphaned,
        foreign,
        strange_zip,
        wrong_key,
        torn_zip,
        wild_zip,
        stray_zip,
        double_zip,
        long_key,
        unreadable_name,
        no_file,
        *(lambda good, broken, script=script: altered(good, broken, script) for script in UNSOUND),
    ],
)
def test_a_broken_backup_leaves_everything_as_it_was(
    app: Flask, household: Household, tmp_path: Path, breaking: Callable[[Path, Path], None]
) -> None:
    run(app, "backup", tmp_path / "good.db")
    broken = tmp_path / "broken"
    breaking(tmp_path / "good.db", broken)
    db.close_db(app)
    before = content(app.config["DATA_DIR"])
    result = run(app, "restore", broken)
    assert result.exit_code == 1, result.output
    assert result.stderr.startswith("Error: ")
    after = content(app.config["DATA_DIR"])
    after.pop("server.lock")
    assert after == before
    assert not (tmp_path / "escaped").exists()


@pytest.mark.parametrize("options", [[], ["--with-keys"]])
def test_a_restore_needs_room_for_three_databases(
    app: Flask,
    household: Household,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: list[str],
) -> None:
    run(app, "backup", tmp_path / "copy", *options)
    db.close_db(app)
    size = app.config["DATABASE"].stat().st_size
    for room, exit_code in ((int(2.9 * size), 1), (int(3.1 * size), 0)):
        usage = shutil._ntuple_diskusage(0, 0, room)
        with monkeypatch.context() as patch:
            patch.setattr(shutil, "disk_usage", lambda _path, usage=usage: usage)
            assert run(app, "restore", tmp_path / "copy").exit_code == exit_code


def test_what_only_the_wal_of_a_copy_holds_is_restored_as_well(
    app: Flask, household: Household, tmp_path: Path
) -> None:
    add(app, "Eva")
    for suffix in ("", "-wal"):
        shutil.copy(f"{app.config['DATABASE']}{suffix}", tmp_path / f"copy.db{suffix}")
    db.close_db(app)
    assert run(app, "restore", tmp_path / "copy.db").exit_code == 0
    assert names(app.config["DATABASE"])[-1] == "Eva"


def test_a_database_that_ends_like_a_zip_is_a_database(app: Flask, tmp_path: Path) -> None:
    run(app, "backup", tmp_path / "copy.db")
    with (tmp_path / "copy.db").open("ab") as file, zipfile.ZipFile(file, "w"):
        pass
    assert zipfile.is_zipfile(tmp_path / "copy.db")
    assert run(app, "restore", tmp_path / "copy.db").exit_code == 0


def test_a_backup_of_the_first_version_is_brought_to_today(app: Flask, tmp_path: Path) -> None:
    first = tmp_path / "first.db"
    first.touch()
    script = (HOUSE / "tests/db/schema_v1.sql").read_text("utf-8")
    altered(first, first, script + "PRAGMA user_version = 1;")
    altered(first, first, "INSERT INTO users (name, icon, created_at)"
            " VALUES ('Zoe', '🐙', '2026-01-01T00:00:00.000Z')")  # fmt: skip
    result = run(app, "restore", first)
    assert result.exit_code == 0, result.output
    assert names(app.config["DATABASE"]) == ["Zoe"]


@pytest.mark.parametrize(
    ("breaking", "sentence"),
    [
        (too_new, "of a newer Movie Night"),
        (foreign, "no database of this Movie Night"),
        (no_file, "There is no file"),
    ],
)
def test_a_file_that_is_not_for_this_program_is_told_from_a_damaged_one(
    app: Flask,
    household: Household,
    tmp_path: Path,
    breaking: Callable[[Path, Path], None],
    sentence: str,
) -> None:
    run(app, "backup", tmp_path / "good.db")
    breaking(tmp_path / "good.db", tmp_path / "other.db")
    assert sentence in run(app, "restore", tmp_path / "other.db").stderr


def test_what_a_replicating_tool_keeps_in_the_file_is_no_damage(app: Flask, tmp_path: Path) -> None:
    run(app, "backup", tmp_path / "good.db")
    altered(tmp_path / "good.db", tmp_path / "copy.db", "CREATE TABLE _copies (id, seq); ANALYZE")
    assert run(app, "restore", tmp_path / "copy.db").exit_code == 0


def scratched(good: Path, broken: Path) -> None:
    broken.write_bytes(b"scratched" * 5000)


@pytest.mark.parametrize("breaking", [scratched, orphaned])
def test_a_damaged_database_gives_way_and_is_kept_with_its_keys(
    app: Flask, household: Household, tmp_path: Path, breaking: Callable[[Path, Path], None]
) -> None:
    run(app, "backup", tmp_path / "good.db")
    path = app.config["DATABASE"]
    db.close_db(app)
    breaking(path, path)
    before = content(app.config["DATA_DIR"])
    assert run(app, "restore", tmp_path / "good.db").exit_code == 0
    assert names(path) == ["Ana", "Ben", "Cleo", "Dan"]
    (kept,) = (app.config["DATA_DIR"] / "backups").iterdir()
    assert kept.stat().st_mode & 0o777 == 0o700
    assert content(kept).items() <= before.items()
    assert {"movie-night.db", *KEYS} == content(kept).keys()


@pytest.mark.parametrize("is_gone", [False, True], ids=["damaged", "gone"])
def test_a_wal_left_by_the_former_database_is_not_played_into_the_restored_one(
    app: Flask, household: Household, tmp_path: Path, is_gone: bool
) -> None:
    run(app, "backup", tmp_path / "good.db")
    path = app.config["DATABASE"]
    wal = Path(f"{path}-wal")
    add(app, "Eva")
    left = wal.read_bytes()
    db.close_db(app)
    wal.write_bytes(left)
    path.with_name(f"{path.name}-journal").write_bytes(b"left")
    path.unlink() if is_gone else scratched(path, path)
    assert run(app, "restore", tmp_path / "good.db").exit_code == 0
    assert list(path.parent.glob(f"{path.name}-*")) == []
    assert names(path) == ["Ana", "Ben", "Cleo", "Dan"]
    if not is_gone:
        (kept,) = (app.config["DATA_DIR"] / "backups").iterdir()
        assert (kept / wal.name).read_bytes() == left


def test_a_killed_restore_leaves_the_old_or_the_new_whole(
    app: Flask, household: Household, tmp_path: Path
) -> None:
    data_dir, path = app.config["DATA_DIR"], app.config["DATABASE"]
    run(app, "backup", tmp_path / "old.db")
    add(app, "Eva")
    run(app, "backup", tmp_path / "new.db")
    run(app, "restore", tmp_path / "old.db")
    begun = tmp_path / "begun"
    for _ in range(4):
        begun.unlink(missing_ok=True)
        process = Forked(restore_in_turn, begun, data_dir, tmp_path / "new.db", tmp_path / "old.db")
        while not begun.exists():
            assert process.status is None
            time.sleep(0.01)
        time.sleep(random.uniform(0, 0.1))
        process.send(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        conn = db.connect(path)
        assert health.integrity_faults(conn) == []
        conn.close()
        assert names(path)[:4] == ["Ana", "Ben", "Cleo", "Dan"]
        assert names(path)[4:] in ([], ["Eva"])
    assert run(app, "restore", tmp_path / "old.db").exit_code == 0
    assert not list(data_dir.glob(".restore-*"))
