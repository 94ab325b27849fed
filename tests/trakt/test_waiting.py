"""What Trakt has not taken yet: how long it waits, behind whom, and what goes on meanwhile."""

import time
from threading import Event

import pytest

from services import timers
from tests.conftest import Household
from tests.fake_trakt import Account, faults
from tests.trakt.connected import Connected, connected
from tests.trakt.fakes import Waits
from tests.trakt.synced import Synced, synced
from trakt import push, sync

__all__ = ["connected", "synced"]

HISTORY, RATINGS = "/sync/history", "/sync/ratings"
AGAIN, DROP = ("/settings/trakt/unsent/{}/" + act for act in ("again", "drop"))


@pytest.fixture
def ana(household: Household, connected: Connected) -> Account:
    connected.trakt.film(603, "The Matrix", 1999)
    connected.trakt.film(680, "Pulp Fiction", 1994)
    return connected.linked(household.ana)


def values(account: Account) -> dict[int | None, int]:
    return {title.tmdb: rating.value for title, rating in account.ratings.items()}


def test_each_failure_doubles_the_wait_up_to_an_hour(
    household: Household, connected: Connected, synced: Synced, ana: Account
) -> None:
    synced.trakt.fail(RATINGS, faults.answer(503), method="POST", times=99)
    connected.linked(household.ben, "ben-films")
    household.ana.send("/films/603/rating", rating=7)
    synced.settle()
    synced.press(household.ben)  # hurries nobody else
    for tries, minutes in enumerate((1, 2, 4, 8, 16, 32, 60, 60), 1):
        connected.clock.forward(minutes=minutes, milliseconds=-1)
        synced.due()
        assert synced.trakt.count(RATINGS, "POST") == tries
        connected.clock.forward(milliseconds=1)
        synced.due()
        assert synced.trakt.count(RATINGS, "POST") == tries + 1


@pytest.mark.parametrize(("fault", "status"), [(faults.answer(302), "parked"),
                                               (faults.answer(503), "waiting")])  # fmt: skip
def test_only_an_answer_without_sense_tries_our_patience(
    household: Household,
    connected: Connected,
    synced: Synced,
    ana: Account,
    fault: faults.Fault,
    status: str,
) -> None:
    synced.trakt.fail(RATINGS, fault, method="POST", times=99)
    household.ana.send("/films/603/rating", rating=7)
    synced.settle()
    for _try in range(push.MAX_TRIES):
        assert synced.outbox(household.ana)[0][1] == "waiting"
        connected.clock.forward(hours=1)
        synced.due()
    assert synced.outbox(household.ana)[0][1] == status
    household.ana.send(AGAIN.format(1))
    synced.settle()
    assert synced.outbox(household.ana)[0][1] == "waiting", "it has all our patience again"


def test_a_row_that_waits_holds_up_only_its_own_title_of_its_own_member(
    household: Household, connected: Connected, synced: Synced, ana: Account
) -> None:
    ben = connected.linked(household.ben, "ben-films")
    series = connected.trakt.show(603, "A Series")
    synced.trakt.fail(HISTORY, faults.answer(503), method="POST")
    household.ana.send("/films/603/watched")
    synced.settle()
    for person, tmdb_id in ((household.ana, 603), (household.ana, 680), (household.ben, 603)):
        person.send(f"/films/{tmdb_id}/rating", rating=7)
    household.ana.send("/watchlist/show/603", title="A Series")
    synced.settle()
    assert (values(ana), values(ben), [*ana.wishes]) == ({680: 7}, {603: 7}, [series])
    connected.clock.forward(minutes=1)
    synced.due()
    assert values(ana) == {680: 7, 603: 7}


def test_what_a_failed_run_did_not_come_to_can_still_be_dropped(
    household: Household, connected: Connected, synced: Synced, ana: Account
) -> None:
    synced.trakt.fail("/sync", faults.answer(503), method="POST", times=9)
    household.ana.send("/films/603/watched")
    synced.settle()
    household.ana.send("/films/680/rating", rating=7)
    synced.settle()
    connected.clock.forward(minutes=5)
    before = synced.trakt.count(RATINGS, "POST")
    synced.due()
    assert synced.trakt.count(RATINGS, "POST") == before
    synced.trakt.heal()
    page = household.ana.page("/settings")
    assert page.count("Do not send") == 2
    assert page.index("You have seen The Matrix") < page.index("You gave Pulp Fiction 7")
    assert household.ana.send(DROP.format(2)).status_code == 200
    connected.clock.forward(hours=1)
    synced.due()
    ana.rate(connected.trakt.film(949, "Heat", 1995), 9)
    synced.press(household.ana)
    assert (len(ana.plays), values(ana)) == (1, {949: 9})


def test_the_clock_sends_for_those_alone_who_have_something_due(
    household: Household,
    connected: Connected,
    synced: Synced,
    ana: Account,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connected.linked(household.ben, "ben-films")
    synced.trakt.fail(RATINGS, faults.answer(503), method="POST")
    household.ana.send("/films/603/rating", rating=7)
    synced.settle()
    household.ben.send("/films/949/rating", rating=7)  # which Trakt does not know
    synced.settle()
    asked: list[int] = []
    monkeypatch.setattr(sync, "push_only", lambda _conn, _config, user_id: asked.append(user_id))
    synced.due()
    assert asked == []
    connected.clock.forward(minutes=1)
    synced.due()
    assert asked == [household.ana.id]
    connected.app.config["TRAKT_CLIENT_ID"] = ""
    synced.due()
    assert asked == [household.ana.id], "without an app there is nobody to send to"


def test_until_trakt_tells_whose_account_it_is_what_is_done_waits(
    household: Household, connected: Connected, synced: Synced
) -> None:
    account = connected.trakt.account("ana-films")
    film = connected.trakt.film(603, "The Matrix", 1999)
    synced.trakt.fail("/users/settings", faults.answer(503), times=9)
    connected.link(household.ana, account)
    household.ana.send("/films/603/watched")
    household.ana.send("/films/603/rating", rating=7)
    assert synced.press(household.ana)["pending_writes"] == 2
    assert synced.trakt.count("/sync") == 0
    synced.trakt.heal()
    with connected.conn():
        timers.refresh_links()
    synced.due()
    assert [play.title for play in account.plays.values()] == [*account.ratings] == [film]


@pytest.mark.parametrize("fault", [faults.answer(429, Retry_After="600"), faults.answer(503)])
def test_nobodys_rating_goes_the_way_of_anothers(
    household: Household,
    connected: Connected,
    synced: Synced,
    waits: Waits,
    ana: Account,
    fault: faults.Fault,
) -> None:
    film = connected.trakt.catalogue.titles[0]
    ben = connected.linked(household.ben, "ben-films")
    synced.trakt.fail(RATINGS, fault, method="POST", times=2)
    for person in (household.ana, household.ben, household.cleo):
        person.send("/films/603/rating", rating=7)
        synced.settle()
    household.ben.send("/films/603/rating", rating="")
    ben.rate(film, 9)
    synced.press(household.ben)
    dan = connected.trakt.account("dan-films")
    dan.rate(film, 7)
    connected.link(household.dan, dan)
    cleo = connected.linked(household.cleo, "cleo-films")
    household.cleo.submit("/auth/trakt/unlink")
    connected.clock.forward(hours=1)
    waits.sleep(3600)
    synced.due()
    there = [values(account) for account in (ana, ben, cleo, dan)]
    assert there == [{603: 7}, {603: 9}, {603: 7}, {603: 7}]
    here = [synced.ratings(person)[603][0] for person in household.everyone]
    assert here == [7, 9, 7, 7]


@pytest.mark.parametrize("what", ["watchlist", "watched"])
def test_what_one_member_takes_back_another_still_reads(
    household: Household, connected: Connected, synced: Synced, ana: Account, what: str
) -> None:
    film = connected.trakt.catalogue.titles[0]
    done, undone = (
        ("/watchlist/film/603", "/watchlist/film/603/remove") if what == "watchlist"
        else ("/films/603/watched", "/films/603/unwatched")
    )  # fmt: skip
    household.ana.send(done)
    synced.settle()
    synced.trakt.fail("/sync", faults.answer(503), method="POST", times=9)
    household.ana.send(undone)
    synced.settle()
    ben = connected.trakt.account("ben-films")
    ben.wish(film) if what == "watchlist" else ben.watch(film)
    connected.link(household.ben, ben)
    shown = household.cleo.ask("/films/603").get_json()
    assert [shown["wanted_by"], [play["member"] for play in shown["seen"]]] in (
        [["Ben"], []], [[], ["Ben"]],
    )  # fmt: skip


def test_what_is_under_way_cannot_be_dropped_whoever_sends_meanwhile(
    household: Household, connected: Connected, synced: Synced, ana: Account
) -> None:
    connected.linked(household.ben, "ben-films")
    answered = Event()
    synced.trakt.fail(HISTORY, faults.held(answered), method="POST")
    household.ana.send("/films/603/watched")
    while not ana.plays:
        time.sleep(0.01)
    household.ben.send("/films/603/rating", rating=7)
    while not synced.trakt.count(RATINGS, "POST"):
        time.sleep(0.01)
    assert household.ana.send(DROP.format(1)).status_code == 404
    assert "Do not send" not in household.ana.page("/settings")
    answered.set()
    synced.settle()
    assert synced.outbox(household.ana) == [("watched", "sent", None)]


@pytest.mark.parametrize("fault", [faults.answer(403, body=""), faults.answer(423, body="")])
def test_what_is_wrong_with_the_link_is_no_fault_of_what_waits(
    household: Household, connected: Connected, synced: Synced, ana: Account, fault: faults.Fault
) -> None:
    synced.trakt.fail("/sync", faults.answer(503), method="POST", times=9)
    for act in ("/films/603/watched", "/films/680/watched"):
        household.ana.send(act)
    household.ana.send("/films/680/rating", rating=7)
    synced.settle()
    synced.trakt.heal()
    synced.trakt.fail(HISTORY, fault, method="POST")
    synced.press(household.ana)
    assert values(ana) == {}, "the run ends"
    assert {status for _act, status, _problem in synced.outbox(household.ana)} == {"waiting"}
    connected.clock.forward(minutes=15)
    synced.due()
    assert (len(ana.plays), values(ana)) == (2, {680: 7})


def test_a_write_that_is_answered_by_nothing_is_tried_again(
    household: Household, connected: Connected, synced: Synced, ana: Account
) -> None:
    synced.trakt.fail(RATINGS, faults.answer(200, "null", "application/json"), method="POST")
    household.ana.send("/films/603/rating", rating=7)
    synced.settle()
    connected.clock.forward(minutes=1)
    synced.due()
    assert values(ana) == {603: 7}


def test_a_film_and_a_show_of_one_number_wait_each_for_itself(
    household: Household, connected: Connected, synced: Synced, ana: Account
) -> None:
    connected.linked(household.ben, "ben-films")
    show = connected.trakt.show(603, "A Series")
    synced.trakt.fail("/sync/watchlist", faults.answer(503), method="POST", times=99)
    for person in (household.ana, household.ben):
        for act in ("film/603", "film/603/remove", "film/603", "show/603"):
            person.send(f"/watchlist/{act}", title="A Series")
            synced.settle()
    page = household.ana.page("/settings")
    for title in ("The Matrix", "A Series"):
        assert page.count(f"You want to see {title}.") == 1
    assert synced.status(household.ana)["pending_writes"] == 2
    assert "2 changes wait" in page
    synced.trakt.heal()
    synced.press(household.ana)
    assert [*ana.wishes] == [connected.trakt.catalogue.titles[0], show]
    assert "wait to be sent" not in household.ana.page("/settings")


def test_titles_are_hidden_one_by_one(
    household: Household, connected: Connected, synced: Synced, ana: Account
) -> None:
    films = connected.trakt.catalogue.titles[:2]
    for film in films:
        ana.wish(film)  # which tells Trakt's id
    synced.press(household.ana)
    synced.trakt.fail("/recommendations", faults.answer(503), times=9)
    for film in films:
        household.ana.send(f"/discover/film/{film.tmdb}/hide", title=film.title)
    synced.settle()
    synced.trakt.heal()
    household.ana.send("/discover/film/949/hide", title="Heat")  # nobody has told its id
    synced.press(household.ana)
    assert ana.hidden == {*films}
    assert synced.status(household.ana)["pending_writes"] == 0
    assert "Heat is not for you" not in household.ana.page("/settings")
