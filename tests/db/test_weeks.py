"""Deadlines that nobody noticed are caught up once, at the next look."""

from datetime import UTC, datetime

import pytest

from db import Connection, movies, nominations, results, settings, transaction, users, votes, weeks
from db.movies import Movie
from db.settings import Limits
from rules import Refused

MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)  # in 2026-W47
THURSDAY = datetime(2026, 11, 19, 9, tzinfo=UTC)
A_MONTH_LATER = datetime(2026, 12, 16, 9, tzinfo=UTC)


@pytest.fixture
def ana_and_ben(conn: Connection) -> tuple[int, int]:
    """Each has nominated; Ben has voted for Ana's film."""
    with transaction(conn):
        weeks.catch_up(conn, MONDAY)
        week = weeks.current(conn, MONDAY)
        ids = users.add(conn, "Ana", "🎬", MONDAY), users.add(conn, "Ben", "🎬", MONDAY)
        for tmdb_id, user_id in zip((603, 862), ids, strict=True):
            movies.store(conn, Movie(tmdb_id, f"Film {tmdb_id}"))
            nominations.add(conn, week, user_id, tmdb_id, MONDAY)
        weeks.open_voting(conn, week, MONDAY, by=None)
        votes.cast(conn, weeks.current(conn, MONDAY), 1, ids[1], MONDAY)
    return ids


def test_a_week_without_a_look_is_counted_at_the_next_one(
    conn: Connection, ana_and_ben: tuple[int, int]
) -> None:
    assert weeks.current(conn, A_MONTH_LATER).is_due
    with transaction(conn):
        assert weeks.catch_up(conn, A_MONTH_LATER) == [("week_closed", "2026-W47")]
    outcome = results.for_week(conn, "2026-W47")
    assert outcome is not None
    assert (outcome.first_id, outcome.second_id, outcome.first_rule) == (1, None, "votes")


def test_catching_up_twice_changes_nothing_more(
    conn: Connection, ana_and_ben: tuple[int, int]
) -> None:
    with transaction(conn):
        weeks.catch_up(conn, A_MONTH_LATER)
    before = weeks.version(conn)
    assert not weeks.current(conn, A_MONTH_LATER).is_due
    with transaction(conn):
        assert weeks.catch_up(conn, A_MONTH_LATER) == []
    assert weeks.version(conn) == before


def test_voting_that_began_by_the_clock_does_not_go_back_when_the_schedule_moves(
    conn: Connection,
) -> None:
    with transaction(conn):
        weeks.catch_up(conn, MONDAY)
        ana = users.add(conn, "Ana", "🎬", MONDAY)
        movies.store(conn, Movie(603, "The Matrix"))
        nominations.add(conn, weeks.current(conn, MONDAY), ana, 603, MONDAY)
    with transaction(conn):
        weeks.catch_up(conn, THURSDAY)
        settings.put(conn, "voting", str(4 * 1440))
    assert weeks.current(conn, THURSDAY).phase == "voting"


def test_new_limits_hold_from_the_next_week_on(conn: Connection) -> None:
    with transaction(conn):
        weeks.catch_up(conn, MONDAY)
        settings.set_limits(conn, Limits(2, 5, own_votes=True))
    assert weeks.current(conn, MONDAY).limits == Limits(1, 2, own_votes=False)
    with transaction(conn):
        weeks.catch_up(conn, A_MONTH_LATER)
    assert weeks.current(conn, A_MONTH_LATER).limits == Limits(2, 5, own_votes=True)


def test_early_opening_waits_for_each_active_member(conn: Connection) -> None:
    with transaction(conn):
        weeks.catch_up(conn, MONDAY)
        week = weeks.current(conn, MONDAY)
        ana = users.add(conn, "Ana", "🎬", MONDAY)
        ben = users.add(conn, "Ben", "🎬", MONDAY)
        for tmdb_id in (603, 862):
            movies.store(conn, Movie(tmdb_id, f"Film {tmdb_id}"))
        nominations.add(conn, week, ana, 603, MONDAY)
        weeks.open_if_all_nominated(conn, week, MONDAY)
        assert weeks.current(conn, MONDAY).phase == "nomination"
        users.retire(conn, ben, MONDAY)
        weeks.open_if_all_nominated(conn, week, MONDAY)
        assert weeks.current(conn, MONDAY).phase == "nomination"  # one person is no vote
        users.reactivate(conn, ben)
        nominations.add(conn, week, ben, 862, MONDAY)
        weeks.open_if_all_nominated(conn, week, MONDAY)
    assert weeks.current(conn, MONDAY).phase == "voting"


@pytest.mark.parametrize("key", ["2026-W46", "2026-W60", "next", "", "2026-W47\n"])
def test_a_week_that_left_no_trace_is_unknown(conn: Connection, key: str) -> None:
    with pytest.raises(Refused, match="no_week"):
        weeks.get(conn, key, MONDAY)
