"""What could we nominate? Wishes made by hand, without any Trakt."""

import html
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

import db
from db import movies, ratings, watch_history, watchlist
from db.movies import Movie
from db.watchlist import Wish
from movies import bundled
from tests.conftest import TUESDAY_NOON, Clock, Household, Person
from tests.fake_tmdb import FakeTmdb

MATRIX, LION, TOY, HEAT = 603, 8587, 862, 949
SHOW = 900_001
TOY_STORY = Wish("film", TOY, None, "Toy Story", 1995, "2025-01-01T00:00:00.000Z")


def rows(person: Person, query: str = "") -> dict[tuple[str, str], list[dict[str, Any]]]:
    """(source, kind) -> films, in the order of the rows."""
    body = person.ask(f"/discover{query}").get_json()
    return {(row["source"], row["films"][0]["kind"]): row["films"] for row in body["rows"]}


def ids(films: list[dict[str, Any]]) -> list[int]:
    return [film["tmdb_id"] for film in films]


def wish(*people: Person, film: int, kind: str = "film", **named: Any) -> None:
    for person in people:
        answer = person.send(f"/watchlist/{kind}/{film}", **named)
        assert answer.status_code == 200, answer.text


def saw(person: Person, film: int) -> None:
    assert person.send(f"/films/{film}/watched").status_code == 200


def rate(person: Person, **given: int) -> None:
    for film, rating in given.items():
        answer = person.send(f"/films/{film[1:]}/rating", rating=rating)
        assert answer.status_code == 200, answer.text


def test_what_more_of_us_want_and_none_has_seen_comes_first(
    household: Household, clock: Clock
) -> None:
    ana, ben, cleo, dan = household.everyone
    wish(ana, ben, cleo, dan, film=TOY)
    wish(ana, ben, film=MATRIX)
    wish(ana, ben, cleo, film=LION)
    wish(dan, film=HEAT, title="Heat", year=1995)
    saw(dan, TOY)
    found = rows(dan)
    assert list(found) == [("overlap", "film"), ("watchlist", "film")]
    overlap = found["overlap", "film"]
    assert ids(overlap) == [LION, MATRIX]
    assert (overlap[0]["wanted_by"], overlap[0]["seen_by"]) == (["Ana", "Ben", "Cleo"], [])
    assert overlap[0]["reason"] == "On 3 lists: Ana, Ben, Cleo"
    single, seen = found["watchlist", "film"]
    assert (single["title"], single["year"], single["wanted_by"]) == ("Heat", 1995, ["Dan"])
    assert (seen["tmdb_id"], seen["seen_by"]) == (TOY, ["Dan"])
    assert (single["reason"], seen["reason"]) == (
        "You want to see it",
        "On 4 lists: Ana, Ben, Cleo, Dan",
    )


def test_of_films_on_as_many_lists_the_newest_wish_comes_first(
    household: Household, clock: Clock
) -> None:
    for films in ((TOY,), (LION, MATRIX)):
        for film in films:
            wish(household.ana, household.ben, film=film)
        clock.forward(minutes=1)
    assert ids(rows(household.cleo)["overlap", "film"]) == [MATRIX, LION, TOY]


def test_single_wishes_take_turns_so_that_a_long_list_drowns_nobody(
    household: Household, clock: Clock
) -> None:
    wish(household.ben, film=2000, title="Ben’s one")
    for number in range(5):
        clock.forward(minutes=1)
        wish(household.ana, film=1000 + number, title=f"Film {number}")
    found = rows(household.cleo)["watchlist", "film"]
    assert ids(found) == [1004, 2000, 1003, 1002, 1001, 1000]
    assert found[1]["reason"] == "Ben wants to see it"


def test_a_wish_is_over_once_its_member_has_watched_the_film(
    household: Household, clock: Clock
) -> None:
    """As at Trakt, for who is not linked as well; a play before the wish is no end of it."""
    ana, ben, cleo, _dan = household.everyone
    saw(cleo, LION)
    clock.forward(days=3)
    wish(ana, ben, cleo, film=LION)
    wish(ana, film=MATRIX)
    clock.forward(days=1)
    evening = {"tmdb_id": LION, "members": [ana.id]}
    assert ana.send("/weeks/2026-W47/watched", **evening).status_code == 200
    saw(ana, MATRIX)
    (left,) = rows(ben)["watchlist", "film"]
    assert (left["tmdb_id"], left["wanted_by"]) == (LION, ["Ben", "Cleo"])
    assert ana.ask(f"/films/{LION}").get_json()["wanted_by"] == ["Ben", "Cleo"]
    assert rows(ana, "?row=mine") == {}
    assert "Your watchlist is empty." in ana.page("/discover?row=mine")
    assert ana.send("/weeks/2026-W47/unwatched", **evening).status_code == 200
    assert ids(rows(ana, "?row=mine")["watchlist", "film"]) == [LION]
    (left,) = rows(ben)["watchlist", "film"]
    assert left["reason"] == "On 3 lists: Ana, Ben, Cleo"


def test_an_undated_play_ends_a_wish_by_when_it_was_recorded(
    household: Household, clock: Clock
) -> None:
    ana = household.ana
    for film, written in (
        (MATRIX, "2026-11-17T11:59:59.999Z"),
        (TOY, "2026-11-17T12:00:00.000Z"),
        (LION, "2026-11-17T12:00:00.001Z"),
    ):
        wish(ana, film=film)
        with household.app.app_context(), db.transaction(conn := db.get_db()):
            conn.execute(
                "INSERT INTO watch_history (user_id, tmdb_id, source, created_at)"
                " VALUES (?, ?, 'legacy', ?)",
                (ana.id, film, written),
            )
    assert ids(rows(ana, "?row=mine")["watchlist", "film"]) == [MATRIX, TOY]


def test_who_wants_to_see_it_again_wishes_for_it_again(household: Household, clock: Clock) -> None:
    wish(household.ana, film=MATRIX)
    clock.forward(hours=1)
    saw(household.ana, MATRIX)
    clock.forward(hours=1)
    wish(household.ana, film=MATRIX)
    assert ids(rows(household.ana, "?row=mine")["watchlist", "film"]) == [MATRIX]
    assert household.ana.ask(f"/films/{MATRIX}").get_json()["wanted_by"] == ["Ana"]


def test_a_show_is_wished_for_and_not_nominated(household: Household) -> None:
    wish(household.ana, household.ben, film=SHOW, kind="show", title="Harbour Street", year=2010)
    (show,) = rows(household.ana)["overlap", "show"]
    assert (show["kind"], show["title"], show["year"]) == ("show", "Harbour Street", 2010)
    page = household.ana.page("/discover")
    assert "Harbour Street" in page
    assert f'id="nominate-overlap-show-{SHOW}"' not in page
    assert "Harbour Street" in household.cleo.client.get(f"/posters/show/{SHOW}").text


def test_a_show_and_a_film_of_one_number_are_two_titles(household: Household, clock: Clock) -> None:
    ana, ben = household.ana, household.ben
    for kind, title in (("film", "The Matrix"), ("show", "Harbour Street")):
        wish(ana, ben, film=MATRIX, kind=kind, title=title)
    for query in ("", "?row=mine"):
        assert [ids(films) for films in rows(ana, query).values()] == [[MATRIX], [MATRIX]]
    clock.forward(hours=1)
    saw(ana, MATRIX)
    found = rows(household.cleo)
    assert [one["wanted_by"] for one in found["watchlist", "film"]] == [["Ben"]]
    (show,) = found["overlap", "show"]
    assert (show["title"], show["wanted_by"]) == ("Harbour Street", ["Ana", "Ben"])
    assert ids(rows(ana, "?row=mine")["watchlist", "show"]) == [MATRIX]
    ben.send(f"/discover/film/{MATRIX}/hide")
    assert list(rows(ben)) == [("overlap", "show")]
    ben.send(f"/watchlist/show/{MATRIX}/remove")
    found = rows(household.cleo)
    assert [one["wanted_by"] for one in found["watchlist", "film"]] == [["Ben"]]
    assert [one["wanted_by"] for one in found["watchlist", "show"]] == [["Ana"]]


def test_a_wish_made_again_keeps_its_place(household: Household, clock: Clock) -> None:
    for film in (MATRIX, TOY, MATRIX):
        wish(household.ana, film=film)
        clock.forward(minutes=1)
    assert ids(rows(household.ana, "?row=mine")["watchlist", "film"]) == [TOY, MATRIX]


def test_a_wish_is_taken_back_for_me_alone_and_neither_twice_matters(household: Household) -> None:
    wish(household.ben, film=MATRIX)
    for _time in range(2):
        answer = household.ana.send(f"/watchlist/film/{MATRIX}")
        assert answer.get_json()["wanted_by"] == ["Ana", "Ben"]
    for _time in range(2):
        answer = household.ana.send(f"/watchlist/film/{MATRIX}/remove")
        assert (answer.status_code, answer.get_json()["wanted_by"]) == (200, ["Ben"])
    assert rows(household.ana, "?row=mine") == {}


def test_a_film_and_a_show_of_one_number_have_nothing_in_common(household: Household) -> None:
    ana, ben, cleo, dan = household.everyone
    wish(ana, film=MATRIX)
    wish(ana, ben, film=MATRIX, kind="show", title="Harbour Street")
    saw(dan, MATRIX)
    found = rows(cleo)
    (film,), (show,) = found["watchlist", "film"], found["overlap", "show"]
    assert (film["wanted_by"], film["seen_by"]) == (["Ana"], ["Dan"])
    assert (show["wanted_by"], show["seen_by"]) == (["Ana", "Ben"], [])
    assert (show["runtime"], show["genres"]) == (None, [])
    assert "Harbour Street" in cleo.client.get(f"/posters/show/{MATRIX}").text
    hidden = cleo.send(f"/discover/show/{MATRIX}/hide", title="Another").get_json()
    assert hidden["title"] == "Harbour Street"
    for act in ("film/603/hide", "show/603/hide", "show/603/unhide"):
        ana.send(f"/discover/{act}")
    assert list(rows(ana)) == [("overlap", "show")]
    ana.send(f"/watchlist/show/{MATRIX}/remove")
    assert list(rows(ana, "?row=mine")) == [("watchlist", "film")]


def test_who_left_the_household_wishes_no_more_and_has_seen_nothing(
    household: Household, clock: Clock
) -> None:
    ana, ben, _cleo, dan = household.everyone
    saw(dan, LION)
    wish(ana, ben, film=MATRIX)
    wish(ana, dan, film=TOY)
    clock.forward(minutes=1)
    wish(ana, ben, film=LION)
    ana.send(f"/admin/members/{dan.id}/retire")
    found = rows(ana)
    assert ids(found["overlap", "film"]) == [LION, MATRIX]
    (toy,) = found["watchlist", "film"]
    assert (toy["tmdb_id"], toy["wanted_by"]) == (TOY, ["Ana"])


def test_not_interested_hides_it_for_me_alone_and_can_be_undone(household: Household) -> None:
    ana, ben = household.ana, household.ben
    wish(ana, ben, film=MATRIX)
    assert ana.send(f"/discover/film/{MATRIX}/hide").status_code == 200
    assert rows(ana) == {}
    assert ids(rows(ben)["overlap", "film"]) == [MATRIX]
    page = ana.page("/discover")
    assert 'id="undo"' in page
    assert "The Matrix is not shown to you any more." in page
    assert ana.submit(f"/discover/film/{MATRIX}/unhide").status_code == 303
    assert ids(rows(ana)["overlap", "film"]) == [MATRIX]
    for person in (ana, ben):
        person.send(f"/discover/film/{MATRIX}/hide")
    ana.send(f"/discover/film/{MATRIX}/unhide")
    assert rows(ben) == {}


def test_the_undo_is_for_what_i_hid_last_and_for_nobody_else(
    household: Household, clock: Clock
) -> None:
    ana, ben = household.ana, household.ben
    ana.send(f"/discover/film/{MATRIX}/hide")
    clock.forward(minutes=1)
    for person, film in ((ana, LION), (ben, LION), (ana, MATRIX)):
        person.send(f"/discover/film/{film}/hide")
    for person in (ana, ben):
        assert "The Lion King is not shown to you any more." in person.page("/discover")
    ben.send(f"/discover/film/{LION}/unhide")
    assert "is not shown to you any more." not in ben.page("/discover")
    assert "The Lion King is not shown to you any more." in ana.page("/discover")


def test_the_undo_makes_room_after_a_while_and_stays_in_the_list(
    household: Household, clock: Clock
) -> None:
    household.ana.send(f"/discover/film/{MATRIX}/hide")
    clock.forward(minutes=6)
    page = household.ana.page("/discover")
    assert 'id="undo"' not in page
    assert f'action="/discover/film/{MATRIX}/unhide"' in page


def test_my_watchlist_is_there_with_nominating_in_one_tap(
    household: Household, clock: Clock
) -> None:
    wish(household.ana, film=MATRIX)
    wish(household.ben, film=TOY)
    (mine,) = rows(household.ana, "?row=mine")["watchlist", "film"]
    assert (mine["tmdb_id"], mine["reason"], mine["is_wished"]) == (MATRIX, "", True)
    assert [film["is_wished"] for film in rows(household.ben)["watchlist", "film"]] == [False, True]
    page = household.ana.page("/discover?row=mine")
    assert f'id="nominate-watchlist-film-{MATRIX}"' in page
    assert "Toy Story" not in page
    assert f'action="/discover/film/{MATRIX}/hide"' not in page
    assert household.ana.send("/nominations", tmdb_id=MATRIX).status_code == 200
    page = household.ben.page("/discover")
    assert "Ana has nominated it this week." in page
    assert f'id="nominate-watchlist-film-{MATRIX}" disabled' in page
    assert f'id="nominate-watchlist-film-{TOY}" disabled' not in page


def test_this_week_leads_to_my_watchlist_while_i_can_nominate_from_it(
    household: Household, clock: Clock
) -> None:
    def is_led(person: Person) -> bool:
        return bool(
            re.search(r'href="/discover\?row=mine"[^>]*>From my watchlist', person.page("/"))
        )

    ana, ben, cleo, dan = household.everyone
    wish(ana, cleo, film=MATRIX)
    wish(ben, film=SHOW, kind="show", title="Harbour Street")
    assert [is_led(person) for person in household.everyone] == [True, False, True, False]
    clock.forward(hours=1)
    saw(cleo, MATRIX)
    household.nominate(MATRIX)
    assert not is_led(cleo)  # nothing is left on it
    assert not is_led(ana)  # she has nominated
    wish(dan, film=LION)
    assert is_led(dan)
    clock.to(4)
    assert not is_led(dan)


def test_when_nominating_is_over_the_page_says_when_it_begins_and_a_wish_can_be_added(
    household: Household, clock: Clock
) -> None:
    wish(household.ana, film=MATRIX)
    clock.to(4)
    page = household.ben.page("/discover")
    assert "Nominating is over for this week. It starts again on" in page
    assert re.search(r'id="nominate-watchlist-film-603" disabled', page)
    wish(household.ben, film=MATRIX)
    assert ids(rows(household.ben)["overlap", "film"]) == [MATRIX]


def test_a_long_watchlist_comes_by_pages(household: Household) -> None:
    """The newest first, and by their numbers where two were listed at once."""
    with household.app.app_context(), db.transaction(conn := db.get_db()):
        watchlist.upsert_from_trakt(conn, household.ana.id, [TOY_STORY])
        wished = (
            Wish("film", 1000 + n, None, f"Film {n}", 2000, f"2026-01-01T00:00:00.{n // 2:03}Z")
            for n in range(130)
        )
        watchlist.upsert_from_trakt(conn, household.ana.id, wished)
    found: list[str] = []
    for page in (1, 2, 3):
        text = household.ana.page(f"/discover?row=mine&page={page}")
        found += re.findall(r'id="nominate-watchlist-film-(\d+)"', text)
        assert ("Older" in text) is (page < 3)
    films = [film for n in range(1128, 999, -2) for film in (n, n + 1)]
    assert found == [str(film) for film in [*films, TOY]]
    assert ids(rows(household.ana, "?row=mine&genre=Animation")["watchlist", "film"]) == [TOY]
    unseen = rows(household.ana, "?row=mine&page=2&unseen=1")["watchlist", "film"]
    assert ids(unseen) == films[:60]
    for page in (9, 10**17):
        assert "the end of your watchlist" in household.ana.page(f"/discover?row=mine&page={page}")


def test_whose_ratings_agree_with_mine_tells_me_what_they_loved(household: Household) -> None:
    ana, ben, cleo, dan = household.everyone
    rate(ana, f603=9, f862=3)
    rate(ben, f603=9, f862=4, f8587=10, f949=9, f13=8, f680=7)
    rate(cleo, f603=2, f862=9, f278=10)  # rates the other way round
    rate(dan, f603=9, f862=3, f278=10)
    saw(ana, 949)
    saw(cleo, LION)
    ben.send(f"/discover/film/{LION}/hide")
    ana.send(f"/discover/show/{LION}/hide")
    household.ana.send(f"/admin/members/{dan.id}/retire")
    film, last = rows(ana)["alike", "film"]
    assert last["tmdb_id"] == 13
    assert (film["tmdb_id"], film["title"]) == (LION, "The Lion King")
    assert film["reason"] == ("Ben gave it 10 of 10; you two are 0.5 points apart on 2 films")
    ana.send(f"/discover/film/{LION}/hide")
    assert ids(rows(ana)["alike", "film"]) == [13]


FILTERS = {
    "unseen=1": [HEAT, LION, MATRIX, 5000],
    "runtime=90": [LION, TOY],
    "runtime=120": [HEAT, LION, TOY],
    "genre=Animation": [LION, TOY],
    "genre=Western": [],
    "certification=R": [HEAT],
    "unseen=1&runtime=90": [LION],
    "runtime=17": [HEAT, LION, MATRIX, TOY, 5000],
}


def test_filters_go_by_what_is_known_and_say_what_is_not(household: Household) -> None:
    """Film 5000 is known by its name alone."""
    with household.app.app_context(), db.transaction(conn := db.get_db()):
        heat = Movie(HEAT, "Heat", 1995, 120, ("Crime",), certification="R")
        movies.store_details(conn, heat, TUESDAY_NOON)
    for film in (HEAT, LION, MATRIX, TOY, 5000):
        wish(household.ana, film=film, title="Nameless")
    saw(household.ben, TOY)
    for query, expected in FILTERS.items():
        found = [one for films in rows(household.cleo, f"?{query}").values() for one in ids(films)]
        assert sorted(found) == sorted(expected), query
        page = household.cleo.page(f"/discover?{query}")
        assert ("left out, because this is not known" in page) is (5000 not in expected), query
        assert ("Show all again" in page) is (query != "runtime=17"), query


def test_what_a_filter_leaves_out_anyway_is_not_said_to_be_unknown(household: Household) -> None:
    """Of film 5000 neither runtime nor genres are known, but somebody has seen it."""
    wish(household.ana, film=5000, title="Nameless")
    saw(household.ben, 5000)
    for query in ("unseen=1&runtime=90", "unseen=1&genre=Animation"):
        page = household.cleo.page(f"/discover?{query}")
        assert "because this is not known" not in page, query


def test_a_filter_that_nothing_fits_leads_back(household: Household) -> None:
    wish(household.ana, film=TOY)
    page = household.ana.page("/discover?genre=Western&certification=NC-17")
    assert "Nothing that we know of fits that." in page
    for chosen in ("Western", "NC-17"):
        assert f"<option selected>{chosen}</option>" in page
    assert 'href="/discover"' in page


def test_without_trakt_the_charts_are_tmdbs(
    tmdb: FakeTmdb, fetch: Callable[[], None], household: Household
) -> None:
    tmdb.film(77, "Our Holiday", 2019, genre_ids=[35])
    tmdb.lists["/trending/movie/week"] = [77]
    assert rows(household.ana) == {}
    fetch()
    (film,) = rows(household.ana)["trending", "film"]
    assert (film["title"], film["genres"]) == ("Our Holiday", ["Comedy"])
    assert film["reason"] == "No. 1 of what TMDB sees watched right now"


def test_a_page_without_ideas_says_where_they_come_from(household: Household) -> None:
    for url in ("/discover", "/discover?row=mine"):
        page = household.ana.page(url)
        assert 'href="/search"' in page
        assert 'href="/settings#import"' in page
        assert "Link my Trakt" not in page  # there is no app to link with


def test_search_and_a_film_page_take_wishes_too(household: Household) -> None:
    for url in ("/search?q=matrix", f"/films/{MATRIX}"):
        page = household.ben.page(url)
        back = re.search(rf'name="back" value="([^"]+#wish-film-{MATRIX})"', page)
        assert back, url
        answer = household.ben.submit(f"/watchlist/film/{MATRIX}", back=back[1])
        assert answer.headers["Location"] == back[1].replace("?#", "#")
        pressed = rf'id="wish-film-{MATRIX}" aria-pressed="true"'
        page = household.ben.page(url)
        assert re.search(pressed, page)
        assert "Wanted by" not in page
        assert "Wanted by Ben" in household.cleo.page(url)
        household.ben.send(f"/watchlist/film/{MATRIX}/remove")


def seen_form(page: str, film: int) -> dict[str, str]:
    """What the card's "I have seen it" sends, if the card has it."""
    found = re.search(rf'<form [^>]*action="/films/{film}/watched".*?</form>', page, re.DOTALL)
    fields = re.findall(r'name="(title|year|back)" value="([^"]*)"', found[0] if found else "")
    return {name: html.unescape(value) for name, value in fields}


@pytest.mark.parametrize("url", ["/search?q=matrix", "/discover?unseen=", "/discover?row=mine"])
def test_a_card_takes_that_i_have_seen_it_and_leads_back_to_it(
    household: Household, clock: Clock, url: str
) -> None:
    ben = household.ben
    wish(ben, film=MATRIX)
    wish(household.cleo, film=SHOW, kind="show", title="Harbour Street")
    clock.forward(hours=1)
    page = ben.page(url)
    assert f"/films/{SHOW}/watched" not in page
    form = seen_form(page, MATRIX)
    at, anchor = form["back"].split("#")
    assert (at, form["title"], form["year"]) == (url, "The Matrix", "1999")
    assert f'id="{anchor}"' in page
    done = ben.submit(f"/films/{MATRIX}/watched", **form)
    assert (done.status_code, done.location) == (303, form["back"])
    page = ben.page(url)
    assert "You have seen The Matrix. You can take that back on its page." in page
    assert seen_form(page, MATRIX) == {}
    assert ("Seen by Ben" in page) is (url == "/search?q=matrix")  # else the wish is over
    assert seen_form(household.cleo.page("/search?q=matrix"), MATRIX)


def test_a_film_that_only_its_card_names_can_be_seen(household: Household) -> None:
    with household.app.app_context(), db.transaction(conn := db.get_db()):
        listed = Wish("film", 5000, None, "Nameless & Co", 2000, "2026-01-01T00:00:00.000Z")
        watchlist.upsert_from_trakt(conn, household.ana.id, [listed])
    form = seen_form(household.ben.page("/discover"), 5000)
    assert household.ben.submit("/films/5000/watched", **form).status_code == 303
    assert "Seen by Ben" in household.cleo.page("/discover")
    assert household.ana.ask("/films/5000").get_json()["title"] == "Nameless & Co"
    assert household.ben.send("/films/5001/watched").status_code == 404
    assert household.ben.send("/films/5000/watched", title="x" * 301).status_code == 422


def test_who_does_not_say_where_from_is_led_to_the_film(household: Household) -> None:
    for back in ("https://elsewhere.example/", "//elsewhere.example", "/settings"):
        answer = household.ana.submit(f"/films/{MATRIX}/watched", back=back)
        assert answer.location == f"/films/{MATRIX}#seen", back


def test_a_search_as_long_as_can_be_typed_is_led_back_to(household: Household) -> None:
    url = f"/search?q={quote('🎬' * 300)}"
    page = household.ben.page(url)
    (film, *_others) = re.findall(r'action="/films/([0-9]+)/watched"', page)
    form = seen_form(page, int(film))
    answer = household.ben.submit(f"/films/{film}/watched", **form)
    assert (answer.status_code, answer.location) == (303, form["back"])


def test_a_film_is_called_what_its_first_wish_with_a_title_calls_it(household: Household) -> None:
    ana, ben, cleo, _dan = household.everyone
    wish(ana, film=5000)
    for film, person, title in (
        (5000, ben, "Our Holiday"),
        (5001, ana, "Our Holiday"),
        (5001, cleo, "Another"),
    ):
        answer = person.send(f"/watchlist/film/{film}", title=title)
        assert answer.get_json()["title"] == "Our Holiday"
    for person in (ana, cleo):
        person.send("/watchlist/film/5001/remove")
    assert ben.ask("/films/5001").get_json()["title"] == "Our Holiday"


def test_a_row_has_a_page_of_its_own_once_it_is_longer_than_its_reel(
    household: Household, clock: Clock
) -> None:
    ana, ben = household.ana, household.ben
    wish(ana, ben, film=MATRIX)
    for count in range(1, 12):
        wish(ana, film=5000 + count, title=f"Film {count}")
        if count >= 10:
            leads_on = "row=watchlist-film" in ben.page("/discover")
            assert leads_on is (count > 10)
    assert list(rows(ben, "?row=watchlist-film")) == [("watchlist", "film")]
    assert 'href="/discover?unseen=1"' in ben.page("/discover?row=watchlist-film&unseen=1")


def test_a_form_leads_back_to_pages_of_ours_only(household: Household) -> None:
    elsewhere = (
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/settings",
        "/discover\\@x",
        "",
    )
    for back in elsewhere:
        answer = household.ana.submit(f"/watchlist/film/{MATRIX}", back=back)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/discover"), back


def test_a_title_that_makes_no_sense_is_refused_and_nothing_is_kept(household: Household) -> None:
    for kind in ("film", "show"):
        answer = household.ana.send(f"/watchlist/{kind}/77", title="x" * 301)
        assert answer.status_code == 422
        for year in (1869, 3000):
            answer = household.ana.send(f"/watchlist/{kind}/77", title="Our Film", year=year)
            assert answer.status_code == 422
    assert household.ana.send("/watchlist/song/77").status_code == 404
    assert rows(household.ana) == {}


def test_a_hostile_title_is_text(household: Household) -> None:
    wish(household.ana, film=77, title='<script>"x"</script>')
    page = household.ben.page("/discover")
    assert "&lt;script&gt;" in page
    assert "<script>" not in page


def fill(household: Household, first: int, last: int) -> None:
    """Films nominated, wished for, seen and rated by everybody."""
    with household.app.app_context(), db.transaction(conn := db.get_db()):
        for number, film in enumerate(bundled.all_films()[first:last]):
            movies.store(conn, Movie(film.tmdb_id, film.title, film.year))
            for person in household.everyone:
                listed = (conn, person.id, "film", film.tmdb_id, film.title, film.year)
                watchlist.add(*listed, TUESDAY_NOON)
                watch_history.add_own(conn, person.id, film.tmdb_id, TUESDAY_NOON)
                ratings.put(conn, person.id, film.tmdb_id, 8, TUESDAY_NOON)
            conn.execute(
                "INSERT INTO nominations (week, tmdb_id, proposed_by, proposed_at)"
                " VALUES ('2026-W47', ?, ?, '2026-11-17T12:00:00.000Z')",
                (film.tmdb_id, household.everyone[number % 4].id),
            )


def statements(household: Household, url: str) -> int:
    found: list[str] = []
    with household.app.app_context():
        db.get_db().set_trace_callback(found.append)
        page = household.ana.page(url)
        db.get_db().set_trace_callback(None)
    assert "badge--seen" in page
    return len(found)


@pytest.mark.parametrize("url", ["/", "/discover", "/discover?row=mine"])
def test_badges_cost_no_query_for_each_card(household: Household, url: str) -> None:
    household.ana.state()  # the week has begun
    fill(household, 0, 2)
    few = statements(household, url)
    fill(household, 2, 30)
    assert 0 < few == statements(household, url)


def test_badges_of_a_search_cost_the_same_for_one_film_and_for_twenty(
    household: Household,
) -> None:
    household.ana.state()
    fill(household, 0, 2000)
    one = statements(household, "/search?q=all quiet on the western")
    assert 0 < one == statements(household, "/search?q=the")
