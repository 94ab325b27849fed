"""What the household does reaches everybody's Trakt: each play once, each rating as given."""

import time
from datetime import timedelta
from threading import Event
from typing import Any

import pytest

from blueprints.trakt import syncing
from tests.conftest import TUESDAY_NOON, Household, Person
from tests.fake_trakt import Account, Title, faults
from tests.trakt.connected import Connected, connected
from tests.trakt.fakes import Waits
from tests.trakt.synced import Synced, synced
from trakt import pushing, sending_plays, sync
from utils.instants import from_text

__all__ = ["connected", "synced"]

HISTORY, WEEK = "/sync/history", "2026-W47"
EVENING = "2026-11-17T11:00:00.000Z"


@pytest.fixture
def matrix(synced: Synced) -> Title:
    return synced.trakt.film(603, "The Matrix", 1999)


@pytest.fixture
def ana(household: Household, connected: Connected, matrix: Title) -> Account:
    return connected.linked(household.ana)


def watch(person: Person, *members: str, film: int = 603) -> list[dict[str, Any]]:
    answer = person.send(
        f"/weeks/{WEEK}/watched", tmdb_id=film, members=[*members], watched_at=EVENING
    )
    assert answer.status_code == 200, answer.text
    receipts: list[dict[str, Any]] = answer.get_json()["receipts"]
    return receipts


def receipts(person: Person) -> dict[str, str]:
    body = person.ask(f"/weeks/{WEEK}").get_json()
    return {receipt["member"]: receipt["status"] for receipt in body["receipts"]}


def test_an_evening_is_one_play_and_one_request_for_each_linked_member(
    household: Household, connected: Connected, synced: Synced, ana: Account
) -> None:
    ben = connected.linked(household.ben, "ben-films")
    synced.trakt.log.clear()
    first = watch(household.cleo, "Ana", "Ben", "Cleo")
    assert [receipt["status"] for receipt in first] == ["waiting", "waiting", "not linked"]
    synced.settle()
    assert synced.plays(ana) == synced.plays(ben) == [(603, from_text(EVENING))]
    assert synced.trakt.tally() == {f"POST {HISTORY}": 2}
    assert receipts(household.dan) == {"Ana": "sent", "Ben": "sent", "Cleo": "not linked"}


def test_a_rating_arrives_at_once_as_it_was_given(
    household: Household, synced: Synced, ana: Account, matrix: Title
) -> None:
    household.ana.send("/films/603/rating", rating=7)
    synced.settle()
    assert (ana.ratings[matrix].value, ana.ratings[matrix].rated_at) == (7, TUESDAY_NOON)
    household.ana.send("/films/603/rating", rating="")
    synced.settle()
    assert ana.ratings == {}


def test_a_rating_that_arrived_unheard_is_no_news_from_trakt_once_it_was_cleared(
    household: Household, synced: Synced, ana: Account
) -> None:
    synced.trakt.fail("/sync/ratings", faults.lost(), method="POST")
    household.ana.send("/films/603/rating", rating=7)
    synced.settle()
    household.ana.send("/films/603/rating", rating="")
    synced.settle()
    assert len(ana.ratings) == 1
    synced.trakt.heal()
    synced.press(household.ana)
    assert (ana.ratings, synced.ratings(household.ana)) == ({}, {})


def test_nothing_that_came_from_trakt_goes_back_there(
    household: Household, synced: Synced, ana: Account, matrix: Title
) -> None:
    ana.watch(matrix, at=TUESDAY_NOON - timedelta(days=9))
    ana.rate(matrix, 8, at=TUESDAY_NOON - timedelta(days=9))
    ana.wish(synced.trakt.film(949, "Heat", 1995))
    synced.trakt.log.clear()
    for _time in range(3):
        synced.press(household.ana)
    assert synced.trakt.requests(method="POST") == []
    assert synced.outbox(household.ana) == []


def test_a_play_that_trakt_showed_for_that_evening_is_not_sent(
    household: Household, synced: Synced, ana: Account, matrix: Title
) -> None:
    ana.watch(matrix, at=from_text(EVENING) + timedelta(minutes=119))
    synced.press(household.ana)
    watch(household.ana, "Ana")
    synced.settle()
    assert len(ana.plays) == 1
    assert receipts(household.ana) == {"Ana": "already there"}


def test_a_play_of_another_evening_does_not_stand_for_this_one(
    household: Household, connected: Connected, synced: Synced, ana: Account, matrix: Title
) -> None:
    """Nor one of another member’s, nor of another film."""
    ana.watch(matrix, at=from_text(EVENING) - timedelta(minutes=121))
    ana.watch(synced.trakt.film(949, "Heat", 1995), at=from_text(EVENING))
    connected.linked(household.ben, "ben-films").watch(matrix, at=from_text(EVENING))
    for person in (household.ana, household.ben):
        synced.press(person)
    watch(household.ana, "Ana")
    synced.settle()
    assert synced.plays(ana).count((603, from_text(EVENING))) == 1


@pytest.mark.parametrize("film", ["sent", "waiting"])
def test_an_undo_takes_back_exactly_the_play_that_was_sent(
    household: Household, synced: Synced, ana: Account, matrix: Title, film: str
) -> None:
    older = ana.watch(matrix, at=TUESDAY_NOON - timedelta(days=400))
    if film == "waiting":
        synced.trakt.fail(HISTORY, faults.answer(503))
    watch(household.ana, "Ana")
    synced.settle()
    household.ana.send(f"/weeks/{WEEK}/unwatched", tmdb_id=603, members=["Ana"])
    synced.settle()
    synced.connected.clock.forward(hours=2)
    synced.due()
    assert [*ana.plays] == [older.play_id]
    assert synced.status(household.ana)["pending_writes"] == 0


def test_an_undo_while_the_play_is_on_its_way_takes_it_back(
    household: Household, synced: Synced, ana: Account
) -> None:
    is_seen = Event()
    synced.trakt.fail(HISTORY, faults.held(is_seen), method="POST")
    watch(household.ana, "Ana")
    while not ana.plays:
        time.sleep(0.01)
    household.ana.send(f"/weeks/{WEEK}/unwatched", tmdb_id=603, members=["Ana"])
    is_seen.set()
    synced.settle()
    assert synced.plays(ana) == []
    assert synced.outbox(household.ana) == [("unwatched", "sent", None)]


def test_what_is_done_again_waits_for_its_undo(
    household: Household, connected: Connected, synced: Synced, ana: Account
) -> None:
    watch(household.ana, "Ana")
    synced.settle()
    synced.trakt.fail(f"{HISTORY}/remove", faults.refused(), method="POST")
    household.ana.send(f"/weeks/{WEEK}/unwatched", tmdb_id=603, members=["Ana"])
    synced.settle()
    watch(household.ana, "Ana")
    synced.settle()
    assert receipts(household.ana) == {"Ana": "waiting"}
    connected.clock.forward(minutes=5)
    synced.due()
    assert synced.plays(ana) == [(603, from_text(EVENING))]
    assert receipts(household.ana) == {"Ana": "sent"}


def test_what_trakt_does_not_know_is_parked_and_the_rest_arrives(
    household: Household, synced: Synced, ana: Account, matrix: Title
) -> None:
    synced.trakt.fail("/sync", faults.answer(503), times=2)
    watch(household.ana, "Ana")
    watch(household.ana, "Ana", film=680)  # not in the fake's catalogue
    synced.settle()
    synced.connected.clock.forward(hours=1)
    synced.due()
    assert synced.plays(ana) == [(603, from_text(EVENING))]
    assert [row[1:] for row in synced.outbox(household.ana)] == [
        ("sent", None), ("parked", "not_found"),
    ]  # fmt: skip
    page = household.ana.page("/settings")
    assert "You have seen Pulp Fiction" in page
    assert "Try again" in page


def test_a_parked_row_is_tried_again_or_dropped_by_its_member_alone(
    household: Household, synced: Synced, ana: Account
) -> None:
    watch(household.ana, "Ana", film=680)
    synced.settle()
    assert household.ben.send("/settings/trakt/unsent/1/drop").status_code == 404
    assert household.ana.send("/settings/trakt/unsent/1/drop", week=7).status_code == 400
    synced.trakt.film(680, "Pulp Fiction", 1994)
    assert household.ana.send("/settings/trakt/unsent/1/again").status_code == 200
    synced.settle()
    assert receipts(household.ana) == {"Ana": "sent"}
    assert household.ana.send("/settings/trakt/unsent/1/drop").status_code == 404


def test_who_switches_sending_off_keeps_it_here(
    household: Household, synced: Synced, ana: Account
) -> None:
    household.ana.submit("/settings/trakt", by_itself="1")
    watch(household.ana, "Ana")
    household.ana.send("/films/603/rating", rating=7)
    synced.settle()
    assert (ana.plays, ana.ratings) == ({}, {})
    assert receipts(household.ana) == {"Ana": "not linked"}


def test_a_wish_said_twice_is_told_once(household: Household, synced: Synced, ana: Account) -> None:
    synced.trakt.film(603, "The Matrix", 1999)
    synced.trakt.log.clear()
    for door, path in (("", "/sync/watchlist"), ("/remove", "/sync/watchlist/remove")):
        for _time in range(2):
            assert household.ana.send(f"/watchlist/film/603{door}").status_code == 200
            synced.settle()
        assert synced.trakt.tally() == {f"POST {path}": 1}
        synced.trakt.log.clear()


def test_a_rating_given_while_sending_was_off_overtakes_the_one_that_still_waits(
    household: Household, synced: Synced, ana: Account, matrix: Title
) -> None:
    synced.trakt.fail("/sync/ratings", faults.answer(503), method="POST")
    household.ana.send("/films/603/rating", rating=7)
    synced.settle()
    household.ana.submit("/settings/trakt", by_itself="1")
    synced.connected.clock.forward(seconds=30)
    household.ana.send("/films/603/rating", rating=9)
    household.ana.submit("/settings/trakt", by_itself="1", send_ratings="1")
    ana.rate(synced.trakt.film(949, "Heat", 1995), 8)  # so that the list is read again
    synced.press(household.ana)
    assert ana.ratings[matrix].value == synced.ratings(household.ana)[603][0] == 9


def test_while_trakt_is_down_the_evening_waits_and_arrives_afterwards(
    household: Household, connected: Connected, synced: Synced, ana: Account, matrix: Title
) -> None:
    synced.trakt.fail("/", faults.answer(502), times=99)
    watch(household.ana, "Ana")
    household.ana.send("/films/603/rating", rating=9)
    synced.settle()
    for _minute in range(8):
        connected.clock.forward(minutes=30)
        synced.due()
    assert receipts(household.ana) == {"Ana": "waiting"}
    assert synced.status(household.ana)["pending_writes"] == 2
    synced.trakt.heal()
    connected.clock.forward(hours=1)
    synced.due()
    assert synced.plays(ana) == [(603, from_text(EVENING))]
    assert ana.ratings[matrix].value == 9


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize(
    ("room", "point"),
    [
        (pushing, "_batches"),  # claimed, nothing sent
        (sending_plays, "sorted_out"),  # sent, the answer not read
        (pushing, "_mark"),  # the answer read, not written down
    ],
)
def test_killed_between_claim_and_mark_each_play_arrives_once(
    household: Household,
    connected: Connected,
    synced: Synced,
    ana: Account,
    monkeypatch: pytest.MonkeyPatch,
    room: Any,
    point: str,
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(syncing, "ask_to_send", lambda *_args: None)
        watch(household.ana, "Ana")

    def die(*_args: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch, connected.conn() as conn:
        patch.setattr(room, point, die)
        with pytest.raises(Killed):
            sync.send(conn, connected.app.config, household.ana.id)
    assert synced.outbox(household.ana) == [("watched", "claimed", None)]
    synced.due()
    assert synced.plays(ana) == [(603, from_text(EVENING))]
    assert receipts(household.ana) == {"Ana": "sent"}


def test_retry_after_is_kept_to(
    household: Household, connected: Connected, synced: Synced, ana: Account, waits: Waits
) -> None:
    synced.trakt.fail(HISTORY, faults.answer(429, Retry_After="1800"))
    watch(household.ana, "Ana")
    synced.settle()
    connected.clock.forward(minutes=29)
    synced.due()
    assert receipts(household.ana) == {"Ana": "waiting"}
    connected.clock.forward(minutes=2)
    waits.sleep(31 * 60)
    synced.due()
    assert receipts(household.ana) == {"Ana": "sent"}


def test_no_pause_lasts_for_ever(
    household: Household, connected: Connected, synced: Synced, ana: Account, waits: Waits
) -> None:
    synced.trakt.fail(HISTORY, faults.answer(503, Retry_After="999999999"))
    watch(household.ana, "Ana")
    synced.settle()
    connected.clock.forward(minutes=61)
    waits.sleep(61 * 60)
    synced.due()
    assert receipts(household.ana) == {"Ana": "sent"}


def test_a_wish_that_no_longer_fits_leaves_the_others_alone(
    household: Household, connected: Connected, synced: Synced, ana: Account
) -> None:
    ana.watchlist_limit = 1
    synced.trakt.fail("/sync/watchlist", faults.answer(503), method="POST", times=9)
    for tmdb_id, title in ((949, "Heat"), (680, "Pulp Fiction")):
        synced.trakt.film(tmdb_id, title)
        household.ana.send(f"/watchlist/film/{tmdb_id}")
    synced.settle()
    synced.trakt.heal()
    connected.clock.forward(hours=1)
    synced.due()
    assert [title.title for title in ana.wishes] == ["Heat"]
    assert [row[1:] for row in synced.outbox(household.ana)] == [
        ("sent", None), ("parked", "account_limit"),
    ]  # fmt: skip


def test_a_play_taken_back_while_trakt_is_away_is_told_until_trakt_has_heard_of_it(
    household: Household, connected: Connected, synced: Synced, ana: Account
) -> None:
    household.nominate(603)
    connected.clock.to(4, 20)
    watch(household.ana, "Ana", "Cleo")
    synced.settle()
    synced.trakt.fail("/sync", faults.answer(502), times=9)
    before = household.ben.state()["version"]
    household.cleo.send(f"/weeks/{WEEK}/unwatched", tmdb_id=603, members=["Cleo"])
    household.ana.send(f"/weeks/{WEEK}/unwatched", tmdb_id=603, members=["Ana"])
    synced.settle()
    page = household.ben.page("/")
    assert "Ana: <bdi>The Matrix</bdi>" in page
    assert "Cleo: " not in page, "nothing of hers is at Trakt"
    assert "Trakt does not answer right now. The next try is at 20:01." in page
    assert household.ben.state()["version"] > before
    assert "Ana: <bdi>The Matrix</bdi>" in household.ben.page(f"/weeks/{WEEK}")
    synced.trakt.heal()
    connected.clock.forward(minutes=5)
    synced.due()
    assert "Ana: <bdi>The Matrix</bdi>" not in household.ben.page("/")
    assert synced.plays(ana) == []


def test_a_second_press_on_try_again_says_how_the_first_one_stands(
    household: Household, connected: Connected, synced: Synced, ana: Account
) -> None:
    def press() -> str:
        body = household.ana.send("/settings/trakt/unsent/1/again").get_json()
        synced.settle()
        return str(body["said"])

    watch(household.ana, "Ana", film=680)
    synced.settle()
    synced.trakt.fail(HISTORY, faults.answer(503), method="POST")
    assert press() == "It is being sent again."
    assert press() == "It waits to be sent again by itself. The next try is at 12:01."
    synced.trakt.film(680, "Pulp Fiction", 1994)
    connected.clock.forward(minutes=5)
    synced.due()
    household.ana.submit("/settings/trakt/unsent/1/again", week=WEEK)
    assert "It has reached Trakt already." in household.ana.page("/")
    assert household.ben.send("/settings/trakt/unsent/1/again").status_code == 404
