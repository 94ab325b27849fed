"""A run as a whole: repeated, dry, refused, interrupted, large."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

import migrate_json
from tests.migration.conftest import NOW, Migration
from tests.migration.household import (
    archived,
    current,
    family,
    nomination,
    users,
    vote_id,
    write_json,
    write_sqlite,
)
from utils import instants
from utils.locks import server_lock

Files = Callable[[Path], dict[str, bytes]]
NOTHING = dict.fromkeys(
    ("members", "weeks", "nominations", "votes", "ratings", "watches", "links"), 0
)


def test_a_second_run_changes_nothing(migration: Migration) -> None:
    first = migration.run(family())
    before = migration.dump()
    second = migration.run(family())
    assert (second["exit"], second["imported"]) == (0, NOTHING)
    assert second["merged"] == second["read"] == first["read"]
    assert migration.dump() == before


def test_a_second_run_gives_back_nothing_that_was_taken_away_since(migration: Migration) -> None:
    migration.run(family())
    migration.change(
        "UPDATE users SET pin = NULL, icon = '🐙', name = 'Anna' WHERE name = 'Ana'",
        "DELETE FROM votes WHERE week = '2026-W47'",
        "DELETE FROM ratings WHERE user_id = 2",
    )
    before = migration.dump()
    assert migration.run(family())["imported"] == NOTHING
    assert migration.dump() == before


def test_a_new_file_beside_a_known_one_still_comes_in(migration: Migration) -> None:
    old = write_sqlite(migration.sources / "movie-night.db", users=[{"id": 1, "name": "Eve"}])
    migration.run(family())
    assert migration.run(family(), sqlite=old)["imported"] == NOTHING | {"members": 1}


def test_a_newer_file_adds_what_is_new_and_leaves_what_is_newer_here(migration: Migration) -> None:
    migration.run(family())
    migration.change(
        "UPDATE users SET pin = NULL, icon = '🐙' WHERE name = 'Ana'",
        "UPDATE ratings SET rating = 1, rated_at = '2026-11-17T11:00:00.000Z' WHERE user_id = 1",
    )
    document = family()
    document["users"]["Dan"] = {"icon": "🐸"}
    document["users"]["Ana"]["pin"] = "8642"
    document["currentWeek"]["votes"][vote_id(30)]["Dan"] = True
    document["history"][0]["allMovies"][0]["ratings"] = {"Ana": 5, "Ben": 5}
    imported = migration.run(document)["imported"]
    assert imported == NOTHING | {"members": 1, "votes": 1}
    assert migration.rows("SELECT pin, icon FROM users WHERE name = 'Ana'") == [(None, "🐙")]
    assert migration.rows("SELECT rating FROM ratings ORDER BY user_id") == [1, 6]


def test_an_older_rating_in_the_target_gives_way(migration: Migration) -> None:
    migration.run({"history": [archived("2026-W08", [nomination(10, "A", ratings={"A": 2})])]})
    (version,) = migration.rows("SELECT version FROM state")
    newer = {"history": [archived("2026-W20", [nomination(10, "A", ratings={"A": 5})])]}
    assert migration.run(newer)["imported"]["ratings"] == 1
    assert migration.rows("SELECT rating FROM ratings") == [10]
    assert migration.rows("SELECT version FROM state") > [version]
    again = {"history": [archived("2026-W30", [nomination(10, "A", ratings={"A": 5})])]}
    assert migration.run(again)["imported"]["ratings"] == 0


def test_a_rating_of_a_week_that_is_still_on_takes_no_others_place(migration: Migration) -> None:
    migration.run({"history": [archived("2026-W08", [nomination(10, "A", ratings={"A": 2})])]})
    document = {"currentWeek": current("2026-W47", [nomination(10, "A", ratings={"A": 5})])}
    assert migration.run(document)["imported"]["ratings"] == 0
    assert migration.rows("SELECT rating FROM ratings") == [4]


def test_a_week_counted_here_keeps_its_ballots_and_places(migration: Migration) -> None:
    films = [nomination(10, "Ana"), nomination(20, "Ben")]
    migration.run({"currentWeek": current("2026-W30", films, {vote_id(10): {"Ben": True}})})
    migration.change(
        "INSERT INTO week_history (week, first_place_id, first_rule, first_facts)"
        " VALUES ('2026-W30', 1, 'votes', '{}')",
        "UPDATE weeks SET closed_at = '2026-07-31T00:00:00.000Z'",
        "UPDATE nominations SET place = id",
    )
    before = migration.rows("SELECT * FROM votes, nominations, week_history")
    later = archived("2026-W30", films[::-1], {vote_id(20): {"Ben": True, "Cleo": True}})
    report = migration.run({"users": users(Cleo=None), "history": [later]})
    assert report["imported"] == NOTHING | {"members": 1}
    assert migration.rows("SELECT * FROM votes, nominations, week_history") == before


def test_a_week_skipped_here_stays_skipped(migration: Migration) -> None:
    film = nomination(10, "Ana")
    migration.run({"currentWeek": current("2026-W30", [film])})
    migration.change("UPDATE weeks SET skipped_at = '2026-07-22T00:00:00.000Z'")
    before = migration.rows("SELECT * FROM weeks")
    later = archived("2026-W30", [film], {vote_id(10): {"Ana": True}})
    report = migration.run({"history": [later]})
    assert (report["exit"], report["imported"]) == (0, NOTHING)
    assert migration.rows("SELECT * FROM weeks") == before


def test_a_film_known_here_keeps_its_words_unless_its_title_was_a_stopgap(
    migration: Migration,
) -> None:
    migration.run({"users": users(Ana=None)})
    migration.change(
        "INSERT INTO movies (tmdb_id, title) VALUES (10, 'Ours'), (20, 'TMDB film 20')"
    )
    migration.run(family())
    titles = migration.rows("SELECT title FROM movies WHERE tmdb_id IN (10, 20)")
    assert titles == ["Ours", "Film 20"]


def test_the_mended_file_brings_what_was_skipped(migration: Migration) -> None:
    document = family()
    del document["history"][0]["allMovies"][1]["proposedBy"]
    document["history"][0]["secondPlace"] = None
    assert migration.run(document, "--skip-damaged")["exit"] == 3
    assert migration.run(family())["imported"] == NOTHING | {"nominations": 1, "votes": 1}
    assert migration.rows("SELECT tmdb_id, place FROM nominations WHERE week = '2026-W08'") == [
        (10, 1),
        (20, 2),
    ]


def test_a_dry_run_tells_the_same_and_writes_nothing(
    migration: Migration, files_of: Files, tmp_path: Path
) -> None:
    told = migration.run(family(), "--dry-run")
    assert not migration.data_dir.exists()
    assert told == migration.run(family())
    before = files_of(tmp_path)
    assert migration.run(family(), "--dry-run")["imported"] == NOTHING
    assert files_of(tmp_path) == before


def test_a_running_server_refuses_the_run_even_a_dry_one(migration: Migration) -> None:
    with server_lock(migration.data_dir):
        for options in ([], ["--dry-run"]):
            report = migration.run(family(), *options)
            assert (report["exit"], "server" in report["error"]) == (1, True)
    assert [path.name for path in migration.data_dir.iterdir()] == ["server.lock"]


def test_a_server_that_starts_while_the_files_are_read_refuses_the_run(
    migration: Migration, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ExitStack() as server:

        def start() -> datetime:
            server.enter_context(server_lock(migration.data_dir))
            return NOW

        monkeypatch.setattr(instants, "now", start)
        assert migration.run(family())["exit"] == 1
    assert [path.name for path in migration.data_dir.iterdir()] == ["server.lock"]


@pytest.mark.parametrize("table", ["users", "votes", "week_history", "ratings"])
def test_a_run_that_breaks_in_the_middle_leaves_nothing(table: str, migration: Migration) -> None:
    migration.run({"users": users(Zed=None)})
    migration.change(
        f"CREATE TRIGGER break AFTER INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'broken'); END"
    )
    before = migration.dump()
    report = migration.run(family())
    assert (report["exit"], "broken" in report["error"]) == (1, True)
    assert migration.dump() == before


def test_the_sources_stay_as_they_were(migration: Migration, files_of: Files) -> None:
    old = write_sqlite(migration.sources / "movie-night.db", users=[{"name": "Ana"}])
    write_json(migration.sources / "data.json", family())
    before = files_of(migration.sources)
    migration.run(family(), sqlite=old)
    assert files_of(migration.sources) == before


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "line 1, column 1"),
        (b'{"users": {}\n "history": []}', "line 2, column 2"),
        (b'{"users":\n {"A\xff": {}}}', "line 2, byte 5"),
        (b"[]", "legacy"),
        (b"null", "legacy"),
        (b'{"name": "package"}', "legacy"),
        (b'{"users": {"Ana": {}, "Ana": {}}}', "'Ana'"),
        (b'{"users": {"Ana": {"pin": NaN}}}', "NaN"),
        (b'{"users": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested"),
        ('{"users": {}}'.encode("utf-16"), "UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_place(
    content: bytes, word: str, migration: Migration, capsys: pytest.CaptureFixture[str]
) -> None:
    migration.sources.mkdir()
    file = migration.sources / "data.json"
    file.write_bytes(content)
    assert migrate_json.main([str(file), "--json"]) == 1
    assert word in json.loads(capsys.readouterr().out)["error"]
    assert not migration.data_dir.exists()


def test_a_byte_order_mark_and_endless_digits_are_read(
    migration: Migration, capsys: pytest.CaptureFixture[str]
) -> None:
    file = migration.sources / "data.json"
    migration.sources.mkdir()
    document = b'{"history": [{"weekNumber": "2026-W08", "allMovies": [{"tmdbId": %s}]}]}'
    file.write_bytes(b"\xef\xbb\xbf" + document % (b"9" * 5000))
    assert migrate_json.main([str(file), "--json"]) == 1
    (rejected,) = json.loads(capsys.readouterr().out)["rejected"]
    assert rejected["path"] == "history[0].allMovies[0]"


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("missing.json", "There is no file missing.json."),
        (".", "This is a folder: .."),
        ("data.json/x", "data.json/x cannot be used: Not a directory."),
        ("a" * 300, f"{'a' * 300} cannot be used: File name too long."),
    ],
)
def test_a_source_that_is_no_file_is_a_sentence(
    path: str, sentence: str, migration: Migration, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("data.json").touch()
    for source in ([path], ["--sqlite", path]):
        assert migrate_json.main([*source, "--json"]) == 1
        assert json.loads(capsys.readouterr().out)["error"] == sentence


def test_a_file_that_may_not_be_read_is_a_sentence(
    migration: Migration, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    refusal = PermissionError(13, "Permission denied", "data.json")
    monkeypatch.setattr(Path, "read_bytes", Mock(side_effect=refusal))
    assert migrate_json.main(["data.json", "--json"]) == 1
    error = json.loads(capsys.readouterr().out)["error"]
    assert error == "This user may not read or write data.json."


@pytest.mark.parametrize(
    ("name", "value"), [("TZ", "Middle/Earth"), ("TRAKT_ENCRYPTION_KEY", "short")]
)
def test_a_wrong_environment_is_a_sentence(
    name: str, value: str, migration: Migration, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    assert migration.run(family())["exit"] == 1
    assert not migration.data_dir.exists()


def test_naming_no_source_is_a_usage_error(migration: Migration) -> None:
    with pytest.raises(SystemExit) as end:
        migrate_json.main([])
    assert end.value.code == 2


def test_a_person_reads_a_table_and_the_places_of_damage(
    migration: Migration, capsys: pytest.CaptureFixture[str]
) -> None:
    document = family()
    document["users"]["[bold]Eve"] = {"pin": "x"}
    file = write_json(migration.sources / "data.json", document)
    assert migrate_json.main([str(file)]) == 1
    printed = capsys.readouterr()
    assert "nominations" in printed.out
    assert 'users["[bold]Eve"].pin' in printed.out
    assert "--skip-damaged" in printed.err


def test_the_command_works_from_the_shell(tmp_path: Path) -> None:
    house = Path(migrate_json.__file__).parent
    file = write_json(tmp_path / "data.json", {"users": {"Zoé \ud800": {}, "Ána": {"icon": "🐸"}}})
    environment = os.environ | {"DATA_DIR": str(tmp_path / "data"), "LC_ALL": "C", "TZ": ""}
    command = [sys.executable, str(house / "migrate_json.py"), str(file), "--skip-damaged"]
    run = subprocess.run([*command, "--json"], env=environment, cwd=house, capture_output=True)
    assert (run.returncode, run.stderr) == (3, b"")
    assert json.loads(run.stdout)["imported"]["members"] == 1


def test_a_long_life_takes_seconds(migration: Migration) -> None:
    history = [long_week(number) for number in range(1000)]
    started = time.process_time()
    report = migration.run({"history": history})
    assert report["imported"]["votes"] == report["imported"]["ratings"] == 1000 * 4
    assert time.process_time() - started < 5


def long_week(number: int) -> dict[str, Any]:
    stars = {"Ana": 5, "Ben": 4}
    films = [nomination(2 * number + n, "Ana", ratings=stars) for n in (1, 2)]
    votes = {film["id"]: {"Ana": True, "Ben": True} for film in films}
    return archived(f"{1980 + number // 50}-W{number % 50 + 1:02}", films, votes)
