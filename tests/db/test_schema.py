"""What the tables refuse by themselves, whatever the code above them forgets."""

import sqlite3

import pytest

from db import Connection

AT = "2026-11-17T12:00:00.000Z"


@pytest.fixture(autouse=True)
def a_counted_week(conn: Connection) -> None:
    for statement in (
        f"INSERT INTO users (id, name, icon, created_at) VALUES (1, 'Ana', '🎬', '{AT}')",
        f"INSERT INTO users (id, name, icon, created_at) VALUES (2, 'Ben', '🎬', '{AT}')",
        "INSERT INTO movies (tmdb_id, title) VALUES (603, 'The Matrix'), (862, 'Toy Story')",
        "INSERT INTO weeks (week, max_nominations, max_votes, own_votes)"
        " VALUES ('2026-W46', 1, 2, 0), ('2026-W47', 1, 2, 0)",
        "INSERT INTO nominations (id, week, tmdb_id, proposed_by, proposed_at, place)"
        f" VALUES (1, '2026-W47', 603, 1, '{AT}', 1), (2, '2026-W46', 862, 2, '{AT}', NULL)",
        "INSERT INTO votes (nomination_id, user_id, week, created_at)"
        f" VALUES (1, 2, '2026-W47', '{AT}')",
        "INSERT INTO week_history (week, first_place_id, first_rule, first_facts)"
        " VALUES ('2026-W47', 1, 'alone', '{}')",
        "INSERT INTO watch_history (user_id, tmdb_id, watched_at, week, source, created_at)"
        f" VALUES (1, 603, '{AT}', '2026-W47', 'evening', '{AT}')",
    ):
        conn.execute(statement)


REFUSED = {
    "a second member of the same name": (
        f"INSERT INTO users (name, icon, created_at) VALUES ('Ana', 'A', '{AT}')"
    ),
    "a member without a name": (
        f"INSERT INTO users (name, icon, created_at) VALUES ('', 'A', '{AT}')"
    ),
    "an admin without a PIN": "UPDATE users SET is_admin = 1 WHERE id = 1",
    "a retired admin": (
        f"UPDATE users SET is_admin = 1, pin = 'x', retired_at = '{AT}' WHERE id = 1"
    ),
    "a member with history being deleted": "DELETE FROM users WHERE id = 1",
    "an instant without a zone": "UPDATE users SET created_at = '2026-11-17 12:00:00'",
    "the same film twice in a week": (
        "INSERT INTO nominations (week, tmdb_id, proposed_by, proposed_at)"
        f" VALUES ('2026-W47', 603, 2, '{AT}')"
    ),
    "a film that nobody has heard of": (
        "INSERT INTO nominations (week, tmdb_id, proposed_by, proposed_at)"
        f" VALUES ('2026-W47', 1, 2, '{AT}')"
    ),
    "two films in one place": (
        "INSERT INTO nominations (week, tmdb_id, proposed_by, proposed_at, place)"
        f" VALUES ('2026-W47', 862, 2, '{AT}', 1)"
    ),
    "the same vote twice": (
        "INSERT INTO votes (nomination_id, user_id, week, created_at)"
        f" VALUES (1, 2, '2026-W47', '{AT}')"
    ),
    "a vote filed under another week": (
        "INSERT INTO votes (nomination_id, user_id, week, created_at)"
        f" VALUES (1, 1, '2026-W46', '{AT}')"
    ),
    "a second count of a week": (
        "INSERT INTO week_history (week, first_rule, first_facts)"
        " VALUES ('2026-W47', 'no_votes', '{}')"
    ),
    "a winner from another week": (
        "INSERT INTO week_history (week, first_place_id, first_rule, first_facts)"
        " VALUES ('2026-W46', 1, 'votes', '{}')"
    ),
    "one film in both places": "UPDATE week_history SET second_place_id = 1",
    "facts that are not JSON": "UPDATE week_history SET first_facts = 'because'",
    "a week both counted and skipped": (
        f"UPDATE weeks SET closed_at = '{AT}', skipped_at = '{AT}' WHERE week = '2026-W47'"
    ),
    "a week that is none": (
        "INSERT INTO weeks (week, max_nominations, max_votes, own_votes)"
        " VALUES ('next week', 1, 2, 0)"
    ),
    "the same film, evening and person twice": (
        "INSERT INTO watch_history (user_id, tmdb_id, watched_at, week, source, created_at)"
        f" VALUES (1, 603, '{AT}', '2026-W47', 'evening', '{AT}')"
    ),
    "a rating of eleven": (
        f"INSERT INTO ratings (user_id, tmdb_id, rating, rated_at) VALUES (1, 603, 11, '{AT}')"
    ),
    "a rating of seven and a half": (
        f"INSERT INTO ratings (user_id, tmdb_id, rating, rated_at) VALUES (1, 603, 7.5, '{AT}')"
    ),
    "a second version counter": "INSERT INTO state (one, version) VALUES (2, 1)",
}


def test_a_table_refuses(conn: Connection, subtests: pytest.Subtests) -> None:
    for what, statement in REFUSED.items():
        with subtests.test(what), pytest.raises(sqlite3.IntegrityError):
            conn.execute(statement)


def test_a_withdrawn_nomination_takes_its_votes_along(conn: Connection) -> None:
    conn.execute("DELETE FROM week_history")
    conn.execute("DELETE FROM nominations WHERE id = 1")
    assert conn.execute("SELECT count(*) FROM votes").fetchone()[0] == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE users SET icon = '🦊' WHERE id = 1",
        "UPDATE movies SET title = 'Matrix' WHERE tmdb_id = 603",
        "DELETE FROM votes",
        "UPDATE weeks SET max_votes = 3",
        "INSERT INTO settings (name, value) VALUES ('zone', 'UTC')",
    ],
)
def test_a_change_that_screens_show_raises_the_version(conn: Connection, statement: str) -> None:
    before = _version(conn)
    conn.execute(statement)
    assert _version(conn) > before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE users SET pin_failures = 3",
        "DELETE FROM sessions",
        "UPDATE movies SET overview = ''",
    ],
)
def test_a_change_that_no_screen_shows_leaves_the_version(conn: Connection, statement: str) -> None:
    before = _version(conn)
    conn.execute(statement)
    assert _version(conn) == before


def _version(conn: Connection) -> int:
    return int(conn.execute("SELECT version FROM state").fetchone()[0])
