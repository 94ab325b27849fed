"""The Node app's SQLite file, alone and beside data.json."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.migration.conftest import Migration
from tests.migration.household import (
    SCHEMA,
    archived,
    current,
    fill,
    from_bot,
    nomination,
    users,
    vote_id,
    write_sqlite,
)
from utils.encryption import decrypt
from utils.keys import load_or_make

KEY = bytes(range(32))
PEOPLE = [
    {"id": 3, "name": "Ana", "icon": "🦊", "pin": "4821", "created_at": "2025-03-01 10:00:00"},
    {"id": 5, "name": "Ben", "icon": "🐻", "pin": None, "created_at": None},
]
WATCHES = (
    "SELECT name, tmdb_id, watched_at, week, source FROM watch_history w"
    " JOIN users u ON u.id = w.user_id ORDER BY w.id"
)


def sealed(token: str, key: bytes = KEY) -> str:
    """As the Node app sealed it: 16-byte IV, tag apart, nothing bound."""
    nonce = os.urandom(16)
    data = AESGCM(key).encrypt(nonce, token.encode(), None)
    return f"{nonce.hex()}:{data[-16:].hex()}:{data[:-16].hex()}"


def film(number: int, week: str, by: int, **more: Any) -> dict[str, Any]:
    row = {"id": number, "week": week, "tmdb_id": number, "title": f"Film {number}"}
    return row | {"proposed_by": by, "proposed_at": "2026-02-17 18:30:00"} | more


def link(user_id: int, access: str | None, refresh: str | None) -> dict[str, Any]:
    return {
        "user_id": user_id,
        "trakt_username": "ana_t",
        "access_token": access,
        "refresh_token": refresh,
        "expires_at": "2026-08-01T10:00:00.000Z",
        "linked_at": "2026-07-25 10:00:00",
    }


@pytest.fixture
def old(migration: Migration) -> Path:
    return migration.sources / "movie-night.db"


def test_members_weeks_and_votes_come_from_the_sqlite_file_alone(
    migration: Migration, old: Path
) -> None:
    write_sqlite(
        old,
        users=PEOPLE,
        nominations=[
            film(20, "2026-W08", 3, year="1999"),
            film(10, "2026-W08", 5),
            film(30, "2026-W47", 5),
        ],
        votes=[
            {"id": 1, "nomination_id": 20, "user_id": 5, "voted_at": "2026-02-19 20:00:00"},
            {"id": 2, "nomination_id": 99, "user_id": 5, "voted_at": "2026-02-19 20:00:00"},
        ],
        week_results=[
            {"id": 1, "week": "2026-W08", "first_place_tmdb": 20, "second_place_tmdb": 10}
        ],
    )
    report = migration.run(sqlite=old)
    assert (report["exit"], report["imported"]["votes"], report["imported"]["weeks"]) == (0, 1, 2)
    assert [one["path"] for one in report["rejected"]] == ["sqlite.votes[2]"]
    assert migration.rows("SELECT name, created_at, pin IS NULL FROM users") == [
        ("Ana", "2025-03-01T10:00:00.000Z", 0),
        ("Ben", "2026-11-17T12:00:00.000Z", 1),
    ]
    assert migration.rows("SELECT tmdb_id, place FROM nominations ORDER BY tmdb_id") == [
        (10, 2),
        (20, 1),
        (30, None),
    ]
    assert migration.rows("SELECT created_at FROM votes") == ["2026-02-19T20:00:00.000Z"]
    assert migration.rows("SELECT week, closed_at IS NULL FROM weeks") == [
        ("2026-W08", 0),
        ("2026-W47", 1),
    ]


def test_a_recorded_place_that_nobody_nominated_is_listed(migration: Migration, old: Path) -> None:
    places = {"first_place_tmdb": 10, "second_place_tmdb": "junk"}
    write_sqlite(old, week_results=[{"id": 4, "week": "2026-W08"} | places])
    report = migration.run(sqlite=old)
    assert (report["exit"], [one["path"] for one in report["rejected"]]) == (
        1,
        ["sqlite.week_results[4].first_place_tmdb", "sqlite.week_results[4].second_place_tmdb"],
    )


def test_a_film_in_both_recorded_places_has_the_first(migration: Migration, old: Path) -> None:
    places = {"first_place_tmdb": 10, "second_place_tmdb": 10}
    results = [{"week": "2026-W08"} | places]
    nominations = [film(10, "2026-W08", 3)]
    write_sqlite(old, users=PEOPLE, nominations=nominations, week_results=results)
    assert migration.run(sqlite=old)["exit"] == 0
    assert migration.rows("SELECT first_place_id, second_place_id FROM week_history") == [(1, None)]


def test_watch_history_keeps_its_week_and_what_trakt_told_has_no_date(
    migration: Migration, old: Path
) -> None:
    rows = [
        (3, 10, "2026-02-20 21:00:00", 9, "2026-W08", "Ten"),
        (3, 20, "2026-06-01 03:00:00", 7, None, "20 at Trakt"),
        (5, 10, None, None, "2026-W08", "Ten"),
        (5, 20, None, None, "2026-W08", "Twenty"),
    ]
    columns = ("user_id", "tmdb_id", "watched_at", "rating", "week", "title")
    history = [dict(zip(columns, row, strict=True)) for row in rows]
    write_sqlite(old, users=PEOPLE, watch_history=history)
    report = migration.run(sqlite=old)
    assert (report["imported"]["watches"], report["imported"]["ratings"]) == (4, 2)
    assert migration.rows(WATCHES) == [
        ("Ana", 10, "2026-02-20T21:00:00.000Z", "2026-W08", "legacy"),
        ("Ana", 20, None, None, "trakt"),
        ("Ben", 10, "2026-02-22T23:59:59.000Z", "2026-W08", "legacy"),
        ("Ben", 20, "2026-02-22T23:59:59.000Z", "2026-W08", "legacy"),
    ]
    assert migration.rows("SELECT tmdb_id, rating, rated_at FROM ratings") == [
        (10, 9, "2026-02-20T21:00:00.000Z"),
        (20, 7, "2026-06-01T03:00:00.000Z"),
    ]
    assert migration.rows("SELECT title FROM movies") == ["Ten", "Twenty"]


@pytest.mark.parametrize(
    ("row", "path"),
    [
        ({"user_id": 9, "tmdb_id": 1}, "sqlite.watch_history[1]"),
        ({"user_id": 3, "tmdb_id": 0}, "sqlite.watch_history[1]"),
        ({"user_id": 3, "tmdb_id": 1, "week": "W8"}, "sqlite.watch_history[1].week"),
        ({"user_id": 3, "tmdb_id": 1, "rating": 0}, "sqlite.watch_history[1].rating"),
        ({"user_id": 3, "tmdb_id": 1, "rating": 11}, "sqlite.watch_history[1].rating"),
        ({"user_id": 3, "tmdb_id": 1, "rating": b"5"}, "sqlite.watch_history[1].rating"),
    ],
)
def test_damaged_rows_refuse_the_file(
    row: dict[str, Any], path: str, migration: Migration, old: Path
) -> None:
    write_sqlite(old, users=PEOPLE, watch_history=[row])
    report = migration.run(sqlite=old)
    assert (report["exit"], [one["path"] for one in report["rejected"]]) == (1, [path])
    assert migration.run(None, "--skip-damaged", sqlite=old)["exit"] == 3


def test_data_json_is_newer_for_members_nominations_and_votes(
    migration: Migration, old: Path
) -> None:
    votes = {vote_id(10): {"Ana": False, "Cleo": True}}
    document: dict[str, Any] = {
        "users": users(Ana="1357", Cleo=None),
        "history": [archived("2026-W08", [nomination(10, "Ana", title="New")], votes)],
    }
    document["users"]["Ana"]["created_at"] = "2024-05-01T10:00:00Z"
    write_sqlite(
        old,
        users=PEOPLE,
        nominations=[
            film(10, "2026-W08", 5),
            film(20, "2026-W08", 3),
            film(30, "2026-W09", 3),
        ],
        votes=[
            {"nomination_id": 10, "user_id": 3},
            {"nomination_id": 10, "user_id": 5},
            {"nomination_id": 20, "user_id": 5},
        ],
        week_results=[{"week": "2026-W08", "first_place_tmdb": 20}],
    )
    report = migration.run(document, sqlite=old)
    assert report["exit"] == 0
    assert report["merged"] == {
        "members": 1,
        "weeks": 1,
        "nominations": 2,
        "votes": 2,
        "ratings": 0,
        "watches": 0,
        "links": 0,
    }
    assert migration.rows("SELECT name, icon, created_at FROM users ORDER BY name") == [
        ("Ana", "🦉", "2024-05-01T10:00:00.000Z"),
        ("Ben", "🐻", "2026-11-17T12:00:00.000Z"),
        ("Cleo", "🦉", "2026-11-17T12:00:00.000Z"),
    ]
    assert migration.rows("SELECT title FROM movies WHERE tmdb_id = 10") == ["New"]
    assert migration.rows("SELECT week, tmdb_id FROM nominations") == [
        ("2026-W08", 10),
        ("2026-W09", 30),
    ]
    assert migration.rows(
        "SELECT u.name FROM votes v JOIN users u ON u.id = user_id ORDER BY 1"
    ) == ["Ben", "Cleo"]


def test_a_ballot_of_the_bot_without_votes_is_newer_too(migration: Migration, old: Path) -> None:
    document = {"history": [archived("2026-W08", [nomination(10, "Ana")], {"Ben": []})]}
    nominations = [film(10, "2026-W08", 3)]
    write_sqlite(
        old, users=PEOPLE, nominations=nominations, votes=[{"nomination_id": 10, "user_id": 5}]
    )
    report = migration.run(document, sqlite=old)
    assert (report["merged"]["votes"], report["imported"]["votes"]) == (1, 0)


def test_a_later_file_adds_only_the_plays_that_are_missing(migration: Migration, old: Path) -> None:
    evening = {"user_id": 3, "tmdb_id": 10, "title": "Ten", "week": "2026-W08"}
    versions = []
    trakts, bens, other = {"week": None}, {"user_id": 5}, {"tmdb_id": 20, "title": "Twenty"}
    for imported, plays in (
        (1, [evening]),
        (3, [evening | {"week": "2026-W09"}, evening | bens, evening | other]),
        (1, [evening | trakts]),
        (0, [evening | {"week": ""}, evening | bens, evening | other]),
    ):
        old.unlink(missing_ok=True)
        write_sqlite(old, users=PEOPLE, watch_history=plays)
        report = migration.run(sqlite=old)
        assert (report["exit"], report["imported"]["watches"]) == (0, imported)
        versions += migration.rows("SELECT version FROM state")
    assert versions == sorted(set(versions))


def test_of_the_same_nomination_the_older_file_fills_the_gaps(
    migration: Migration, old: Path
) -> None:
    newer = nomination(10, "Ana", title="New", imdbId=None)
    older = film(10, "2026-W08", 3, title="Old", imdb_id="tt5")
    write_sqlite(old, users=PEOPLE, nominations=[older])
    report = migration.run({"history": [archived("2026-W08", [newer])]}, sqlite=old)
    assert report["merged"]["nominations"] == 1
    assert migration.rows("SELECT title, imdb_id FROM movies") == [("New", "tt5")]


def test_an_answer_about_the_pin_in_data_json_wins_and_silence_does_not(
    migration: Migration, old: Path
) -> None:
    people = [{"name": name, "pin": "9753"} for name in ("Ana", "Ben")]
    write_sqlite(old, users=people)
    migration.run({"users": {"Ana": {"pin": None}, "Ben": {"icon": "🐻"}}}, sqlite=old)
    assert migration.rows("SELECT name FROM users WHERE pin IS NULL") == ["Ana"]


def test_links_are_sealed_anew_for_their_member(
    migration: Migration, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRAKT_ENCRYPTION_KEY", KEY.hex())
    links = [link(3, sealed("access"), sealed("refresh")), link(5, "clear-access", "clear.refresh")]
    write_sqlite(old, users=PEOPLE, trakt_auth=links)
    report = migration.run(sqlite=old)
    assert (report["exit"], report["imported"]["links"], report["rejected"]) == (0, 2, [])
    stored = migration.rows(
        "SELECT user_id, access_token, refresh_token, trakt_user, expires_at, created_at"
        " FROM trakt_auth"
    )
    assert [opened(row, KEY) for row in stored] == [
        ("access", "refresh"),
        ("clear-access", "clear.refresh"),
    ]
    assert stored[0][3:] == ("ana_t", "2026-08-01T10:00:00.000Z", "2026-07-25T10:00:00.000Z")


def test_clear_tokens_are_sealed_with_the_houses_own_key(migration: Migration, old: Path) -> None:
    write_sqlite(old, users=PEOPLE, trakt_auth=[link(3, "one", "two")])
    migration.run(sqlite=old)
    (stored,) = migration.rows("SELECT user_id, access_token, refresh_token FROM trakt_auth")
    assert opened(stored, load_or_make(migration.data_dir / "token-key")) == ("one", "two")


def test_a_link_that_is_here_already_stays(migration: Migration, old: Path) -> None:
    for access, links in (("one", 1), ("older", 0)):
        old.unlink(missing_ok=True)
        write_sqlite(old, users=PEOPLE, trakt_auth=[link(3, access, "two")])
        assert migration.run(sqlite=old)["imported"]["links"] == links
    (stored,) = migration.rows("SELECT user_id, access_token, refresh_token FROM trakt_auth")
    assert opened(stored, load_or_make(migration.data_dir / "token-key")) == ("one", "two")


@pytest.mark.parametrize(
    ("access", "refresh"),
    [
        (sealed("access", bytes(32)), sealed("refresh", bytes(32))),
        (sealed("access"), sealed("refresh", bytes(32))),
        ("clear", None),
        ("", "clear"),
        ("aa:bb:cc", "clear"),
        ("two words", "clear"),
    ],
    ids=["another key", "two keys", "no refresh", "no access", "no envelope", "no token"],
)
def test_a_link_that_does_not_open_is_to_be_made_again(
    access: str,
    refresh: str | None,
    migration: Migration,
    old: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TRAKT_ENCRYPTION_KEY", KEY.hex())
    write_sqlite(old, users=PEOPLE, trakt_auth=[link(3, access, refresh)])
    report = migration.run(sqlite=old)
    assert (report["exit"], report["imported"]["members"]) == (0, 2)
    assert [one["path"] for one in report["rejected"]] == ["sqlite.trakt_auth[3]"]
    assert migration.rows("SELECT * FROM trakt_auth") == []


def test_the_right_key_brings_a_link_in_later(
    migration: Migration, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_sqlite(old, users=PEOPLE, trakt_auth=[link(3, sealed("a"), sealed("r"))])
    assert migration.run(sqlite=old)["imported"]["links"] == 0
    monkeypatch.setenv("TRAKT_ENCRYPTION_KEY", KEY.hex())
    assert migration.run(sqlite=old)["imported"]["links"] == 1


def test_what_only_the_wal_holds_comes_over_and_the_sources_stay_untouched(
    migration: Migration,
    old: Path,
    tmp_path: Path,
    files_of: Callable[[Path], dict[str, bytes]],
) -> None:
    """As after a kill: the database file alone is empty."""
    live = tmp_path / "live.db"
    conn = sqlite3.connect(live)
    conn.execute("PRAGMA journal_mode = WAL")
    conn.executescript(SCHEMA)
    fill(conn, {"users": PEOPLE})
    conn.commit()
    old.parent.mkdir()
    shutil.copy(live, old)
    shutil.copy(f"{live}-wal", f"{old}-wal")
    conn.close()
    before = files_of(migration.sources)
    old.parent.chmod(0o500)
    (tmp_path / "link.db").symlink_to(old)
    assert migration.run(sqlite=tmp_path / "link.db")["imported"]["members"] == 2
    old.parent.chmod(0o700)
    assert files_of(migration.sources) == before


def test_what_was_not_committed_when_the_old_app_was_killed_stays_out(
    migration: Migration, old: Path, tmp_path: Path
) -> None:
    people = [{"name": f"{n} {'x' * 100}", "icon": "🦊"} for n in range(500)]
    live = write_sqlite(tmp_path / "live.db", users=people)
    conn = sqlite3.connect(live)
    conn.execute("PRAGMA cache_size = 1")  # the file is written to before the commit
    conn.execute("UPDATE users SET icon = '🐻'")
    old.parent.mkdir()
    for suffix in ("", "-journal"):
        shutil.copy(f"{live}{suffix}", f"{old}{suffix}")
    conn.close()
    assert migration.run(sqlite=old)["imported"]["members"] == 500
    assert migration.rows("SELECT DISTINCT icon FROM users") == ["🦊"]


@pytest.mark.parametrize("content", [b"", b"not a database at all, just text", b"\0" * 5000])
def test_a_file_that_is_no_database_is_refused(
    content: bytes, migration: Migration, old: Path
) -> None:
    old.parent.mkdir()
    old.write_bytes(content)
    report = migration.run(sqlite=old)
    assert (report["exit"], bool(report["error"])) == (1, True)
    assert not migration.data_dir.exists()


def test_a_cut_off_database_is_refused_as_unreadable(migration: Migration, old: Path) -> None:
    write_sqlite(old, users=PEOPLE)
    old.write_bytes(old.read_bytes()[:20000])
    report = migration.run(sqlite=old)
    assert (report["exit"], "The database cannot be read" in report["error"]) == (1, True)
    assert not migration.data_dir.exists()


def test_a_page_that_lost_its_rows_is_not_taken_for_an_empty_table(
    migration: Migration, old: Path
) -> None:
    write_sqlite(old, users=PEOPLE)
    with sqlite3.connect(old) as conn:
        (page,) = conn.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'users'").fetchone()
    conn.close()
    image = bytearray(old.read_bytes())
    rows = (page - 1) * 4096 + 3  # their number, in the page's header
    image[rows : rows + 2] = bytes(2)
    old.write_bytes(image)
    assert "The database cannot be read" in migration.run(sqlite=old)["error"]


def test_nothing_of_a_week_that_lies_ahead_is_dated_after_now(
    migration: Migration, old: Path
) -> None:
    document = {
        "history": [archived("2026-W51", [from_bot(10, "Ana")], {"Ben": [10]})],
        "currentWeek": current("2026-W50", [from_bot(20, "Ana")], {"Ben": [20]}),
    }
    write_sqlite(
        old,
        users=PEOPLE,
        nominations=[film(30, "2026-W52", 5, proposed_at=None)],
        votes=[{"id": 1, "nomination_id": 30, "user_id": 3, "voted_at": None}],
        watch_history=[
            {"user_id": 3, "tmdb_id": 40, "week": "2026-W46", "watched_at": "2026-12-24 20:00:00"},
            {"user_id": 3, "tmdb_id": 50, "week": "2026-W52", "watched_at": None},
        ],
    )
    assert migration.run(document, sqlite=old)["exit"] == 0
    moments = migration.rows(
        "SELECT proposed_at FROM nominations UNION ALL SELECT created_at FROM votes"
        " UNION ALL SELECT watched_at FROM watch_history"
        " UNION ALL SELECT closed_at FROM weeks WHERE closed_at IS NOT NULL"
    )
    assert moments == ["2026-11-17T12:00:00.000Z"] * (3 + 3 + 2 + 1)


LOOSE = """
CREATE TABLE people (id INT, name TEXT, icon TEXT, pin TEXT, created_at TEXT);
CREATE VIEW users AS SELECT id, name AS NAME, icon AS Icon, pin, created_at FROM people;
CREATE TABLE Nominations (ID INT, Week TEXT, TMDB_id INT, title TEXT, proposed_by, proposed_at);
CREATE TABLE VOTES (id INT, nomination_id, user_id, week TEXT, voted_at TEXT);
CREATE TABLE trakt_auth (user_id, access_token, refresh_token);
INSERT INTO trakt_auth VALUES ('2', 'first', 'refresh'), (2, 'second', 'refresh'),
  (99, 'third', 'refresh');
CREATE TABLE Watch_History (id INT, user_id, tmdb_id INT, title TEXT, watched_at TEXT, week TEXT);
INSERT INTO people (id, name) VALUES (1, 'Ana'), ('2', 'Ben'), (NULL, 'Cleo'),
  (7, 'Dan'), (7, 'Eve');
INSERT INTO nominations VALUES (10, '2026-W08', 100, 'Film', 1, NULL);
INSERT INTO nominations VALUES (NULL, '2026-W08', 200, 'Film', '2', NULL);
INSERT INTO nominations VALUES (30, '2026-W08', 300, 'Film', NULL, NULL);
INSERT INTO nominations VALUES (40, '2026-W08', 400, 'Film', '99', NULL);
INSERT INTO nominations VALUES (60, '2026-W08', 600, 'Film', 1, NULL);
INSERT INTO nominations VALUES (50, '2026-W08', 500, 'Film', 'Zoe', NULL);
INSERT INTO votes (id, nomination_id, user_id) VALUES (1, '10', 2), (2, NULL, 1), (3, 10, NULL);
INSERT INTO watch_history VALUES (1, NULL, 100, 'Film', NULL, '2026-W08');
INSERT INTO watch_history VALUES (2, 7, 100, 'Film', NULL, '2026-W08');
INSERT INTO watch_history VALUES (NULL, '2', 100, 'Film', NULL, '2026-W08');
"""


def test_a_loose_file_loses_nothing_unseen(migration: Migration, old: Path) -> None:
    """Views, names in capitals, rows without a number, numbers that are text or stand twice."""
    old.parent.mkdir()
    with sqlite3.connect(old) as conn:
        conn.executescript(LOOSE)
    conn.close()
    report = migration.run(None, "--skip-damaged", sqlite=old)
    assert [(one["path"], one["reason"].split()[0]) for one in report["rejected"]] == [
        ("sqlite.nominations[30]", "Nobody"),
        ("sqlite.nominations[40]", "Nobody"),
        ("sqlite.votes[2]", "The"),
        ("sqlite.votes[3]", "No"),
        ("sqlite.watch_history[1]", "No"),
        ("sqlite.watch_history[2]", "No"),
        ("sqlite.trakt_auth[99]", "The"),
    ]
    assert report["imported"] == report["read"] | {
        "nominations": 4,
        "votes": 1,
        "watches": 1,
        "links": 1,
    }
    links = migration.rows("SELECT user_id, access_token, refresh_token FROM trakt_auth")
    key = load_or_make(migration.data_dir / "token-key")
    assert [opened(row, key) for row in links] == [("first", "refresh")]
    assert migration.rows("SELECT name FROM users") == ["Ana", "Ben", "Cleo", "Dan", "Eve", "Zoe"]
    assert migration.rows("SELECT u.name FROM votes v JOIN users u ON u.id = user_id") == ["Ben"]
    assert [row[:2] for row in migration.rows(WATCHES)] == [("Ben", 100)]


def test_the_apps_own_database_is_refused(migration: Migration) -> None:
    migration.run({"users": users(Ana=None)})
    assert migration.run(sqlite=migration.data_dir / "movie-night.db")["exit"] == 1


def test_text_that_is_not_utf8_is_damage_and_no_crash(migration: Migration, old: Path) -> None:
    write_sqlite(old, users=PEOPLE)
    with sqlite3.connect(old) as conn:
        conn.execute("UPDATE users SET name = CAST(x'c328' AS TEXT), icon = name WHERE id = 5")
    conn.close()
    report = migration.run(sqlite=old)
    assert (report["exit"], report["rejected"][0]["path"]) == (1, "sqlite.users[5]")


def opened(row: tuple[Any, ...], key: bytes) -> tuple[str, str]:
    user_id, access, refresh = row[:3]
    return (
        decrypt(access, key, f"trakt_auth:access_token:{user_id}"),
        decrypt(refresh, key, f"trakt_auth:refresh_token:{user_id}"),
    )
