"""Whose picks win, who is happy with it, who waits: all from counted weeks and real rows."""

from typing import Any

import pytest

import db
from db import movies, users
from db.movies import Movie
from tests.conftest import Clock, Household, Person
from utils import instants

MATRIX, TOYS, SPIRITED, FORREST = 603, 862, 129, 13
FILMS = (MATRIX, TOYS, SPIRITED, FORREST)


@pytest.fixture
def three_weeks(household: Household, clock: Clock) -> Household:
    """Ana wins two, nobody votes in the third, Ben wins the fourth; now it is the week after."""
    ana, ben, cleo, dan = household.everyone
    hold_week(household, clock, {ben: [0], cleo: [0, 1]}, watch=MATRIX)
    hold_week(household, clock, {ben: [0], cleo: [1], dan: [0]}, watch=MATRIX)
    hold_week(household, clock, {})
    hold_week(household, clock, {ana: [1], cleo: [1, 0]}, watch=TOYS)
    return household


def hold_week(
    household: Household, clock: Clock, votes: dict[Person, list[int]], watch: int = 0
) -> None:
    ids = household.nominate(*FILMS)
    week = household.ana.state()["week"]
    for voter, choices in votes.items():
        for choice in choices:
            answer = voter.send(f"/nominations/{ids[choice]}/vote")
            assert answer.status_code == 200, answer.text
    clock.forward(days=4)
    if watch:
        household.ana.send(f"/weeks/{week}/watched", tmdb_id=watch, members=["Ana", "Cleo"])
    clock.forward(days=3)


def statistics(person: Person) -> dict[str, Any]:
    body: dict[str, Any] = person.ask("/statistics").get_json()
    return body


def test_whose_picks_win(three_weeks: Household) -> None:
    three_weeks.nominate(MATRIX)  # not counted yet
    body = statistics(three_weeks.dan)
    assert body["weeks"] == 3
    assert body["picks"]["best"] == ["Ana"]
    assert body["picks"]["members"] == [
        {"member": "Ana", "won": 2, "nominated": 4},
        {"member": "Ben", "won": 1, "nominated": 4},
        {"member": "Cleo", "won": 0, "nominated": 4},
        {"member": "Dan", "won": 0, "nominated": 4},
    ]


def test_the_happiest_voter_had_the_winner_most_of_the_time(three_weeks: Household) -> None:
    body = statistics(three_weeks.dan)["voters"]
    assert body["best"] == ["Ben"]
    assert body["members"] == [
        {"member": "Ben", "happy": 2, "weeks": 2},
        {"member": "Cleo", "happy": 2, "weeks": 3},
        {"member": "Ana", "happy": 1, "weeks": 1},
        {"member": "Dan", "happy": 1, "weeks": 1},
    ]


def test_an_imported_week_without_its_winner_made_no_voter_unhappy(three_weeks: Household) -> None:
    with three_weeks.app.app_context(), db.transaction(conn := db.get_db()):
        conn.execute("UPDATE week_history SET first_place_id = NULL WHERE week = '2026-W47'")
    body = statistics(three_weeks.dan)
    assert body["weeks"] == 2
    assert {"member": "Ben", "happy": 1, "weeks": 1} in body["voters"]["members"]


def test_who_waits_longest_for_a_win(three_weeks: Household) -> None:
    body = statistics(three_weeks.dan)["waiting"]
    assert body["longest"] == ["Cleo", "Dan"]
    assert [(row["member"], row["weeks"], row["last_win"]) for row in body["members"]] == [
        ("Cleo", 3, None),
        ("Dan", 3, None),
        ("Ana", 1, "2026-W48"),
        ("Ben", 0, "2026-W50"),
    ]


def test_streaks_of_wins_and_of_movie_nights(three_weeks: Household) -> None:
    body = statistics(three_weeks.dan)["streaks"]
    assert body == {
        "wins": [{"member": "Ana", "weeks": 2, "until": "2026-W48"}],
        "movie_nights": {"longest": 2, "until": "2026-W48", "current": 1},
    }


def test_a_run_of_movie_nights_ends_by_waiting(three_weeks: Household, clock: Clock) -> None:
    assert statistics(three_weeks.dan)["streaks"]["movie_nights"]["current"] == 1
    clock.forward(days=7)
    assert statistics(three_weeks.dan)["streaks"]["movie_nights"]["current"] == 0


def test_of_runs_that_are_level_the_last_is_the_longest(household: Household, clock: Clock) -> None:
    for film in (MATRIX, 0, TOYS, 0):
        hold_week(household, clock, {}, watch=film)
    nights = statistics(household.dan)["streaks"]["movie_nights"]
    assert nights == {"longest": 1, "until": "2026-W49", "current": 0}


def test_nobody_leads_where_nobody_has_won(household: Household, clock: Clock) -> None:
    hold_week(household, clock, {})
    body = statistics(household.dan)
    assert [row["nominated"] for row in body["picks"]["members"]] == [1, 1, 1, 1]
    assert body["picks"]["best"] == body["waiting"]["longest"] == []
    assert '<svg class="chart"' not in household.dan.page("/statistics")


def test_eight_genres_are_drawn_and_all_are_in_the_table(
    household: Household, clock: Clock
) -> None:
    with household.app.app_context(), db.transaction(conn := db.get_db()):
        genres = tuple(f"Genre {number}" for number in range(10))
        movies.store_details(conn, Movie(987654321, "Our Holiday", None, genres=genres), clock.now)
    (first,) = household.nominate(987654321)
    clock.to(3)
    household.ben.send(f"/nominations/{first}/vote")
    clock.to(5)
    page = household.dan.page("/statistics")
    assert [page.count(f"{genre}<") for genre in genres] == [2] * 8 + [1] * 2


def test_genres_and_decades_of_the_winners(three_weeks: Household) -> None:
    body = statistics(three_weeks.dan)
    assert body["genres"][0] == {"name": "Action", "wins": 2}
    assert {"name": "Animation", "wins": 1} in body["genres"]
    assert body["decades"] == [{"decade": 1990, "wins": 3}]


def test_ratings_given_and_got_are_known_as_soon_as_they_are_given(
    three_weeks: Household,
) -> None:
    three_weeks.ana.send(f"/films/{MATRIX}/rating", rating=10)  # her own pick: given, not got
    assert statistics(three_weeks.ana)["ratings"] == [
        {"member": "Ana", "given": {"average": 10.0, "number": 1}, "got": None}
    ]
    three_weeks.ben.send(f"/films/{MATRIX}/rating", rating=7)
    three_weeks.cleo.send(f"/films/{MATRIX}/rating", rating=4)
    three_weeks.cleo.send(f"/films/{TOYS}/rating", rating=5)
    body = statistics(three_weeks.ana)
    assert body["ratings"] == [
        {
            "member": "Ana",
            "given": {"average": 10.0, "number": 1},
            "got": {"average": 5.5, "number": 2},
        },
        {
            "member": "Ben",
            "given": {"average": 7.0, "number": 1},
            "got": {"average": 5.0, "number": 1},
        },
        {"member": "Cleo", "given": {"average": 4.5, "number": 2}, "got": None},
    ]
    assert body["divided"] == {
        "tmdb_id": MATRIX,
        "title": "The Matrix",
        "year": 1999,
        "lowest": 4,
        "highest": 10,
        "number": 3,
    }
    three_weeks.cleo.send(f"/films/{MATRIX}/rating", rating="")
    assert statistics(three_weeks.ana)["divided"]["lowest"] == 7


def test_who_got_ratings_for_a_counted_pick_stands_there_without_having_given_any(
    three_weeks: Household,
) -> None:
    three_weeks.dan.send("/nominations", tmdb_id=TOYS)  # not counted yet
    three_weeks.cleo.send(f"/films/{TOYS}/rating", rating=5)
    given = {"average": 5.0, "number": 1}
    assert statistics(three_weeks.ana)["ratings"] == [
        {"member": "Ben", "given": None, "got": given},
        {"member": "Cleo", "given": given, "got": None},
    ]


@pytest.mark.parametrize(
    ("ratings", "divided"),
    [
        ({MATRIX: [4, 8], TOYS: [5, 8, 6, 7]}, MATRIX),  # the wider the more
        ({MATRIX: [4, 8], TOYS: [9, 5, 6]}, TOYS),  # then the more ratings
        ({TOYS: [4, 8], MATRIX: [9, 5]}, MATRIX),  # then the lower id
    ],
)
def test_the_most_divided_film(
    household: Household, ratings: dict[int, list[int]], divided: int
) -> None:
    for film, given in ratings.items():
        for person, rating in zip(household.everyone, given, strict=False):
            person.send(f"/films/{film}/rating", rating=rating)
    assert statistics(household.ana)["divided"]["tmdb_id"] == divided


def test_a_film_that_all_agree_on_divides_nobody(household: Household) -> None:
    for person in household.everyone:
        person.send(f"/films/{MATRIX}/rating", rating=8)
    assert statistics(household.ana)["divided"] is None


def test_sealed_ballots_are_not_counted(household: Household, clock: Clock) -> None:
    ids = household.nominate(*FILMS)
    household.ben.send(f"/nominations/{ids[0]}/vote")
    body = statistics(household.ana)
    assert (body["weeks"], body["picks"]["members"], body["voters"]["members"]) == (0, [], [])
    clock.to(5)
    assert statistics(household.ana)["voters"]["best"] == ["Ben"]


def test_a_skipped_week_counts_for_nobody(household: Household, clock: Clock) -> None:
    ids = household.nominate(*FILMS)
    household.ben.send(f"/nominations/{ids[0]}/vote")
    household.ana.send("/weeks/2026-W47/skip")
    clock.to(8)
    body = statistics(household.ana)
    assert (body["weeks"], body["picks"]["members"], body["voters"]["members"]) == (0, [], [])


def test_who_left_keeps_their_wins_and_waits_no_more(three_weeks: Household) -> None:
    with three_weeks.app.app_context(), db.transaction(conn := db.get_db()):
        users.retire(conn, three_weeks.cleo.id, instants.now())
        users.rename(conn, three_weeks.ben.id, "Benedek")
    body = statistics(three_weeks.dan)
    assert "Cleo" in [row["member"] for row in body["picks"]["members"]]
    assert body["waiting"]["longest"] == ["Dan"]
    assert body["voters"]["best"] == ["Benedek"]


def test_the_page_draws_each_chart_with_its_table(three_weeks: Household) -> None:
    three_weeks.ben.send(f"/films/{MATRIX}/rating", rating=7)
    page = " ".join(three_weeks.dan.page("/statistics").split())
    assert page.count('<svg class="chart"') == 5
    assert page.count("<table") == 6
    assert '<th scope="row">Ana</th><td>2</td><td>4</td><td>50 %</td>' in page
    assert "voted for the winner in 2 of 2 weeks" in page
    assert "2 weeks" in page
    assert 'href="/statistics"' in three_weeks.dan.page("/history")


def test_an_empty_household_is_told_what_to_do(household: Household) -> None:
    page = household.dan.page("/statistics")
    assert "There is nothing to count yet." in page
    assert '<svg class="chart"' not in page


def test_ratings_before_the_first_winner_have_a_page_too(household: Household) -> None:
    household.ben.send(f"/films/{MATRIX}/rating", rating=7)
    page = household.dan.page("/statistics")
    assert "No week has had a winner yet" in page
    assert "There is nothing to count yet." not in page
