"""What Trakt has not taken yet: how long it waits, behind whom, and what goes on meanwhile."""


import pytest

from blueprints.serving import timed
from tests.conftest import Household
from tests.fake_trakt import Account, faults
from tests.trakt.connected import Connected, connected
from tests.trakt.synced import Synced, synced
from trakt import pushing, sync

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
    household.ana.send("/films/603/rating", rating=7)
    synced.settle()
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
    for _try in range(pushing.PATIENCE):
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
    assert household.ana.page("/settings").count("Do not send") == 2
    assert household.ana.send(DROP.format(2)).status_code == 200
    connected.clock.forward(hours=1)
    synced.due()
    assert (len(ana.plays), values(ana)) == (1, {})


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
    monkeypatch.setattr(sync, "send", lambda _conn, _config, user_id: asked.append(user_id))
    synced.due()
    assert asked == []
    connected.clock.forward(minutes=1)
    synced.due()
    assert asked == [household.ana.id]


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
        timed.keep_links_fresh()
    synced.due()
    assert [play.title for play in account.plays.values()] == [*account.ratings] == [film]
