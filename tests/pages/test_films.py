"""Finding films, one film's page, its card, and what each of us did with it."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Semaphore
from typing import Any

import pytest

import db
from db import movies
from db.movies import Movie
from movies import Film
from services import film_search
from tests.conftest import PINS, Clock, Household, Person

MATRIX = 603


def find(person: Person, text: str) -> list[dict[str, Any]]:
    answer = person.ask("/search", query_string={"q": text})
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.get_json()["results"]
    return found


def test_a_result_has_every_field(household: Household) -> None:
    household.cleo.send(f"/films/{MATRIX}/watched")
    result = find(household.ana, "the matrix")[0]
    assert result == {
        "tmdb_id": MATRIX,
        "title": "The Matrix",
        "year": 1999,
        "runtime": 136,
        "genres": ["Action", "Science Fiction"],
        "poster": f"/posters/film/{MATRIX}",
        "seen_by": ["Cleo"],
        "note": None,
    }


def test_who_has_left_is_not_named_among_those_who_have_seen_a_film(household: Household) -> None:
    for person in (household.dan, household.cleo):
        person.send(f"/films/{MATRIX}/watched")
    household.ben.send("/weeks/2026-W47/watched", tmdb_id=MATRIX, members=["Ben"])
    household.dan.send("/films/862/watched")
    assert find(household.ana, "the matrix")[0]["seen_by"] == ["Ben", "Cleo", "Dan"]
    household.ana.send(f"/admin/members/{household.dan.id}/retire")
    assert find(household.ana, "the matrix")[0]["seen_by"] == ["Ben", "Cleo"]
    assert find(household.ana, "toy story")[0]["seen_by"] == []


@pytest.mark.parametrize(
    "text", ["MATRIX", "matrlx", "https://www.themoviedb.org/movie/603", "603"]
)
def test_a_film_is_found_however_it_is_typed(household: Household, text: str) -> None:
    assert MATRIX in [film["tmdb_id"] for film in find(household.ana, text)]


def test_a_film_that_is_nominated_says_by_whom(household: Household) -> None:
    household.nominate(MATRIX)
    assert find(household.ben, "the matrix")[0]["note"] == "Ana has nominated it this week."
    page = household.ben.page("/search?q=the+matrix")
    assert "Ana has nominated it this week." in page
    assert re.search(rf'id="nominate-{MATRIX}" disabled', page)


def test_a_winner_of_the_last_year_says_so(household: Household, clock: Clock) -> None:
    first, second, *_rest = household.nominate(MATRIX, 862, 129, 13)
    for nomination in (first, second):
        household.dan.send(f"/nominations/{nomination}/vote")
    clock.to(7)
    assert find(household.ben, "the matrix")[0]["note"] == "Won on 20 November 2026."
    assert find(household.ben, "toy story")[0]["note"] is None
    clock.forward(days=7 * 52)
    household.ben.sign_in(PINS["Ben"])
    assert find(household.ben, "the matrix")[0]["note"] == "Won on 20 November 2026."
    clock.forward(days=7)
    assert find(household.ben, "the matrix")[0]["note"] is None


def test_a_film_that_won_twice_names_the_last_time(household: Household, clock: Clock) -> None:
    for _week in range(2):
        first, *_rest = household.nominate(MATRIX, 862, 129, 13)
        household.cleo.send(f"/nominations/{first}/vote")
        clock.forward(days=7)
    assert find(household.ben, "the matrix")[0]["note"] == "Won on 27 November 2026."


def test_the_page_says_why_nobody_can_nominate_now(household: Household, clock: Clock) -> None:
    assert "disabled" not in household.ben.page("/search?q=matrix")
    household.ana.send("/nominations", tmdb_id=13)
    assert "You have nominated already." in household.ana.page("/search?q=matrix")
    clock.to(3)
    for url in ("/search?q=matrix", f"/films/{MATRIX}"):
        page = household.ben.page(url)
        assert "Nominating is over for this week." in page
        assert re.search(rf'id="nominate-{MATRIX}" disabled', page)


def test_nothing_found_says_what_to_do_next(household: Household) -> None:
    assert find(household.ana, "zzqqxv") == []
    page = household.ana.page("/search?q=zzqqxv")
    assert "Nothing found for “zzqqxv”" in page
    assert "paste its link" in page


@pytest.mark.parametrize(
    ("pasted", "sentence"),
    [
        ("https://www.imdb.com/title/tt0076759/", "That is a link of IMDb"),
        ("https://www.themoviedb.org/tv/1396-breaking-bad", "That is a series."),
        ("\"'%_*\x00" + "x" * 300, "Try fewer or other words."),
    ],
)
def test_what_names_no_film_is_answered_with_what_to_try(
    household: Household, pasted: str, sentence: str
) -> None:
    answer = household.ben.client.get("/search", query_string={"q": pasted})
    assert answer.status_code == 200
    assert sentence in answer.text
    found = household.ben.client.get(
        "/search", query_string={"q": pasted}, headers={"Accept": "application/json"}
    )
    assert found.get_json()["results"] == []


def test_no_question_is_answered_with_suggestions(household: Household, clock: Clock) -> None:
    def suggested() -> list[str]:
        return re.findall(r'id="nominate-(\d+)"', household.ana.page("/search"))

    this_week = suggested()
    assert len(this_week) == 6
    assert suggested() == this_week
    clock.forward(days=7)
    assert suggested() != this_week
    assert find(household.ana, "") == []


def test_a_pasted_link_nominates_with_the_title_it_suggests(household: Household) -> None:
    link = "https://www.themoviedb.org/movie/987654321-our-holiday"
    (found,) = find(household.ana, link)
    assert (found["tmdb_id"], found["title"]) == (987654321, "Our Holiday")
    page = household.ana.client.get("/search", query_string={"q": link}).text
    fields = dict(re.findall(r'name="(tmdb_id|title|year)" value="([^"]*)"', page))
    assert household.ana.submit("/nominations", **fields).status_code == 303
    assert household.ana.state()["nominations"][0]["title"] == "Our Holiday"


ODD_TEXTS: list[str] = ["\x00", "\ud800", "%", "'\"<b>", "x" * 5000, "💥", "9" * 400]


def test_any_text_may_be_asked_for(household: Household, subtests: pytest.Subtests) -> None:
    for text in ODD_TEXTS:
        with subtests.test(text=text):
            query = {"q": text.encode("utf-8", "surrogatepass")}
            answer = household.ana.client.get("/search", query_string=query)
            assert answer.status_code == 200
            assert "<b>" not in answer.text


def test_a_film_has_every_field(household: Household) -> None:
    household.cleo.send(f"/films/{MATRIX}/watched")
    household.cleo.send(f"/films/{MATRIX}/rating", rating=7)
    body = household.ana.send(f"/films/{MATRIX}/rating", rating="10").get_json()
    assert body == {
        "tmdb_id": MATRIX,
        "title": "The Matrix",
        "year": 1999,
        "runtime": 136,
        "genres": ["Action", "Science Fiction"],
        "overview": "",
        "poster": f"/posters/film/{MATRIX}",
        "backdrop": None,
        "certification": None,
        "trailer": None,
        "imdb_id": None,
        "tmdb_rating": None,
        "seen": [{"member": "Cleo", "watched_at": "2026-11-17T12:00:00.000Z", "rating": 7}],
        "wanted_by": [],
        "your_rating": 10,
        "average": 8.5,
    }
    assert household.ana.ask(f"/films/{MATRIX}").get_json() == body


UNKNOWN_FILMS: list[str] = ["987654321", "0", "9223372036854775808", "-1", "abc"]


def test_an_unknown_film_is_404_everywhere(household: Household, subtests: pytest.Subtests) -> None:
    for tmdb_id in UNKNOWN_FILMS:
        with subtests.test(tmdb_id=tmdb_id):
            assert household.ana.ask(f"/films/{tmdb_id}").status_code == 404
            assert household.ana.client.get(f"/films/{tmdb_id}").status_code == 404
            for act in ("watched", "unwatched", "rating"):
                assert household.ana.send(f"/films/{tmdb_id}/{act}", rating=5).status_code == 404
                assert (
                    household.ana.submit(f"/films/{tmdb_id}/{act}", rating="5").status_code == 404
                )


def test_i_have_seen_it_and_take_it_back(household: Household) -> None:
    url = f"/films/{MATRIX}"
    household.ana.send("/films/862/watched")
    for _ in range(2):
        answer = household.ana.submit(f"{url}/watched")
        assert (answer.status_code, answer.location) == (303, f"{url}#seen")
    assert [row["member"] for row in household.ben.ask(url).get_json()["seen"]] == ["Ana"]
    assert "I have not seen it" in household.ana.page(url)
    assert "I have not seen it" not in household.ben.page(url)
    assert household.ana.send(f"{url}/unwatched").get_json()["seen"] == []
    assert [row["member"] for row in household.ben.ask("/films/862").get_json()["seen"]] == ["Ana"]


def test_who_gave_a_rating_is_on_the_page_also_without_having_marked_it_seen(
    household: Household,
) -> None:
    url = f"/films/{MATRIX}"
    household.ben.send(f"{url}/rating", rating=4)
    page = re.sub(r"\s*<[^>]+>\s*", "|", household.ana.page(url))
    assert "|Ben||not marked as seen||4|" in page
    assert "Our average: 4 of 10" in page
    assert "Nobody here has seen it" not in page
    household.ben.send(f"{url}/watched")
    assert "not marked as seen" not in household.ana.page(url)
    household.dan.send(f"{url}/rating", rating=4)
    household.ana.send(f"/admin/members/{household.dan.id}/retire")
    assert "not marked as seen" in household.ana.page(url)


def test_not_seen_takes_me_off_an_evening_that_others_keep(household: Household) -> None:
    url = f"/films/{MATRIX}"
    household.ben.send("/weeks/2026-W47/watched", tmdb_id=MATRIX, members=["Ana", "Ben"])
    household.ana.send(f"{url}/unwatched")
    assert [row["member"] for row in household.ben.ask(url).get_json()["seen"]] == ["Ben"]
    (watched,) = household.ben.ask("/weeks/2026-W47").get_json()["watched"]
    assert watched["members"] == ["Ben"]


def test_a_film_seen_twice_stands_there_once_with_its_last_time(
    household: Household, clock: Clock
) -> None:
    household.ana.send(f"/films/{MATRIX}/watched")
    clock.to(5)
    household.ben.send("/weeks/2026-W47/watched", tmdb_id=MATRIX, members=["Ana"])
    (row,) = household.ben.ask(f"/films/{MATRIX}").get_json()["seen"]
    assert row["watched_at"] == "2026-11-20T18:00:00.000Z"


@pytest.mark.parametrize("rating", [1, 10, "7", 8.0])
def test_a_rating_is_kept_exactly(household: Household, rating: Any) -> None:
    answer = household.ana.send(f"/films/{MATRIX}/rating", rating=rating)
    assert answer.get_json()["your_rating"] == int(rating)


@pytest.mark.parametrize("empty", ["", None])
def test_an_empty_rating_clears_ones_own_of_that_film(household: Household, empty: Any) -> None:
    ana, ben = household.ana, household.ben
    for person, film in ((ana, MATRIX), (ana, 862), (ben, MATRIX)):
        person.send(f"/films/{film}/rating", rating=7)
    answer = ana.send(f"/films/{MATRIX}/rating", rating=empty)
    assert (answer.status_code, answer.get_json()["your_rating"]) == (200, None)
    assert ana.ask("/films/862").get_json()["your_rating"] == 7
    assert ben.ask(f"/films/{MATRIX}").get_json()["your_rating"] == 7


BAD_RATINGS: list[tuple[dict[str, Any], int]] = [
    ({}, 400),
    ({"rating": "abc"}, 400),
    ({"rating": True}, 400),
    ({"rating": [7]}, 400),
    ({"rating": {"stars": 7}}, 400),
    ({"rating": 11}, 422),
    ({"rating": 0}, 422),
    ({"rating": -1}, 422),
    ({"rating": 7.5}, 422),
    ({"rating": 2**63}, 422),
]


def test_a_bad_rating_changes_nothing(household: Household, subtests: pytest.Subtests) -> None:
    for fields, status in BAD_RATINGS:
        with subtests.test(fields=fields):
            household.ana.send(f"/films/{MATRIX}/rating", rating=7)
            assert household.ana.send(f"/films/{MATRIX}/rating", **fields).status_code == status
            assert household.ana.ask(f"/films/{MATRIX}").get_json()["your_rating"] == 7


@pytest.mark.parametrize(("rating", "status"), [("11", 422), ("abc", 400), ("7.5", 422)])
def test_a_bad_rating_form_comes_back_as_the_films_page(
    household: Household, rating: str, status: int
) -> None:
    page = household.ana.submit(f"/films/{MATRIX}/rating", rating=rating)
    assert page.status_code == status
    assert "role=alert" in page.text
    assert "Who has seen it" in page.text


@pytest.mark.parametrize(("week", "page"), [("2026-W47", "/"), ("2026-W46", "/weeks/2026-W46")])
def test_a_rating_leads_back_to_the_page_of_its_week(
    household: Household, week: str, page: str
) -> None:
    answer = household.ana.submit(f"/films/{MATRIX}/rating", rating="7", week=week)
    assert answer.location == f"{page}#rating-{MATRIX}"


@pytest.mark.parametrize("week", ["https://example.org", "//example.org", "x", "2026-W99"])
def test_a_rating_leads_nowhere_else(household: Household, week: str) -> None:
    answer = household.ana.submit(f"/films/{MATRIX}/rating", rating="7", week=week)
    assert answer.location == f"/films/{MATRIX}#rating-{MATRIX}"


def test_the_page_tells_how_the_film_fared_here(household: Household, clock: Clock) -> None:
    first, *_rest = household.nominate(MATRIX, 862, 129, 13)
    assert "This film is nominated this week." in household.ben.page(f"/films/{MATRIX}")
    household.cleo.send(f"/nominations/{first}/vote")
    clock.to(8)
    winner, last = household.ben.page(f"/films/{MATRIX}"), household.ben.page("/films/13")
    assert "This film is nominated this week." not in winner
    assert "nominated by Ana, the winner" in _flat(winner)
    assert "nominated by Dan, place 4" in _flat(last)
    household.dan.send("/nominations", tmdb_id=MATRIX)
    story = _flat(household.ben.page(f"/films/{MATRIX}"))
    assert story.index("nominated by Dan") < story.index("nominated by Ana, the winner")


def test_a_week_without_votes_gave_no_film_a_win(household: Household, clock: Clock) -> None:
    household.nominate(MATRIX, 862, 129, 13)
    clock.to(8)
    page = household.ben.page(f"/films/{MATRIX}")
    assert "nominated by Ana" in _flat(page)
    assert "the winner" not in page


def test_the_outside_is_linked_without_a_referrer(household: Household) -> None:
    page = household.ana.page(f"/films/{MATRIX}")
    assert f'href="https://www.themoviedb.org/movie/{MATRIX}" rel="noreferrer"' in page


def test_a_film_of_the_household_is_known_though_no_list_has_it(household: Household) -> None:
    with household.app.app_context(), db.transaction(conn := db.get_db()):
        movies.store(conn, Movie(987654321, "Our Holiday", 2019, imdb_id="tt7654321"))
    page = household.ana.page("/films/987654321")
    assert "Our Holiday" in page
    assert 'href="https://www.imdb.com/title/tt7654321/" rel="noreferrer"' in page


def test_what_the_household_does_not_know_of_a_film_our_list_tells(household: Household) -> None:
    with household.app.app_context(), db.transaction(conn := db.get_db()):
        movies.store(conn, Movie(MATRIX, "Matrix, our copy", 1999))
    body = household.ana.ask(f"/films/{MATRIX}").get_json()
    assert (body["title"], body["runtime"]) == ("Matrix, our copy", 136)


def test_a_card_is_drawn_for_any_film(household: Household) -> None:
    answer = household.ana.client.get(f"/posters/film/{MATRIX}")
    assert answer.mimetype == "image/svg+xml"
    assert answer.headers["Cache-Control"] == "private, max-age=86400"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "The Matrix" in answer.text
    known = {"If-None-Match": answer.headers["ETag"]}
    again = household.ana.client.get(f"/posters/film/{MATRIX}", headers=known)
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("url", ["/posters/film/987654321", "/posters/show/603"])
def test_a_card_of_something_unknown_has_its_number(household: Household, url: str) -> None:
    text = household.ana.page(url)
    assert url.rsplit("/", 1)[1] in text
    assert "The Matrix" not in text


@pytest.mark.parametrize("url", ["/posters/book/603", "/posters/film/x", f"/posters/film/{2**63}"])
def test_no_card_for_what_cannot_be(household: Household, url: str) -> None:
    assert household.ana.client.get(url).status_code == 404


def _flat(page: str) -> str:
    return " ".join(page.split())


def test_a_source_that_hangs_holds_up_half_of_the_server_at_most(household: Household) -> None:
    asked, ends = Semaphore(0), Event()

    def hangs(_text: str) -> list[Film]:
        asked.release()
        ends.wait(5)
        return []

    def search(person: Person) -> None:
        find(person, "matrix")
        db.close_db(household.app)

    film_search.add_source(household.app, hangs, "slow")
    fifth = Person(household.app)
    fifth.resume(household.ana.session)
    with ThreadPoolExecutor(film_search.MOST_SEARCHES) as threads:
        waiting = [threads.submit(search, person) for person in household.everyone]
        assert all(asked.acquire(timeout=5) for _one in waiting)
        assert find(fifth, "matrix")[0]["title"] == "The Matrix"
        assert not any(one.done() for one in waiting)
        ends.set()
    assert all(one.result() is None for one in waiting)
    find(fifth, "matrix")
    assert asked.acquire(timeout=5)


def test_a_number_that_was_searched_for_takes_no_films_title_away(household: Household) -> None:
    """Nobody here knows the film: until it is nominated under its title it is only a number."""
    (found,) = household.ben.ask("/search?q=987654321").get_json()["results"]
    assert found["title"] == "TMDB film 987654321"
    fields = {"tmdb_id": 987654321, "title": "Our Holiday", "year": 2019}
    (card,) = household.ana.send("/nominations", **fields).get_json()["nominations"]
    assert (card["title"], card["year"]) == ("Our Holiday", 2019)
