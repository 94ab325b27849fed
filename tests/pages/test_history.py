"""Past weeks, with who voted for what once it is counted, and what I gave."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

import db
from db import movies, ratings
from db.movies import Movie
from tests.conftest import TUESDAY_NOON, Clock, Household

FILMS = (603, 862, 129, 13)
WEEK = "/weeks/2026-W47"


@pytest.fixture
def counted(household: Household, clock: Clock) -> list[int]:
    """Two votes for the first film, one for the second; the nominations' ids."""
    ids = household.nominate(*FILMS)
    for person, choices in (
        (household.cleo, [ids[0], ids[1]]),
        (household.ben, [ids[0]]),
    ):
        for choice in choices:
            assert person.send(f"/nominations/{choice}/vote").status_code == 200
    clock.to(5)
    return ids


def test_a_counted_week_shows_votes_ballots_and_places(
    household: Household, counted: list[int]
) -> None:
    body = household.dan.ask(WEEK).get_json()
    assert [(film["id"], film["votes"]) for film in body["nominations"]] == [
        (counted[0], 2),
        (counted[1], 1),
        (counted[2], 0),
        (counted[3], 0),
    ]
    assert body["ballots"] == {"Ben": [counted[0]], "Cleo": [counted[0], counted[1]]}
    assert body["result"] == {
        "first": counted[0],
        "second": counted[1],
        "reason": "2 votes; Toy Story has 1.",
    }
    assert (body["watched"], body["receipts"]) == ([], [])


def test_what_was_watched_stands_in_the_week(household: Household, counted: list[int]) -> None:
    household.ben.send(f"{WEEK}/watched", tmdb_id=603, members=["Ben", "Cleo"])
    body = household.dan.ask(WEEK).get_json()
    assert body["watched"] == [
        {"tmdb_id": 603, "members": ["Ben", "Cleo"], "watched_at": "2026-11-20T18:00:00.000Z"}
    ]
    assert body["receipts"] == [
        {"member": name, "tmdb_id": 603, "status": "not linked", "detail": ""}
        for name in ("Ben", "Cleo")
    ]


def test_the_page_of_a_week_names_voters_and_averages(
    household: Household, counted: list[int]
) -> None:
    household.ben.send("/films/603/rating", rating=8)
    household.cleo.send("/films/603/rating", rating=5)
    page = " ".join(household.dan.page(WEEK).split())
    assert '<th scope="row">Cleo</th><td>The Matrix, Toy Story</td>' in page
    assert page.index('<th scope="row">Ben</th>') < page.index('<th scope="row">Cleo</th>')
    assert "Rated 6.5 of 10 on average" in page
    assert page.index("Toy Story") < page.index("Spirited Away")


def test_a_week_that_is_on_has_no_ballots_and_no_votes(household: Household) -> None:
    ids = household.nominate(*FILMS)
    household.ben.send(f"/nominations/{ids[0]}/vote")
    body = household.ana.ask(WEEK).get_json()
    assert body["result"] is None
    assert "ballots" not in body
    assert {film["votes"] for film in body["nominations"]} == {None}
    page = household.ana.page(WEEK)
    assert "Who voted for what" not in page
    assert "We watched it" not in page


def test_history_lists_the_winner_the_second_and_why(
    household: Household, counted: list[int], clock: Clock
) -> None:
    page = household.dan.page("/history")
    assert "Week of 16 November 2026" in page
    assert page.index("The Matrix") < page.index("Toy Story")
    assert "2 votes; Toy Story has 1." in page
    assert "1 vote; Spirited Away has none." in page


def test_a_first_week_says_what_will_be_here(household: Household) -> None:
    assert "No week is over yet." in household.ana.page("/history")
    assert "You have not rated a film yet." in household.ana.page("/my-ratings")


def test_a_week_that_was_skipped_or_without_votes_says_so(
    household: Household, clock: Clock
) -> None:
    household.nominate(603, 862)
    household.ana.send(f"{WEEK}/skip")
    clock.to(8)
    household.nominate(129, 13)
    clock.to(15)
    page = household.ben.page("/history")
    assert "There was no vote." in page
    assert "Nobody voted, so there is no winner." in page
    assert "This week was skipped." in household.ben.page(WEEK)


def test_history_is_of_weeks_that_are_over_and_left_a_trace(
    household: Household, counted: list[int], clock: Clock
) -> None:
    """The winner is nominated again; then a week is empty, and one has only an evening."""
    household.ben.send(f"{WEEK}/watched", tmdb_id=603, members=["Ben"])
    clock.to(8)
    (again,) = household.nominate(603)
    clock.to(10)
    household.ben.send(f"/nominations/{again}/vote")
    clock.to(15)
    household.ana.send("/weeks/2026-W49/skip")
    clock.to(22)
    household.ben.state()
    household.ben.send("/weeks/2026-W50/watched", tmdb_id=862, members=["Ben"])
    clock.to(29)
    household.nominate(603)
    weeks = household.dan.ask("/history").get_json()["weeks"]
    assert {week["week"]: [place["watched"] for place in week["places"]] for week in weeks} == {
        "2026-W50": [],
        "2026-W48": [False],
        "2026-W47": [True, False],
    }


@pytest.fixture
def many_weeks(household: Household, clock: Clock) -> Household:
    """Forty-three past weeks, from 2026-W47 on over a year of 53 weeks."""
    for _ in range(43):
        household.ana.send("/nominations", tmdb_id=603)
        clock.forward(days=7)
    return household


def test_past_weeks_come_by_pages_and_back_again(many_weeks: Household) -> None:
    first = many_weeks.ana.page("/history")
    second = many_weeks.ana.page(linked(first, "before"))
    third = many_weeks.ana.page(linked(second, "before"))
    found = [listed(page) for page in (first, second, third)]
    assert [len(weeks) for weeks in found] == [20, 20, 3]
    assert len(set().union(*found)) == 43
    assert found[0][-1] > found[1][0]
    assert "?after=" not in first
    assert "?before=" not in third
    assert listed(many_weeks.ana.page(linked(third, "after"))) == found[1]
    newest = many_weeks.ana.page(linked(second, "after"))
    fifth = found[0][4].removeprefix("/weeks/")
    for page in (newest, many_weeks.ana.page(f"/history?after={fifth}")):
        assert listed(page) == found[0]
        assert "?after=" not in page


def test_programs_get_the_same_pages(many_weeks: Household) -> None:
    weeks: list[str] = []
    url = "/history"
    while url:
        body = many_weeks.ana.ask(url).get_json()
        weeks += [week["week"] for week in body["weeks"]]
        url = f"/history?before={body['older']}" if body["older"] else ""
    assert len(weeks) == 43
    assert weeks == sorted(weeks, reverse=True)
    assert "2026-W53" in weeks


def test_a_program_reads_who_won_and_whether_it_was_watched(
    household: Household, counted: list[int]
) -> None:
    household.ben.send(f"{WEEK}/watched", tmdb_id=603, members=["Ben"])
    household.ben.send("/films/603/rating", rating=8)
    body = household.dan.ask("/history").get_json()
    first, second = body["weeks"][0]["places"]
    assert body["newer"] is body["older"] is None
    assert first == {
        "tmdb_id": 603,
        "title": "The Matrix",
        "year": 1999,
        "poster": "/posters/film/603",
        "nominated_by": "Ana",
        "reason": body["weeks"][0]["reason"],
        "watched": True,
        "average": 8.0,
    }
    assert (second["title"], second["watched"], second["average"]) == ("Toy Story", False, None)
    page = household.dan.page("/history")
    assert "Watched together." in page
    assert "Rated 8 of 10 on average." in page


@pytest.mark.parametrize("key", ["before=1999-W01", "after=9999-W99", "before=0&after=2026-W47"])
def test_a_page_beyond_the_end_is_the_newest(
    household: Household, counted: list[int], key: str
) -> None:
    assert WEEK in household.ana.page(f"/history?{key}")


def listed(page: str) -> list[str]:
    return re.findall(r'href="(/weeks/[^"]+)"', page)


def linked(page: str, key: str) -> str:
    match = re.search(rf'href="(/history\?{key}=[^"]+)"', page)
    assert match
    return match[1]


ODD_KEYS: list[str] = ["", "x", "\x00", "9999-W99", "%F0%9F"]


def test_an_odd_page_key_leads_to_the_newest_page(
    household: Household, counted: list[int], subtests: pytest.Subtests
) -> None:
    household.ana.send("/films/603/rating", rating=8)
    for before in ODD_KEYS:
        with subtests.test(before=before):
            assert WEEK in household.ana.page(f"/history?before={before}")
            for film in ("", before, 2**63):
                url = f"/my-ratings?before={before}&film={film}"
                assert "The Matrix" in household.ana.page(url)


def test_my_ratings_are_mine_newest_first(household: Household, clock: Clock) -> None:
    for tmdb_id, rating in ((603, 8), (862, 3)):
        household.ana.send(f"/films/{tmdb_id}/rating", rating=rating)
        clock.forward(hours=1)
    household.ben.send("/films/129/rating", rating=10)
    household.ana.send("/films/603/rating", rating=8)  # as before: it keeps its date
    page = household.ana.page("/my-ratings")
    assert page.index("Toy Story") < page.index("The Matrix")
    assert "Spirited Away" not in page
    household.ana.send("/films/603/rating", rating=9)
    page = household.ana.page("/my-ratings")
    assert page.index("The Matrix") < page.index("Toy Story")


def test_ratings_of_one_moment_are_not_lost_between_pages(household: Household) -> None:
    """As the old app's are, which came over all at once."""
    with household.app.app_context(), db.transaction(conn := db.get_db()):
        for tmdb_id in range(1, 121):
            movies.store(conn, Movie(tmdb_id, f"Film {tmdb_id}"))
            ratings.put(conn, household.ana.id, tmdb_id, 5, TUESDAY_NOON)
    url: str | None = "/my-ratings"
    found: list[str] = []
    while url:
        page = household.ana.page(url)
        found += re.findall(r'href="/films/(\d+)"', page)
        older = re.search(r'href="(/my-ratings\?before=[^"]+)"', page)
        url = older[1].replace("&amp;", "&") if older else None
    assert sorted(map(int, found)) == list(range(1, 121))


def count_statements(household: Household, look: Callable[[], Any]) -> int:
    statements: list[str] = []
    with household.app.app_context():
        db.get_db().set_trace_callback(statements.append)
        look()
        db.get_db().set_trace_callback(None)
    return len(statements)


def test_history_asks_no_more_for_more_weeks(household: Household, clock: Clock) -> None:
    def week() -> None:
        household.ana.send("/nominations", tmdb_id=603)
        clock.now += timedelta(days=7)
        household.ana.state()

    def look() -> int:
        return count_statements(household, lambda: household.ana.page("/history"))

    week()
    few = look()
    for _ in range(5):
        week()
    assert few > 0
    assert look() == few
