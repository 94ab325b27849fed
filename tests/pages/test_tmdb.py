"""Search, browse and a film's page with TMDB, and while TMDB is away."""

import logging
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import Clock, Household
from tests.fake_tmdb import FakeTmdb, png

MATRIX, OURS = 603, 987654321
Fetch = Callable[[], None]

RELEASES = {
    "results": [
        {"iso_3166_1": code, "release_dates": [{"type": 3, "certification": text}]}
        for code, text in (("US", "PG-13"), ("DE", "FSK 12"))
    ]
}
TRAILER = {"results": [{"site": "YouTube", "type": "Trailer", "key": "abc-DEF_123"}]}
NOTICE = "uses the TMDB API but is not endorsed or certified by TMDB"


@pytest.fixture
def ours(tmdb: FakeTmdb) -> FakeTmdb:
    tmdb.film(
        OURS,
        "Our Holiday",
        2019,
        runtime=100,
        genres=[{"name": "Comedy"}],
        genre_ids=[35],
        overview="Rain, every day.",
        imdb_id="tt7654321",
        vote_average=6.4,
        release_dates=RELEASES,
        videos=TRAILER,
    )
    return tmdb


def find(household: Household, text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = household.ana.ask(f"/search?q={text}").get_json()["results"]
    return found


def test_a_film_that_only_tmdb_knows_is_found_and_nominated_by_its_id(
    ours: FakeTmdb, household: Household
) -> None:
    assert [film["tmdb_id"] for film in find(household, "our+holiday")] == [OURS]
    assert household.ana.send("/nominations", tmdb_id=OURS).status_code == 200
    card = household.ben.state()["nominations"][0]
    assert (card["title"], card["year"]) == ("Our Holiday", 2019)


def test_a_found_film_has_a_page_at_once_and_a_fuller_one_later(
    ours: FakeTmdb, household: Household, fetch: Fetch
) -> None:
    find(household, "our+holiday")
    page = household.ana.page(f"/films/{OURS}")
    assert "Rain, every day." in page
    assert "PG-13" not in page
    fetch()
    page = household.ana.page(f"/films/{OURS}")
    assert "PG-13" in page
    assert 'href="https://www.youtube.com/watch?v=abc-DEF_123"' in page
    assert 'href="https://www.imdb.com/title/tt7654321/"' in page
    assert NOTICE in page


def test_a_film_that_somebody_opens_comes_before_the_posters_that_they_passed(
    ours: FakeTmdb, household: Household, fetch: Fetch
) -> None:
    find(household, "our+holiday")
    for passed in (MATRIX, 238, OURS):
        household.ana.client.get(f"/posters/film/{passed}")
    household.ana.page(f"/films/{OURS}")
    ours.asked.clear()
    fetch()
    assert ours.asked == [f"/3/movie/{film}" for film in (OURS, MATRIX, 238)]


def test_a_film_that_nobody_knows_yet_is_on_its_way(
    ours: FakeTmdb, household: Household, fetch: Fetch
) -> None:
    refused = household.ana.ask(f"/films/{OURS}")
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (404, "film_coming")
    fetch()
    assert household.ana.ask(f"/films/{OURS}").get_json()["title"] == "Our Holiday"
    unknown = OURS + 1
    household.ana.ask(f"/films/{unknown}")
    fetch()
    assert household.ana.ask(f"/films/{unknown}").get_json()["error"]["code"] == "no_film"


def test_a_wish_by_a_bare_id_gets_its_name_from_a_search(
    ours: FakeTmdb, household: Household
) -> None:
    household.ana.send(f"/watchlist/film/{OURS}")
    for title, genres in ((f"TMDB film {OURS}", []), ("Our Holiday", ["Comedy"])):
        (row,) = household.ana.ask("/discover?row=mine").get_json()["rows"]
        assert [(film["title"], film["genres"]) for film in row["films"]] == [(title, genres)]
        find(household, "our+holiday")


def test_a_link_to_a_film_of_our_list_shows_what_tmdb_leaves_out(
    tmdb: FakeTmdb, household: Household
) -> None:
    tmdb.film(MATRIX, "The Matrix", 1999)
    (film,) = find(household, f"https://www.themoviedb.org/movie/{MATRIX}")
    assert film["runtime"] == 136


def test_a_list_that_tells_less_of_a_film_takes_nothing_away(
    ours: FakeTmdb, household: Household, fetch: Fetch
) -> None:
    find(household, "our+holiday")
    del ours.films[OURS]["overview"]
    ours.lists["/movie/popular"] = [OURS]
    household.ana.page("/search")
    fetch()
    assert household.ana.ask(f"/films/{OURS}").get_json()["overview"] == "Rain, every day."


def test_a_nomination_by_a_bare_id_gets_its_name_later(
    ours: FakeTmdb, household: Household, fetch: Fetch
) -> None:
    household.ana.send("/nominations", tmdb_id=OURS)
    assert household.ana.state()["nominations"][0]["title"] == f"TMDB film {OURS}"
    fetch()
    assert household.ana.state()["nominations"][0]["title"] == "Our Holiday"


def test_the_page_tells_when_the_evening_would_end(
    ours: FakeTmdb, household: Household, fetch: Fetch, clock: Clock
) -> None:
    household.ana.send("/admin/schedule", zone="Europe/Vienna")
    find(household, "our+holiday")
    household.ana.page(f"/films/{OURS}")
    fetch()
    page = _flat(household.ana.page(f"/films/{OURS}"))
    assert "Friday 20 November, 18:00</time>, it ends at 19:40." in page
    clock.to(5, 20)
    household.ana.sign_in("4821")
    assert "If you start now, it ends at 22:40." in household.ana.page(f"/films/{OURS}")


def test_details_are_asked_for_again_after_a_month(
    ours: FakeTmdb, household: Household, fetch: Fetch, clock: Clock
) -> None:
    household.cleo.ask(f"/films/{OURS}")
    fetch()
    ours.films[OURS]["title"] = "Our Holiday, Longer"
    for days, title in ((29, "Our Holiday"), (2, "Our Holiday, Longer")):
        clock.forward(days=days)
        household.cleo.ask(f"/films/{OURS}")
        fetch()
        assert household.cleo.ask(f"/films/{OURS}").get_json()["title"] == title


def test_details_that_are_known_are_not_asked_for_again_and_a_new_poster_is(
    ours: FakeTmdb, household: Household, fetch: Fetch, clock: Clock
) -> None:
    def asked(path: str) -> list[str]:
        ours.films[OURS]["poster_path"] = path
        ours.images[path] = png()
        ours.asked.clear()
        household.cleo.send(f"/films/{OURS}/watched", title="Our Holiday")
        fetch()
        return ours.asked

    film = f"/3/movie/{OURS}"
    assert asked("/old.png") == [film, "/t/p/w500/old.png"]
    assert asked("/old.png") == []
    clock.forward(days=31)
    assert asked("/old.png") == [film]
    clock.forward(days=31)
    assert asked("/new.png") == [film, "/t/p/w500/new.png"]


def test_what_tmdb_said_once_stays_when_it_says_it_no_more(
    ours: FakeTmdb, household: Household, fetch: Fetch, clock: Clock
) -> None:
    household.cleo.ask(f"/films/{OURS}")
    fetch()
    said = household.cleo.ask(f"/films/{OURS}").get_json()
    for fact in ("overview", "imdb_id", "vote_average", "release_date", "runtime", "genres"):
        del ours.films[OURS][fact]
    ours.films[OURS]["title"] = said["title"] = "Our Holiday, Longer"
    clock.forward(days=31)
    household.cleo.ask(f"/films/{OURS}")
    fetch()
    assert household.cleo.ask(f"/films/{OURS}").get_json() == said


def test_a_tmdb_that_has_failed_is_left_alone_and_so_is_the_film(
    tmdb: FakeTmdb, household: Household, fetch: Fetch
) -> None:
    tmdb.fail("/3/", status=500)
    for film in (OURS, OURS + 1, OURS + 2):
        household.ana.ask(f"/films/{film}")
    fetch()
    assert tmdb.asked == [f"/3/movie/{OURS + 2}"]
    tmdb.mend()
    again = household.ana.ask(f"/films/{OURS + 2}").get_json()
    assert again["error"]["code"] == "no_film"


def test_another_country_has_other_age_ratings(
    ours: FakeTmdb, household: Household, fetch: Fetch
) -> None:
    household.cleo.ask(f"/films/{OURS}")
    fetch()
    assert household.ana.send("/admin/country", country="de").get_json() == {"country": "DE"}
    assert household.cleo.ask(f"/films/{OURS}").get_json()["certification"] is None
    fetch()
    assert household.cleo.ask(f"/films/{OURS}").get_json()["certification"] == "FSK 12"
    assert 'value="DE"' in household.ana.page("/admin")


NO_COUNTRIES: list[str] = ["D", "DEU", "D1", "ÄÖ", ""]


def test_a_country_is_two_letters(
    ours: FakeTmdb, household: Household, subtests: pytest.Subtests
) -> None:
    for country in NO_COUNTRIES:
        with subtests.test(country=country):
            answer = household.ana.submit("/admin/country", country=country)
            assert answer.status_code == 422
            assert "role=alert" in answer.text


def test_what_the_household_knew_stays_when_tmdb_does_not_say_it(
    tmdb: FakeTmdb, household: Household, fetch: Fetch
) -> None:
    tmdb.film(MATRIX, "The Matrix", 1999)
    household.nominate(MATRIX)
    fetch()
    body = household.ana.ask(f"/films/{MATRIX}").get_json()
    assert (body["runtime"], body["genres"]) == (136, ["Action", "Science Fiction"])


@pytest.mark.parametrize(
    "how", [{"status": 401}, {"status": 429}, {"body": b"<html>"}, {"body": b"{", "claimed": 9}]
)
def test_while_tmdb_is_away_pages_and_searches_answer(
    tmdb: FakeTmdb, household: Household, fetch: Fetch, how: dict[str, Any]
) -> None:
    tmdb.fail("/3/", **how)
    assert find(household, "the+matrix")[0]["tmdb_id"] == MATRIX
    household.nominate(MATRIX)
    for url in ("/", "/search", f"/films/{MATRIX}"):
        page = household.ana.page(url)
        assert tmdb.key not in page
        fetch()
    assert "Short tonight" in household.ana.page("/search")


def test_a_hostile_title_is_text_wherever_it_stands(
    tmdb: FakeTmdb, household: Household, fetch: Fetch
) -> None:
    title = '<script>go()</script>\u202e"' + "W" * 300
    tmdb.film(OURS, title, overview="<img src=x onerror=go()>")
    tmdb.lists["/trending/movie/week"] = [OURS]
    page = household.ana.page("/search?q=%3Cscript")
    fields = dict(re.findall(r'name="(tmdb_id|title|year)" value="([^"]*)"', page))
    sent = fields | {
        "title": fields["title"].replace("&lt;", "<").replace("&#34;", '"').replace("&gt;", ">")
    }
    assert household.ana.submit("/nominations", **sent).status_code == 303
    household.ana.page("/search")
    fetch()
    for url in ("/", "/search", "/search?row=trending", f"/films/{OURS}"):
        page = household.ana.page(url)
        assert "&lt;script&gt;go()" in page
        assert "<script>go" not in page
        assert "<img src=x" not in page
        assert "\u202e" not in page


ODD_TEXTS: list[str] = ["%27%22", "%25_", "%00", "%F0%9F%8E%AC", "a" * 400, "%ED%A0%80"]


def test_any_text_may_be_asked_of_tmdb(
    ours: FakeTmdb, household: Household, subtests: pytest.Subtests
) -> None:
    for text in ODD_TEXTS:
        with subtests.test(text=text):
            assert household.ana.client.get(f"/search?q={text}").status_code == 200
            assert all(len(asked.get("query", "")) <= 200 for asked in ours.queries)


def test_rows_of_tmdb_come_behind_the_page_and_are_kept_for_hours(
    ours: FakeTmdb,
    household: Household,
    fetch: Fetch,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    ours.lists |= {"/trending/movie/week": [OURS], "/movie/now_playing": [OURS], "35": [OURS]}
    first = household.ana.page("/search")
    assert "Trending" not in first
    assert "Short tonight" in first
    assert ours.asked == []
    fetch()
    assert not [one for one in caplog.records if one.levelno >= logging.WARNING]
    asked = len(ours.asked)
    page = household.ana.page("/search")
    for row in ("Trending this week", "In theaters", "Comedy", "Short tonight", "1980s"):
        assert row in page
    assert [
        film["tmdb_id"] for film in household.ana.ask("/search?row=Comedy").get_json()["results"]
    ] == [OURS]
    fetch()
    assert len(ours.asked) == asked
    clock.forward(hours=7)
    assert "Trending this week" in household.ana.page("/search")
    fetch()
    assert len(ours.asked) == 2 * asked


def test_without_tmdb_there_are_rows_to_browse_as_well(household: Household) -> None:
    page = household.ana.page("/search")
    assert NOTICE not in page
    for row in ("Short tonight", "Science Fiction", "1950s", "Surprise me"):
        assert row in page
    short = household.ana.ask("/search?row=short").get_json()["results"]
    assert len(short) == 20
    assert all(film["runtime"] < 100 for film in short)
    fifties = household.ana.ask("/search?row=1950s").get_json()["results"]
    assert all(1950 <= film["year"] <= 1959 for film in fifties)
    assert "No idea?" in household.ana.page("/search?row=nonsense")


def test_surprise_me_has_others_each_time(household: Household, clock: Clock) -> None:
    def ideas() -> list[str]:
        return re.findall(r'id="nominate-(\d+)"', household.ana.page("/search?row=surprise"))

    first = ideas()
    clock.now += timedelta(seconds=1)
    assert len(first) == 6
    assert ideas() != first


def _flat(page: str) -> str:
    return " ".join(page.split())
