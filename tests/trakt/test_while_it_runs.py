"""A sync that others get in the way of: unlinking, leaving, a second press, a shared account."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, BrokenBarrierError, Event
from typing import Any

import pytest

from db import Connection, settings, transaction, watchlist
from db.outbox import OutboxEntry
from services import timers
from tests.conftest import TUESDAY_NOON, Household, Person
from tests.fake_trakt import Account, Title, faults
from tests.trakt.connected import Connected, connected
from tests.trakt.fakes import Waits
from tests.trakt.synced import Synced, synced
from trakt import push
from trakt.accounts import SHARING
from utils.instants import from_text

__all__ = ["connected", "synced"]

LONG_AGO = TUESDAY_NOON - timedelta(days=300)
EVENING = "2026-11-17T11:00:00.000Z"
WEEK = "/weeks/2026-W47"
WATCHED, RATINGS, WATCHLIST = "/sync/watched/movies", "/sync/ratings/movies", "/sync/watchlist"
TRUE = faults.Fault()  # the answer as it is
WIPED = ("trakt_auth", "trakt_ratings", "trakt_unmatched", "watchlist")


@pytest.fixture
def film(synced: Synced) -> Title:
    return synced.trakt.film(603, "The Matrix", 1999)


@pytest.fixture
def ana(household: Household, connected: Connected, film: Title) -> Account:
    account = connected.linked(household.ana)
    account.watch(film, at=LONG_AGO)
    account.rate(film, 8, at=LONG_AGO)
    account.wish(film)
    account.wish(connected.trakt.film(None, "Home Movie"))
    return account


def evening(person: Person, *members: str) -> None:
    answer = person.send(f"{WEEK}/watched", tmdb_id=603, members=[*members], watched_at=EVENING)
    assert answer.status_code == 200, answer.text


def receipts(person: Person) -> dict[str, str]:
    body = person.ask(WEEK).get_json()
    return {receipt["member"]: receipt["status"] for receipt in body["receipts"]}


def until(is_so: Callable[[], object]) -> None:
    deadline = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.002)


@contextmanager
def syncing(
    synced: Synced, person: Person, path: str, fault: faults.Fault = TRUE
) -> Iterator[None]:
    """A sync that has asked Trakt for this, and gets its answer after the block."""
    answered = Event()
    synced.trakt.fail(path, replace(fault, until=answered))
    before = synced.trakt.count(path)
    assert person.send(f"/api/trakt/sync/{person.id}").status_code == 202
    until(lambda: synced.trakt.count(path) > before)
    yield
    answered.set()
    synced.settle()


@pytest.mark.parametrize("path", ["/sync/last_activities", WATCHED, RATINGS, WATCHLIST])
def test_who_unlinks_while_a_sync_runs_is_unlinked_and_nothing_creeps_back(
    household: Household, connected: Connected, synced: Synced, ana: Account, path: str
) -> None:
    with syncing(synced, household.ana, path):
        assert household.ana.submit("/auth/trakt/unlink").status_code == 303
    assert {table: connected.count(table) for table in WIPED} == dict.fromkeys(WIPED, 0)
    status = synced.status(household.ana)
    assert (status["sync"]["state"], status["last_sync"]) == ("idle", None)
    with connected.conn() as conn:
        assert [row["stamps"] for row in conn.execute("SELECT stamps FROM trakt_sync")] == ["{}"]


@pytest.mark.parametrize("path", [WATCHED, RATINGS])
def test_who_unlinks_while_trakt_says_that_a_list_is_empty_keeps_what_was_seen(
    household: Household, connected: Connected, synced: Synced, film: Title, path: str
) -> None:
    account = connected.linked(household.ana)
    account.watch(film, at=LONG_AGO)
    synced.press(household.ana)
    if path == WATCHED:
        account.forget_all(film)
    account.rate(film, 8)
    account.unrate(film)
    with syncing(synced, household.ana, path):
        assert household.ana.submit("/auth/trakt/unlink").status_code == 303
    shown = household.ben.ask("/films/603").get_json()
    assert [one["member"] for one in shown["seen"]] == ["Ana"]
    with connected.conn() as conn:
        assert [row["stamps"] for row in conn.execute("SELECT stamps FROM trakt_sync")] == ["{}"]


@pytest.mark.parametrize(("path", "door"), [(WATCHED, "/films/603/unwatched"),
                                            (WATCHLIST, "/watchlist/film/603/remove")])  # fmt: skip
def test_what_is_taken_back_while_its_page_comes_does_not_come_with_it(
    household: Household, connected: Connected, synced: Synced, film: Title, path: str, door: str
) -> None:
    account = connected.linked(household.ana)
    household.ana.send("/films/603/watched")
    synced.due()
    household.ana.send("/watchlist/film/603")
    synced.press(household.ana)
    account.watch(other := synced.trakt.film(949, "Heat", 1995))
    account.wish(other)
    with syncing(synced, household.ana, path):
        assert household.ana.send(door).status_code == 200
    shown = household.ana.ask("/films/603").get_json()
    named = shown["wanted_by"] if path == WATCHLIST else [one["member"] for one in shown["seen"]]
    assert named == []


def test_a_wish_made_anew_while_the_list_is_compared_stays(
    household: Household,
    connected: Connected,
    synced: Synced,
    ana: Account,
    film: Title,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    synced.press(household.ana)
    ana.unwish(film)
    compare = watchlist.missing_from

    def meanwhile(conn: Connection, user_id: int, seen: set[tuple[str, int]]) -> list[Any]:
        missing = compare(conn, user_id, seen)
        with transaction(conn):
            watchlist.remove(conn, user_id, "film", 603, TUESDAY_NOON)
            watchlist.add(conn, user_id, "film", 603, "The Matrix", 1999, TUESDAY_NOON)
        return missing

    monkeypatch.setattr(watchlist, "missing_from", meanwhile)
    synced.press(household.ana)
    assert household.ana.ask("/films/603").get_json()["wanted_by"] == ["Ana"]


def test_who_has_no_scripts_can_look_again_while_a_sync_runs(
    household: Household, synced: Synced, ana: Account
) -> None:
    look_again = '<noscript><p><a class="button button--quiet" href="/settings">'
    with syncing(synced, household.ana, WATCHED):
        assert look_again in household.ana.page("/settings")  # a fragment would not load it anew
    assert look_again not in household.ana.page("/settings")


def test_another_account_linked_while_a_sync_runs_takes_no_rating_away(
    household: Household, connected: Connected, synced: Synced, ana: Account, film: Title
) -> None:
    household.ana.send("/films/603/rating", rating=9)
    synced.settle()
    with syncing(synced, household.ana, RATINGS):
        other = connected.trakt.account("another")
        household.ana.client.get(connected.sign_in_at_trakt(household.ana, other))
    for _time in range(2):
        synced.press(household.ana)
    assert other.ratings[film].value == synced.ratings(household.ana)[603][0]
    assert other.wishes == {}


@pytest.mark.parametrize("fault", [faults.Fault(), faults.answer(503), faults.answer(401, "")])
def test_another_account_linked_while_the_tokens_of_the_former_are_renewed_is_the_one_that_stays(
    household: Household, connected: Connected, synced: Synced, ana: Account, fault: faults.Fault
) -> None:
    connected.clock.forward(days=4)
    other = connected.trakt.account("another")
    with syncing(synced, household.ana, "/oauth/token", fault):
        household.ana.client.get(connected.sign_in_at_trakt(household.ana, other))
    synced.trakt.log.clear()
    status = synced.press(household.ana)
    assert (status["sync"]["state"], status["problem"]) == ("idle", None)
    assert {entry.username for entry in synced.trakt.requests("/sync")} == {"another"}
    renewed = [grant for grant in synced.trakt.grants if grant.account is ana][1:]
    assert all(grant.ended for grant in renewed)


def test_another_account_linked_while_a_sync_runs_is_read_right_after_it(
    household: Household, connected: Connected, synced: Synced, ana: Account
) -> None:
    other = connected.trakt.account("another")
    other.wish(connected.trakt.film(949, "Heat", 1995))
    with syncing(synced, household.ana, WATCHED):
        household.ana.submit("/auth/trakt/unlink")
        household.ana.client.get(connected.sign_in_at_trakt(household.ana, other))
    assert synced.status(household.ana)["last_sync"]
    assert connected.count("watchlist") == 1


@pytest.mark.parametrize(("fault", "status"), [(faults.Fault(), "sent"),
                                               (faults.after(503), "parked")])  # fmt: skip
def test_a_write_that_was_under_way_at_the_unlinking_is_sent_or_parked_but_never_twice(
    household: Household,
    connected: Connected,
    synced: Synced,
    ana: Account,
    fault: faults.Fault,
    status: str,
) -> None:
    answered = Event()
    synced.trakt.fail("/sync/history", replace(fault, until=answered), method="POST")
    evening(household.ben, "Ana")
    until(lambda: synced.trakt.count("/sync/history"))
    household.ana.submit("/auth/trakt/unlink")
    answered.set()
    synced.settle()
    assert [row[1] for row in synced.outbox(household.ana)] == [status]
    connected.link(household.ana, ana)
    household.ana.send("/settings/trakt/unsent/1/again")
    synced.settle()
    assert synced.plays(ana).count((603, from_text(EVENING))) == 1
    assert receipts(household.ana) == {"Ana": "sent"}


def test_a_sync_asked_for_while_something_is_being_sent_still_reads(
    household: Household, connected: Connected, synced: Synced, ana: Account
) -> None:
    synced.press(household.ana)
    ana.wish(connected.trakt.film(949, "Heat", 1995))
    answered = Event()
    synced.trakt.fail("/sync/ratings", faults.held(answered), method="POST")
    household.ana.send("/films/603/rating", rating=9)
    until(lambda: synced.trakt.count("/sync/ratings", "POST"))
    asked = household.ana.send(f"/api/trakt/sync/{household.ana.id}")
    assert asked.get_json()["sync"]["state"] == "running"
    answered.set()
    synced.settle()
    assert connected.count("watchlist") == 2


def test_a_rating_under_way_at_the_unlinking_is_not_lost_to_the_next_account(
    household: Household, connected: Connected, synced: Synced, ana: Account
) -> None:
    answered = Event()
    synced.trakt.fail("/sync/ratings", faults.held(answered), method="POST")
    household.ana.send("/films/603/rating", rating=9)
    until(lambda: synced.trakt.count("/sync/ratings", "POST"))
    household.ana.submit("/auth/trakt/unlink")
    answered.set()
    synced.settle()
    other = connected.linked(household.ana, "another")
    assert [rating.value for rating in other.ratings.values()] == [9]


def test_a_member_who_leaves_is_no_longer_synced_and_the_evening_stays(
    household: Household, connected: Connected, synced: Synced, ana: Account
) -> None:
    connected.linked(household.ben, "ben-films")
    evening(household.ana, "Ana", "Ben")
    synced.settle()
    assert household.ana.send(f"/admin/members/{household.ben.id}/retire").status_code == 200
    synced.trakt.log.clear()
    connected.clock.forward(hours=3)
    with connected.conn():
        for job in (timers.sync_members, timers.push_outbox, timers.refresh_links):
            job()
    synced.settle()
    assert synced.trakt.requests(username="ben-films") == []
    assert receipts(household.ana) == {"Ana": "sent", "Ben": "sent"}


def test_button_clock_command_and_visit_at_once_are_one_run(
    household: Household, connected: Connected, synced: Synced, ana: Account
) -> None:
    synced.trakt.log.clear()
    with syncing(synced, household.ana, WATCHED):
        assert synced.status(household.ana)["sync"]["state"] == "running"
        household.ana.send(f"/api/trakt/sync/{household.ana.id}")
        with connected.conn():
            timers.sync_members()
        household.ana.page("/")
        said = connected.app.test_cli_runner().invoke(args=["sync", "Ana"])
        assert (said.exit_code, "already" in said.output) == (0, True), said.output
    assert synced.trakt.count("/sync/last_activities") == synced.trakt.count(WATCHED) == 1


@pytest.fixture
def shared(household: Household, connected: Connected, ana: Account) -> Account:
    """Ana's account, which is Ben's as well."""
    with connected.conn() as conn, transaction(conn):
        settings.put(conn, SHARING, "1")
    assert connected.link(household.ben, ana).status_code == 303
    return ana


@pytest.mark.parametrize("fault", [faults.Fault(), faults.after(502),
                                   faults.answer(429, Retry_After="600")])  # fmt: skip
def test_a_shared_account_gets_the_evening_once(
    household: Household,
    connected: Connected,
    synced: Synced,
    shared: Account,
    waits: Waits,
    monkeypatch: pytest.MonkeyPatch,
    fault: faults.Fault,
) -> None:
    shared.plays.clear()
    synced.trakt.fail("/sync/history", fault, method="POST")
    claimed, both = push._claim, Barrier(2)

    def claim(conn: Connection, user_id: int) -> list[OutboxEntry]:
        """At the same moment as the other, if that can be."""
        letters = claimed(conn, user_id)
        with suppress(BrokenBarrierError):
            both.wait(0.1)
        return letters

    monkeypatch.setattr(push, "_claim", claim)
    evening(household.cleo, "Ana", "Ben")
    synced.settle()
    connected.clock.forward(hours=1)
    waits.sleep(3600)
    synced.due()
    assert synced.plays(shared) == [(603, from_text(EVENING))]
    assert sorted(receipts(household.ana).values()) == ["already there", "sent"]


def test_a_shared_account_gets_each_film_of_the_evening(
    household: Household, synced: Synced, shared: Account
) -> None:
    shared.plays.clear()
    synced.trakt.film(680, "Pulp Fiction", 1994)
    for film, name in ((603, "Ana"), (680, "Ben")):
        household.cleo.send(f"{WEEK}/watched", tmdb_id=film, members=[name], watched_at=EVENING)
        synced.settle()
    assert [tmdb_id for tmdb_id, _when in synced.plays(shared)] == [603, 680]


def test_ratings_of_two_who_share_an_account_come_to_rest(
    household: Household, connected: Connected, synced: Synced, shared: Account, film: Title
) -> None:
    for person, rating in ((household.ana, 9), (household.ben, 4)):
        connected.clock.forward(minutes=1)
        person.send("/films/603/rating", rating=rating)
        synced.settle()
    for person in (household.ana, household.ben) * 2:
        synced.press(person)
    synced.trakt.log.clear()
    for person in (household.ana, household.ben):
        synced.press(person)
        assert synced.ratings(person)[603][0] == shared.ratings[film].value == 4
    assert synced.trakt.tally() == {"GET /sync/last_activities": 2}
