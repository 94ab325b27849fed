"""A household moves in time by whole weeks, with everything that knows a date."""

import json
import re
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

import db
from db import Connection, movies, nominations, shift_dates, users, votes, weeks
from db import watch_history as plays
from db.movies import Movie
from rules import schedule
from rules.schedule import Schedule

LATER = datetime(2999, 1, 1, tzinfo=UTC)
FIRST = "2020-W51"  # 2020 has 53 weeks
KEYS = ["2020-W51", "2020-W52", "2020-W53", "2021-W01"]


@pytest.fixture
def four_weeks(conn: Connection) -> Connection:
    """Two films a week, Ana's and Ben's level by votes; the last week is in voting."""
    with db.transaction(conn):
        begin = schedule.starts(Schedule(), FIRST).nominating
        ana, ben = (users.add(conn, name, "🎬", begin) for name in ("Ana", "Ben"))
        for number, key in enumerate(KEYS):
            now = schedule.starts(Schedule(), key).nominating
            weeks.catch_up(conn, now)
            for user_id in (ana, ben):
                film = 100 + 2 * number + user_id
                movies.store(conn, Movie(film, f"Film {film}"))
                nominations.add(conn, weeks.current(conn, now), user_id, film, now)
            now += timedelta(days=3, minutes=1)
            weeks.catch_up(conn, now)
            mine, yours = nominations.for_week(conn, key)
            votes.cast(conn, weeks.current(conn, now), mine.id, ben, now)
            votes.cast(conn, weeks.current(conn, now), yours.id, ana, now)
            if key != KEYS[-1]:
                now += timedelta(days=2)
                weeks.catch_up(conn, now)
                plays.add_evening(
                    conn, key, mine.tmdb_id, [ana], watched_at=now, marked_by=ana, now=now
                )
    return conn


def content(conn: Connection) -> dict[str, list[tuple[object, ...]]]:
    tables = [
        row["name"]
        for row in conn.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'state'"
        )
    ]
    return {name: [tuple(row) for row in conn.execute(f"SELECT * FROM {name}")] for name in tables}


def move(conn: Connection, week: str, now: datetime = LATER) -> None:
    with db.transaction(conn):
        shift_dates.shift_to_week(conn, week, now)


@pytest.mark.parametrize(
    ("week", "keys"),
    [
        ("2021-W03", ["2020-W53", "2021-W01", "2021-W02", "2021-W03"]),
        ("2020-W53", ["2020-W50", "2020-W51", "2020-W52", "2020-W53"]),
        ("2027-W01", ["2026-W51", "2026-W52", "2026-W53", "2027-W01"]),
        ("2026-W01", ["2025-W50", "2025-W51", "2025-W52", "2026-W01"]),
        ("2021-W01", KEYS),
    ],
)
def test_every_week_moves_along(four_weeks: Connection, week: str, keys: list[str]) -> None:
    move(four_weeks, week)
    for table, column in shift_dates.keys(four_weeks):
        rows = four_weeks.execute(
            f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL ORDER BY 1"
        )
        found = [row[0] for row in rows]
        expected = {"watch_history": keys[:-1], "week_history": keys[:-1]}.get(table, keys)
        assert found in ([], expected), table
    assert four_weeks.execute("PRAGMA foreign_key_check").fetchall() == []


def test_there_and_back_again_is_where_it_was(four_weeks: Connection) -> None:
    before = content(four_weeks)
    move(four_weeks, "2026-W30")
    assert content(four_weeks) != before
    move(four_weeks, KEYS[-1])
    assert content(four_weeks) == before


def test_instants_keep_their_weekday_and_hour(four_weeks: Connection) -> None:
    move(four_weeks, "2021-W03")
    rows = four_weeks.execute("SELECT proposed_at FROM nominations ORDER BY id")
    assert [row[0] for row in rows][::2] == [
        "2020-12-28T00:00:00.000Z",
        "2021-01-04T00:00:00.000Z",
        "2021-01-11T00:00:00.000Z",
        "2021-01-18T00:00:00.000Z",
    ]


def test_reasons_name_the_weeks_as_they_are_now(four_weeks: Connection) -> None:
    four_weeks.execute("UPDATE week_history SET second_facts = first_facts")
    move(four_weeks, "2021-W03")
    rows = four_weeks.execute("SELECT first_facts, second_facts FROM week_history ORDER BY week")
    facts, of_the_second = zip(*(map(json.loads, row) for row in rows), strict=True)
    assert of_the_second == facts
    assert [(one["waiting_since"], one["rival_waiting_since"]) for one in facts] == [
        (None, None),
        (None, "2020-W53"),
        ("2020-W53", "2021-W01"),
    ]
    assert facts[2]["nominated_at"] == "2021-01-11T00:00:00.000Z"


def test_nothing_lies_ahead_of_now(four_weeks: Connection) -> None:
    now = datetime(2021, 1, 18, 9, tzinfo=UTC)
    move(four_weeks, "2021-W03", now)
    for table, column in shift_dates.instants(four_weeks):
        latest = four_weeks.execute(f"SELECT max({column}) FROM {table}").fetchone()[0]
        assert latest is None or latest <= "2021-01-18T09:00:00.000Z", (table, column)
    assert weeks.current(four_weeks, now).phase == "voting"


def test_a_household_without_a_week_stays_as_it_is(conn: Connection) -> None:
    before = content(conn)
    move(conn, "2026-W30")
    assert content(conn) == before


def test_every_column_with_an_instant_or_a_week_is_known(conn: Connection) -> None:
    """A new table cannot be forgotten: the schema's own checks say what a column holds."""
    instants, keys = set(), set()
    for table, sql in conn.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table'"):
        checked = re.findall(r"(\w+) GLOB '(\?{4}-\?\?-\?\?T|\[0-9\])", sql)
        instants |= {(table, column) for column, glob in checked if glob.startswith("?")}
        keys |= {(table, column) for column, glob in checked if glob.startswith("[")}
        keys |= {(table, "week") for _ in re.findall(r"\n\s+week TEXT", sql)}
    assert ("sessions", "created_at") in instants
    assert set(shift_dates.instants(conn)) == instants
    assert set(shift_dates.keys(conn)) == keys


def test_foreign_keys_are_put_off_to_the_end_not_off(four_weeks: Connection) -> None:
    def misfile() -> None:
        with db.transaction(four_weeks):
            shift_dates.shift_to_week(four_weeks, "2021-W03", LATER)
            four_weeks.execute("UPDATE votes SET week = '2019-W01' WHERE id = 1")

    with pytest.raises(sqlite3.IntegrityError):
        misfile()
    assert four_weeks.execute("SELECT max(week) FROM weeks").fetchone()[0] == KEYS[-1]
