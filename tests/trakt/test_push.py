"""What the household does reaches everybody's Trakt: each play once, each rating as given."""

import json
import time
from dataclasses import replace
from datetime import timedelta
from threading import Event
from typing import Any

import pytest

from services import sync_queue
from tests.conftest import TUESDAY_NOON, Household, Person
from tests.fake_trakt import Account, Title, faults
from tests.fake_trakt.replies import Reply
from tests.trakt.connected import Connected, connected
from tests.trakt.fakes import Waits
from tests.trakt.synced import Synced, synced
from trakt import pacing, push, push_plays, sync
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
    for _time in range(2):
        household.ana.send("/films/603/rating", rating="")
        synced.settle()
    assert ana.ratings == {}
    assert [act for act, *_more in synced.outbox(household.ana)] == ["rated", "unrated"]


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


@pytest.mark.parametrize("meanwhile", [8, ""])
def test_a_rating_that_arrived_unheard_is_ours_whatever_was_given_under_way(
    household: Household, synced: Synced, ana: Account, meanwhile: int | str
) -> None:
    answered = Event()
    synced.trakt.fail("/sync/ratings", replace(faults.after(502), until=answered), method="POST")
    household.ana.send("/films/603/rating", rating=7)
    while not ana.ratings:
        time.sleep(0.01)
    synced.trakt.fail("/sync/ratings", faults.answer(429), method="POST", times=9)
    household.ana.send("/films/603/rating", rating=meanwhile)
    assert synced.status(household.ana)["pending_writes"] == 2
    answered.set()
    synced.settle()
    household.ana.send("/films/603/rating", rating="")
    synced.settle()
    synced.trakt.heal()
    synced.press(household.ana)
    assert (ana.ratings, synced.ratings(household.ana)) == ({}, {})


def test_a_rating_of_a_film_that_trakt_does_not_know_stays_here(
    household: Household, synced: Synced, ana: Account, matrix: Title
) -> None:
    household.ana.send("/films/680/rating", rating=7)
    synced.settle()
    assert synced.outbox(household.ana) == [("rated", "parked", "not_found")]
    ana.rate(matrix, 8)
    synced.press(household.ana)
    assert sorted(synced.ratings(household.ana)) == [603, 680]


def test_a_rating_that_was_sent_goes_when_it_goes_at_trakt(
    household: Household, synced: Synced, ana: Account, matrix: Title
) -> None:
    household.ana.send("/films/603/rating", rating=7)
    synced.settle()
    ana.unrate(matrix)
    synced.press(household.ana)
    assert (ana.ratings, synced.ratings(household.ana)) == ({}, {})


def test_a_rating_given_again_after_it_was_cleared_at_both_stays(
    household: Household, synced: Synced, ana: Account, matrix: Title
) -> None:
    for rating in (7, ""):
        household.ana.send("/films/603/rating", rating=rating)
        synced.settle()
    synced.trakt.fail("/sync/ratings", faults.answer(503), method="POST", times=9)
    household.ana.send("/films/603/rating", rating=7)
    synced.settle()
    synced.press(household.ana)
    synced.trakt.heal()
    synced.press(household.ana)
    assert synced.ratings(household.ana)[603][0] == ana.ratings[matrix].value == 7


def test_a_wish_that_was_sent_goes_when_it_goes_at_trakt(
    household: Household, synced: Synced, ana: Account, matrix: Title
) -> None:
    synced.trakt.fail("/sync/watchlist", faults.answer(503), method="POST", times=9)
    for title in ("film/603", "film/680", "show/603"):  # Trakt knows the first alone
        household.ana.send(f"/watchlist/{title}", title="A Title")
        synced.settle()
    synced.trakt.heal()
    synced.press(household.ana)
    assert [row[1] for row in synced.outbox(household.ana)] == ["sent", "parked", "parked"]
    ana.unwish(matrix)
    synced.press(household.ana)
    wanted = [household.ben.ask(f"/films/{film}").get_json()["wanted_by"] for film in (603, 680)]
    assert wanted == [[], ["Ana"]]


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
    said = household.ana.send("/settings/trakt/unsent/1/again").get_json()["said"]
    assert said == "It has reached Trakt already."


def test_a_play_in_doubt_that_a_sync_has_read_is_ours_to_take_back(
    household: Household, synced: Synced, ana: Account
) -> None:
    synced.trakt.fail(HISTORY, faults.lost(), method="POST")
    watch(household.ana, "Ana")
    synced.settle()
    synced.press(household.ana)
    assert receipts(household.ana) == {"Ana": "sent"}
    household.ana.send(f"/weeks/{WEEK}/unwatched", tmdb_id=603, members=["Ana"])
    synced.settle()
    assert ana.plays == {}


def test_a_film_seen_in_two_weeks_is_taken_back_in_one(
    household: Household, connected: Connected, synced: Synced, ana: Account
) -> None:
    watch(household.ana, "Ana")
    synced.settle()
    connected.clock.forward(days=7)
    later = {"tmdb_id": 603, "members": ["Ana"]}
    household.ana.send("/weeks/2026-W48/watched", **later)
    synced.settle()
    body = household.ana.ask(f"/weeks/{WEEK}").get_json()["receipts"]
    assert [receipt["status"] for receipt in body] == ["sent"]
    synced.trakt.fail(HISTORY, faults.answer(503), method="POST")
    household.ana.send("/weeks/2026-W48/unwatched", **later)
    synced.settle()
    taken_back = "Ana: <bdi>The Matrix</bdi>"
    pages = [household.ben.page(f"/weeks/2026-W{number}") for number in (47, 48)]
    assert [taken_back in page for page in pages] == [False, True]
    connected.clock.forward(minutes=1)
    synced.due()
    assert synced.plays(ana) == [(603, from_text(EVENING))]


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


def test_who_is_marked_already_stays_as_they_were(
    household: Household, connected: Connected, synced: Synced, matrix: Title
) -> None:
    """As Ana, who has linked her account since."""
    watch(household.ana, "Ana")
    ana, ben = connected.linked(household.ana), connected.linked(household.ben, "ben-films")
    watch(household.cleo, "Ana", "Ben")
    synced.settle()
    assert (synced.plays(ana), synced.plays(ben)) == ([], [(603, from_text(EVENING))])
    assert ">not sent<" in household.cleo.page(f"/weeks/{WEEK}")
    undo = {"tmdb_id": 603, "members": ["Ana"]}
    assert household.cleo.send(f"/weeks/{WEEK}/unwatched", **undo).status_code == 403


def test_a_film_that_one_has_seen_by_oneself_is_one_play_until_it_is_taken_back(
    household: Household, synced: Synced, ana: Account, matrix: Title
) -> None:
    older = ana.watch(matrix, at=TUESDAY_NOON - timedelta(days=400))
    for _time in range(2):
        household.ana.send("/films/603/watched")
        synced.settle()
        synced.connected.clock.forward(minutes=5)
    assert synced.plays(ana)[1:] == [(603, TUESDAY_NOON)]
    assert synced.outbox(household.ana) == [("watched", "sent", None)]
    household.ana.send("/films/603/unwatched")
    synced.settle()
    assert [*ana.plays] == [older.play_id]


def test_the_copy_that_a_sync_brought_back_goes_with_the_play_it_is_of(
    household: Household, connected: Connected, synced: Synced, ana: Account, matrix: Title
) -> None:
    """Neither another film's, nor another member's."""
    pulp = synced.trakt.film(680, "Pulp Fiction", 1994)
    ben = connected.linked(household.ben, "ben-films")
    ana.watch(pulp, at=from_text(EVENING))
    ben.watch(matrix, at=from_text(EVENING))
    watch(household.cleo, "Ana")
    synced.settle()
    for person in (household.ana, household.ben):
        synced.press(person)
    assert seen(household, 603) == ["Ana", "Ben"]
    household.ana.send("/films/603/unwatched")
    assert (seen(household, 603), seen(household, 680)) == (["Ben"], ["Ana"])
    synced.settle()
    assert synced.plays(ana) == [(680, from_text(EVENING))]


def test_a_later_play_at_trakt_outlives_the_evening_that_is_taken_back(
    household: Household, synced: Synced, ana: Account, matrix: Title
) -> None:
    watch(household.ana, "Ana")
    synced.settle()
    synced.connected.clock.forward(days=3)
    ana.watch(matrix)
    synced.press(household.ana)
    household.ana.send(f"/weeks/{WEEK}/unwatched", tmdb_id=603, members=["Ana"])
    assert seen(household, 603) == ["Ana"]


def seen(household: Household, tmdb_id: int) -> list[str]:
    return [row["member"] for row in household.dan.ask(f"/films/{tmdb_id}").get_json()["seen"]]


def test_what_is_done_again_waits_for_its_undo(
    household: Household, connected: Connected, synced: Synced, ana: Account
) -> None:
    watch(household.ana, "Ana")
    synced.settle()
    synced.trakt.fail(f"{HISTORY}/remove", faults.refused(), method="POST")
    household.ana.send(f"/weeks/{WEEK}/unwatched", tmdb_id=603, members=["Ana"])
    synced.settle()
    assert len(watch(household.ana, "Ana")) == 1, "the undo has no receipt"
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
    synced.connected.linked(household.ben, "ben-films")
    assert "Pulp Fiction" not in household.ben.page("/settings")


def test_a_parked_row_is_tried_again_or_dropped_by_its_member_alone(
    household: Household, synced: Synced, ana: Account
) -> None:
    watch(household.ana, "Ana", film=680)
    synced.settle()
    for act in ("again", "drop"):
        assert household.ben.send(f"/settings/trakt/unsent/1/{act}").status_code == 404
        assert household.ana.send(f"/settings/trakt/unsent/1/{act}", week=7).status_code == 400
    assert synced.outbox(household.ana) == [("watched", "parked", "not_found")]
    synced.trakt.film(680, "Pulp Fiction", 1994)
    assert household.ana.send("/settings/trakt/unsent/1/again").status_code == 200
    synced.settle()
    assert receipts(household.ana) == {"Ana": "sent"}
    assert household.ana.send("/settings/trakt/unsent/1/drop").status_code == 404
    watch(household.ana, "Ana", film=949)
    synced.settle()
    for act, status in (("drop", 200), ("drop", 404), ("again", 404)):
        assert household.ana.send(f"/settings/trakt/unsent/2/{act}").status_code == status
    synced.connected.linked(household.ben, "ben-films")
    watch(household.ben, "Ben", film=949)
    synced.settle()
    for act in ("drop", "again"):
        assert household.ana.send(f"/settings/trakt/unsent/3/{act}").status_code == 404
    assert synced.outbox(household.ben) == [("watched", "parked", "not_found")]


def test_who_switches_sending_off_keeps_it_here(
    household: Household, synced: Synced, ana: Account
) -> None:
    ben = synced.connected.linked(household.ben, "ben-films")
    household.ana.send("/films/603/rating", rating=6)
    synced.settle()
    household.ana.submit("/settings/trakt", by_itself="1")
    watch(household.ana, "Ana", "Ben")
    for rating in (7, ""):
        household.ana.send("/films/603/rating", rating=rating)
        synced.settle()
        assert [rated.value for rated in ana.ratings.values()] == [6]
    assert receipts(household.ana) == {"Ana": "not linked", "Ben": "sent"}
    assert (len(ana.plays), len(ben.plays)) == (0, 1)
    household.ana.send("/watchlist/film/680", title="Pulp Fiction")
    synced.settle()
    assert synced.outbox(household.ana)[-1][0] == "listed", "a wish has no switch"
    ticked = [person.page("/settings").count('value="1" checked') for person in household.everyone]
    assert ticked == [1, 3, 0, 0]


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
    (receipt,) = household.ana.ask(f"/weeks/{WEEK}").get_json()["receipts"]
    assert (receipt["status"], receipt["detail"]) == ("sent", "")


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize(
    ("room", "point"),
    [
        (push, "_batches"),  # claimed, nothing sent
        (push_plays, "outcome_from_response"),  # sent, the answer not read
        (push, "_mark"),  # the answer read, not written down
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
        patch.setattr(sync_queue, "enqueue_push", lambda *_args: None)
        watch(household.ana, "Ana")

    def die(*_args: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch, connected.conn() as conn:
        patch.setattr(room, point, die)
        with pytest.raises(Killed):
            sync.push_only(conn, connected.app.config, household.ana.id)
    assert synced.outbox(household.ana) == [("watched", "claimed", None)]
    synced.due()
    assert synced.plays(ana) == [(603, from_text(EVENING))]
    assert receipts(household.ana) == {"Ana": "sent"}


@pytest.mark.parametrize("change", [{"id": "7"}, {"watched_at": None}, {"movie": {}}])
def test_an_unreadable_row_of_the_history_may_be_the_play_that_is_looked_for(
    household: Household, connected: Connected, synced: Synced, ana: Account, change: dict[str, Any]
) -> None:
    def unreadable(reply: Reply) -> Reply:
        (row,) = json.loads(reply.body)
        return replace(reply, body=json.dumps([row | change]).encode())

    synced.trakt.fail(HISTORY, faults.lost(), method="POST")
    synced.trakt.fail(f"{HISTORY}/movies", faults.Fault(edit=unreadable))
    watch(household.ana, "Ana")
    synced.settle()
    for status in ("waiting", "sent"):
        connected.clock.forward(minutes=5)
        synced.due()
        assert receipts(household.ana) == {"Ana": status}
    assert synced.plays(ana) == [(603, from_text(EVENING))]


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


def test_a_pause_that_trakt_named_outlasts_sync_now_and_a_restart(
    household: Household,
    connected: Connected,
    synced: Synced,
    ana: Account,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    synced.trakt.fail(HISTORY, faults.answer(429, Retry_After="1800"))
    watch(household.ana, "Ana")
    synced.settle()
    monkeypatch.setattr(pacing, "writes", pacing.Pace(1, 0.0))  # as a new process has it
    synced.trakt.fail("/sync/ratings", faults.answer(503), method="POST")
    household.ana.send("/films/680/rating", rating=7)
    synced.settle()
    synced.press(household.ana)
    assert synced.trakt.count(HISTORY, "POST") == 1
    assert synced.trakt.count("/sync/ratings", "POST") == 2, "nobody named a pause for this"
    connected.clock.forward(minutes=30)
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
    assert "The next try is at" not in household.ben.page("/")
    synced.due()
    assert "Ana: <bdi>The Matrix</bdi>" not in household.ben.page("/")
    assert synced.plays(ana) == []


def test_a_rating_that_trakt_does_not_accept_leaves_the_others_alone(
    household: Household, connected: Connected, synced: Synced, ana: Account, matrix: Title
) -> None:
    synced.trakt.fail("/sync/ratings", faults.answer(503), method="POST", times=9)
    for film in (680, 603):
        household.ana.send(f"/films/{film}/rating", rating=7)
    synced.settle()
    synced.trakt.heal()
    synced.trakt.fail("/sync/ratings", faults.answer(422), method="POST", times=2)
    connected.clock.forward(hours=1)
    synced.due()
    assert [*ana.ratings] == [matrix]
    assert [row[1:] for row in synced.outbox(household.ana)] == [
        ("parked", "invalid"), ("sent", None),
    ]  # fmt: skip


def test_each_week_has_the_receipts_and_removals_of_its_own_evening(
    household: Household, connected: Connected, synced: Synced, ana: Account
) -> None:
    weeks = (WEEK, "2026-W48")
    for week in weeks:
        household.ana.send(f"/weeks/{week}/watched", tmdb_id=603, members=["Ana"])
        synced.settle()
        connected.clock.forward(days=7)
        household.ana.state()
    found = [household.ben.ask(f"/weeks/{week}").get_json()["receipts"] for week in weeks]
    assert [[receipt["status"] for receipt in receipts] for receipts in found] == [["sent"]] * 2
    synced.trakt.fail(f"{HISTORY}/remove", faults.answer(502), method="POST", times=9)
    household.ana.send("/weeks/2026-W48/unwatched", tmdb_id=603, members=["Ana"])
    synced.settle()
    told = ["Taken back here" in household.ben.page(f"/weeks/{week}") for week in weeks]
    assert told == [False, True]


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
    connected.clock.forward(minutes=1)
    assert press() == "It is on its way to Trakt already."
    household.ana.submit("/settings/trakt/unsent/1/again", week=WEEK)
    assert "It has reached Trakt already." in household.ana.page("/")
    assert household.ben.send("/settings/trakt/unsent/1/again").status_code == 404
