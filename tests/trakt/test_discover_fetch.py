"""What Trakt recommends, what is trending and popular: fetched behind the page, kept for hours."""

from collections.abc import Iterator
from threading import Event
from typing import Any

import pytest

from services import discover_fetch
from tests.conftest import Clock, Household, Person
from tests.fake_trakt import Account, Title, faults
from tests.trakt.connected import Connected, connected
from tests.trakt.synced import Synced, synced

__all__ = ["connected", "synced"]

RECOMMENDED, TRENDING = "/recommendations/movies", "/movies/trending"
CHARTS = [f"/{kind}/{name}" for name in ("trending", "popular") for kind in ("movies", "shows")]


class Discovered:
    def __init__(self, synced: Synced) -> None:
        self.app, self.trakt, self.connected = synced.app, synced.trakt, synced.connected

    def settle(self) -> None:
        """Until what the pages asked for is there."""
        assert discover_fetch.of_app(self.app).executor.wait(20)

    def look(self, person: Person) -> dict[str, Any]:
        """What the page holds once it has been fetched."""
        person.ask("/discover")
        self.settle()
        body: dict[str, Any] = person.ask("/discover").get_json()
        self.settle()
        return body

    def rows(self, person: Person) -> dict[tuple[str, str], list[dict[str, Any]]]:
        rows = self.look(person)["rows"]
        return {(row["source"], row["films"][0]["kind"]): row["films"] for row in rows}


@pytest.fixture
def discovered(synced: Synced) -> Iterator[Discovered]:
    discovered = Discovered(synced)
    yield discovered
    discovered.settle()


@pytest.fixture
def heat(synced: Synced) -> Title:
    return synced.trakt.film(949, "Heat", 1995, runtime=170, genres=("crime",), certification="R")


@pytest.fixture
def street(synced: Synced) -> Title:
    return synced.trakt.show(900_001, "Harbour Street", 2010)


@pytest.fixture
def ana(household: Household, connected: Connected, heat: Title, street: Title) -> Account:
    account = connected.linked(household.ana)
    account.recommended = [heat, street]
    connected.trakt.log.clear()
    return account


def titles(films: list[dict[str, Any]]) -> list[str]:
    return [film["title"] for film in films]


def test_rows_come_behind_the_page_and_in_their_order(
    household: Household, discovered: Discovered, ana: Account, heat: Title, street: Title
) -> None:
    nameless = discovered.trakt.film(None, "Nobody’s Film", 2001)
    quiet = discovered.trakt.film(7001, "A Quiet Film", 2001, genres=("science-fiction",))
    discovered.trakt.trending = [nameless, quiet, street]
    discovered.trakt.popular = [street, heat]
    looked = Event()
    discovered.trakt.fail("/", faults.held(looked), times=6)  # as many lists as there are
    first = household.ana.ask("/discover").get_json()
    looked.set()
    assert first == {"rows": [], "coming": True}
    household.ana.send("/watchlist/film/603")
    found = discovered.rows(household.ana)
    assert list(found) == [
        ("watchlist", "film"),
        ("recommended", "film"),
        ("recommended", "show"),
        ("trending", "film"),
        ("trending", "show"),
        ("popular", "film"),
        ("popular", "show"),
    ]
    (film,) = found["trending", "film"]
    assert (film["title"], film["genres"]) == ("A Quiet Film", ["Science Fiction"])
    assert film["reason"] == "No. 1 of what Trakt sees watched right now"
    (film,) = found["recommended", "film"]
    assert (film["runtime"], film["certification"]) == (170, "R")
    assert household.ana.ask("/discover").get_json()["coming"] is False


def test_everybody_shares_the_charts_and_nobody_anothers_recommendations(
    household: Household, connected: Connected, discovered: Discovered, ana: Account, heat: Title
) -> None:
    discovered.trakt.trending = [heat]
    ben = connected.linked(household.ben, "ben-films")
    ben.recommended = [discovered.trakt.film(7002, "Ben’s Film", 2001)]
    discovered.trakt.log.clear()
    assert titles(discovered.rows(household.ana)["recommended", "film"]) == ["Heat"]
    assert titles(discovered.rows(household.ben)["recommended", "film"]) == ["Ben’s Film"]
    assert list(discovered.rows(household.dan)) == [("trending", "film")]
    assert titles(discovered.rows(household.ana)["recommended", "film"]) == ["Heat"]
    assert [discovered.trakt.count(path) for path in (*CHARTS, RECOMMENDED)] == [1, 1, 1, 1, 2]


def test_answers_are_kept_for_hours(
    household: Household, discovered: Discovered, ana: Account, clock: Clock, heat: Title
) -> None:
    def asked() -> tuple[int, int]:
        discovered.look(household.ana)
        return discovered.trakt.count(TRENDING), discovered.trakt.count(RECOMMENDED)

    assert asked() == (1, 1)
    clock.forward(hours=5, minutes=59)
    assert asked() == (1, 1)
    discovered.trakt.trending = [heat]
    clock.forward(minutes=1)
    assert asked() == (2, 1)
    clock.forward(hours=6)
    assert asked() == (3, 2)
    assert "Heat" in household.ana.page("/discover")


def test_a_new_answer_takes_the_place_of_the_last_one_in_trakts_order(
    household: Household, discovered: Discovered, ana: Account, clock: Clock, heat: Title
) -> None:
    zebra, apple = (discovered.trakt.film(7006, "Zebra"), discovered.trakt.film(7007, "Apple"))
    discovered.trakt.trending = [heat, zebra, apple]
    assert titles(discovered.rows(household.ana)["trending", "film"]) == ["Heat", "Zebra", "Apple"]
    clock.forward(hours=6)
    discovered.trakt.trending = [zebra, apple]
    assert titles(discovered.rows(household.ana)["trending", "film"]) == ["Zebra", "Apple"]


def test_a_film_and_a_show_of_one_number_are_told_apart(
    household: Household, synced: Synced, discovered: Discovered, ana: Account
) -> None:
    film, show = synced.trakt.film(77, "A Far Film"), synced.trakt.show(77, "A Far Street")
    synced.trakt.trending = [film, show]
    discovered.look(household.ana)
    assert "A Far Street" in household.ben.client.get("/posters/show/77").text
    household.ana.send("/discover/show/77/hide")
    synced.settle()
    assert ana.hidden == {show}


def test_an_old_answer_stays_while_trakt_is_away_which_is_left_alone_for_a_while(
    household: Household, discovered: Discovered, ana: Account, clock: Clock
) -> None:
    discovered.look(household.ana)
    clock.forward(hours=13)
    discovered.trakt.fail("/", faults.answer(503), times=100)
    discovered.trakt.log.clear()
    for _time in range(3):
        assert titles(discovered.rows(household.ana)["recommended", "film"]) == ["Heat"]
    page = household.ana.page("/discover")
    assert "Trakt does not answer right now." in page
    assert "data-coming" not in page
    tried = len(discovered.trakt.log)
    discovered.look(household.ana)
    assert len(discovered.trakt.log) == tried


def test_what_i_have_seen_meanwhile_is_not_recommended(
    household: Household, discovered: Discovered, ana: Account
) -> None:
    assert ("recommended", "film") in discovered.rows(household.ana)
    household.ana.send("/films/949/watched")
    assert ("recommended", "film") not in discovered.rows(household.ana)


def test_not_interested_reaches_trakt_by_its_own_id(
    household: Household, synced: Synced, discovered: Discovered, ana: Account, heat: Title
) -> None:
    discovered.look(household.ana)
    household.ana.send("/discover/film/949/hide")
    synced.settle()
    assert ana.hidden == {heat}
    assert ("recommended", "film") not in discovered.rows(household.ana)


def test_not_interested_taken_back_in_time_never_reaches_trakt(
    household: Household, synced: Synced, discovered: Discovered, ana: Account
) -> None:
    discovered.look(household.ana)
    synced.trakt.fail("/recommendations/movies/", faults.answer(503), times=4)
    household.ana.send("/discover/film/949/hide")
    synced.settle()
    assert "Heat is not for you." in household.ana.page("/settings")
    household.ana.send("/discover/film/949/unhide")
    synced.settle()
    assert (ana.hidden, synced.outbox(household.ana)) == (set(), [])


def test_wishes_for_films_and_shows_reach_trakt_and_go_again(
    household: Household,
    synced: Synced,
    discovered: Discovered,
    ana: Account,
    heat: Title,
    street: Title,
) -> None:
    discovered.look(household.ana)
    household.ana.send("/watchlist/film/949")
    household.ana.send("/watchlist/show/900001")
    synced.settle()
    assert set(ana.wishes) == {heat, street}
    household.ana.send("/watchlist/film/949/remove")
    household.ana.send("/watchlist/show/900001/remove")
    synced.settle()
    assert ana.wishes == {}


def test_a_full_watchlist_is_told_with_the_number_of_the_account(
    household: Household, connected: Connected, synced: Synced, heat: Title
) -> None:
    account = connected.trakt.account("ana-films", watchlist_limit=1)
    assert connected.link(household.ana, account).status_code == 303
    account.wish(connected.trakt.film(603, "The Matrix", 1999))
    assert household.ana.send("/watchlist/film/949").status_code == 200
    synced.settle()
    for url in ("/discover", "/discover?row=mine", "/settings"):
        page = household.ana.page(url)
        assert "You want to see Heat." in page
        assert "a free account has room for 1 title there" in page


def test_of_what_waits_for_trakt_only_a_wish_that_cannot_go_is_told(
    household: Household, synced: Synced, ana: Account
) -> None:
    synced.trakt.fail("/sync/watchlist", faults.answer(503), times=20)
    household.ana.send("/watchlist/film/949")
    household.ana.send("/films/603/rating", rating=9)  # of a film that this Trakt does not know
    synced.settle()
    assert ("rated", "parked") in [letter[:2] for letter in synced.outbox(household.ana)]
    page = household.ana.page("/discover")
    assert "What waits for Trakt" not in page


def test_the_watchlist_at_trakt_is_there_to_nominate_from(
    household: Household, synced: Synced, ana: Account, heat: Title, street: Title
) -> None:
    ana.wish(heat)
    ana.wish(street)
    synced.press(household.ana)
    page = household.ana.page("/discover?row=mine")
    assert 'id="nominate-watchlist-film-949"' in page
    assert "Harbour Street" in page
    assert household.ana.submit("/nominations", tmdb_id=949).status_code == 303
    assert household.ben.state()["nominations"][0]["title"] == "Heat"


def test_unlinking_takes_the_recommendations_along(
    household: Household, discovered: Discovered, ana: Account
) -> None:
    discovered.connected.linked(household.ben, "ben-films").recommended = ana.recommended
    for person in (household.ana, household.ben):
        assert ("recommended", "film") in discovered.rows(person)
    assert household.ana.submit("/auth/trakt/unlink").status_code == 303
    asked = discovered.trakt.count(RECOMMENDED)
    assert ("recommended", "film") not in discovered.rows(household.ana)
    assert ("recommended", "film") in discovered.rows(household.ben)
    assert discovered.trakt.count(RECOMMENDED) == asked


def test_a_film_that_only_trakt_tells_of_has_a_page_and_can_be_nominated(
    household: Household, discovered: Discovered, ana: Account
) -> None:
    discovered.trakt.trending = [discovered.trakt.film(7003, "A Far Film", 2003, runtime=99)]
    discovered.look(household.ana)
    assert "A Far Film" in household.ana.page("/films/7003")
    assert "A Far Film" in household.ana.client.get("/posters/film/7003").text
    assert household.ana.send("/nominations", tmdb_id=7003).status_code == 200
    assert household.ben.ask("/films/7003").get_json()["runtime"] == 99


def test_a_film_that_was_only_a_number_is_called_what_trakt_tells(
    household: Household, discovered: Discovered, ana: Account
) -> None:
    household.ben.ask("/search?q=77003")
    household.ben.send("/nominations", tmdb_id=77003)
    assert household.ben.ask("/films/77003").get_json()["title"] == "TMDB film 77003"
    discovered.trakt.trending = [discovered.trakt.film(77003, "A Far Film", 2003)]
    discovered.look(household.ana)
    assert household.ben.ask("/films/77003").get_json()["title"] == "A Far Film"


def find(person: Person, text: str) -> list[str]:
    results = person.ask("/search", query_string={"q": text}).get_json()["results"]
    return titles(results)


def test_search_asks_trakt_too_once_somebody_is_linked(
    household: Household, connected: Connected, discovered: Discovered
) -> None:
    discovered.trakt.film(7004, "Zanzibar: The +1 Film", 2004)
    discovered.trakt.film(7005, "Zanzibar", 2005)
    assert find(household.ben, "zanzibar") == []
    assert discovered.trakt.log == []
    connected.linked(household.ana)
    assert find(household.ben, "zanzibar") == ["Zanzibar", "Zanzibar: The +1 Film"]
    assert find(household.ben, "zanzibar: the +1 film") == ["Zanzibar: The +1 Film"]
    assert household.ben.send("/nominations", tmdb_id=7005).status_code == 200
    discovered.trakt.log.clear()
    for text in ("za", "https://www.themoviedb.org/movie/603", "tmdb:603"):
        find(household.ben, text)
    assert discovered.trakt.log == []


def test_search_goes_on_without_trakt(
    household: Household, connected: Connected, discovered: Discovered
) -> None:
    connected.linked(household.ana)
    discovered.trakt.fail("/search/", faults.answer(503), times=50)
    assert "The Matrix" in find(household.ben, "matrix")
    discovered.trakt.log.clear()
    assert "The Matrix" in find(household.ben, "matrix")
    assert discovered.trakt.log == []  # left alone after it failed
