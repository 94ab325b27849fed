"""What two members want to see, here and at Trakt: each wish is its member's own."""

import pytest

from tests.conftest import Clock, Household, Person
from tests.fake_trakt import Account, Title, faults
from tests.trakt.connected import Connected, connected
from tests.trakt.synced import Synced, synced

__all__ = ["connected", "synced"]

WATCHLIST = "/sync/watchlist"


@pytest.fixture
def matrix(synced: Synced) -> Title:
    return synced.trakt.film(603, "The Matrix", 1999)


@pytest.fixture
def heat(synced: Synced) -> Title:
    return synced.trakt.film(949, "Heat", 1995)


def others(synced: Synced, count: int) -> list[Title]:
    return [synced.trakt.film(7000 + number, f"Film {number}") for number in range(count)]


def full(connected: Connected, person: Person, *wishes: Title) -> Account:
    """An account whose watchlist has room for just these."""
    account = connected.trakt.account("no-room", watchlist_limit=len(wishes))
    assert connected.link(person, account).status_code == 303
    for title in wishes:
        account.wish(title)
    return account


def mine(person: Person) -> set[int]:
    body = person.ask("/discover?row=mine").get_json()
    return {film["tmdb_id"] for row in body["rows"] for film in row["films"]}


def wanted_by(household: Household, film: int) -> list[str]:
    names: list[str] = household.dan.ask(f"/films/{film}").get_json()["wanted_by"]
    return names


def test_what_one_removes_at_trakt_stays_anothers_and_so_does_what_trakt_did_not_take(
    household: Household, connected: Connected, synced: Synced, matrix: Title, heat: Title
) -> None:
    first, second = others(synced, 2)
    ana = connected.linked(household.ana)
    ana.wish(heat)
    ben = full(connected, household.ben, heat, first)
    for person in (household.ben, household.ana):
        synced.press(person)
        person.send("/watchlist/film/603")
        synced.settle()
    assert (matrix in ana.wishes, matrix in ben.wishes) == (True, False)
    ben.unwish(heat), ben.wish(second)
    synced.press(household.ben)
    assert mine(household.ben) == {603, 7000, 7001}
    assert wanted_by(household, 949) == ["Ana"]
    ana.unwish(matrix)
    synced.press(household.ana)
    assert wanted_by(household, 603) == ["Ben"]


def test_a_few_wishes_that_all_go_at_trakt_are_gone_whatever_else_is_wished_for_here(
    household: Household, connected: Connected, synced: Synced, heat: Title
) -> None:
    ana = connected.linked(household.ana)
    titles = others(synced, 12)
    for title in titles:
        ana.wish(title)
        household.ben.send(f"/watchlist/film/{title.tmdb}", title=title.title)
    ben = full(connected, household.ben, heat)
    for person in (household.ana, household.ben):
        synced.press(person)
    assert 949 in mine(household.ben)
    ben.unwish(heat)
    synced.press(household.ben)
    assert mine(household.ben) == {title.tmdb for title in titles}


def test_a_wish_made_before_the_link_is_trakts_once_trakt_lists_it(
    household: Household, connected: Connected, synced: Synced, clock: Clock, heat: Title
) -> None:
    account = connected.trakt.account("ana-films")
    account.wish(heat)
    clock.forward(hours=1)
    household.ana.send("/films/603/watched")
    household.ana.send("/watchlist/film/949", title="Heat", year=1995)
    connected.link(household.ana, account)
    assert wanted_by(household, 949) == ["Ana"]
    account.unwish(heat)
    synced.press(household.ana)
    assert mine(household.ana) == set()


def test_a_wish_made_anew_here_is_no_older_than_that(
    household: Household, connected: Connected, synced: Synced, clock: Clock, matrix: Title
) -> None:
    account = connected.trakt.account("ana-films")
    account.wish(matrix)
    for act in ("/films/603/watched", "/watchlist/film/603"):
        clock.forward(hours=1)
        household.ana.send(act)
    connected.link(household.ana, account)
    assert wanted_by(household, 603) == ["Ana"]


def test_a_wish_made_anew_at_trakt_after_the_film_stands_again(
    household: Household, connected: Connected, synced: Synced, clock: Clock, matrix: Title
) -> None:
    account = connected.linked(household.ana)
    account.wish(matrix)
    synced.press(household.ana)
    clock.forward(hours=1)
    household.ana.send("/films/603/watched")
    synced.settle()
    assert wanted_by(household, 603) == []
    clock.forward(hours=1)
    account.wish(matrix)
    synced.press(household.ana)
    assert wanted_by(household, 603) == ["Ana"]


def test_a_wish_made_anew_that_trakt_does_not_take_stays_until_trakt_has_had_it(
    household: Household, connected: Connected, synced: Synced, clock: Clock, matrix: Title
) -> None:
    account = connected.linked(household.ana)
    account.wish(matrix)
    synced.press(household.ana)
    began = clock.now
    clock.forward(hours=1)
    household.ana.send("/films/603/watched")
    synced.settle()
    synced.trakt.fail(WATCHLIST, faults.answer(503), method="POST", times=99)
    clock.forward(hours=1)
    household.ana.send("/watchlist/film/603")
    synced.press(household.ana)
    assert mine(household.ana) == {603}
    account.wish(matrix, at=began)
    synced.press(household.ana)
    account.unwish(matrix)
    synced.press(household.ana)
    assert mine(household.ana) == set()


def test_a_wish_and_its_end_are_told_once(
    household: Household, connected: Connected, synced: Synced, matrix: Title
) -> None:
    connected.linked(household.ana)
    for act, path in (("", WATCHLIST), ("/remove", f"{WATCHLIST}/remove")):
        synced.trakt.log.clear()
        for _time in range(2):
            household.ana.send(f"/watchlist/film/603{act}")
            synced.settle()
        assert synced.trakt.tally() == {f"POST {path}": 1}


def test_what_is_not_for_me_is_told_once_by_the_id_that_my_watchlist_knows(
    household: Household, connected: Connected, synced: Synced, heat: Title
) -> None:
    account = connected.linked(household.ana)
    household.ana.send("/watchlist/film/949", title="Heat")
    synced.settle()
    synced.press(household.ana)
    for _time in range(2):
        household.ana.send("/discover/film/949/hide")
        synced.settle()
    assert account.hidden == {heat}
    assert synced.trakt.count("/recommendations/", "DELETE") == 1


def test_a_show_lends_a_film_of_its_number_no_id(
    household: Household, connected: Connected, synced: Synced
) -> None:
    account = connected.linked(household.ana)
    street = synced.trakt.show(77, "Harbour Street")
    synced.trakt.film(78, "Somebody Else’s Film", trakt=street.trakt)
    account.wish(street)
    synced.press(household.ana)
    household.ana.send("/discover/film/77/hide", title="Our Film")
    synced.settle()
    assert account.hidden == set()
