"""Whatever Trakt answers, to whichever call: pages and votes go on, and in the end all is well."""

from threading import Event

import pytest

from db import (
    hidden,
    movies,
    outbox_events,
    outbox_view,
    ratings,
    transaction,
    watch_history,
    watchlist,
)
from db.movies import Movie
from tests.conftest import Household
from tests.fake_trakt import faults
from tests.trakt.connected import Connected, connected
from tests.trakt.synced import Synced, synced
from trakt import sync
from trakt.errors import TraktError
from utils import messages
from utils.instants import from_text

__all__ = ["connected", "synced"]

WEEK, EVENING = "2026-W47", from_text("2026-11-17T11:00:00.000Z")
CALLS = """GET /sync/last_activities, GET /sync/watched, GET /sync/ratings, GET /sync/watchlist,
GET /sync/history, POST /sync/history, POST /sync/history/remove, POST /sync/ratings,
POST /sync/ratings/remove, POST /sync/watchlist, POST /sync/watchlist/remove,
DELETE /recommendations, POST /scrobble, POST /oauth/token""".split(",")
STATUSES = (302, 400, 401, 403, 404, 409, 420, 422, 423, 426, 429, 500, 503, 522)
BODIES = ("null", "7", '"so"', "[]", "[7]", "{}", "[[[", '{"movies": 7, "all": {}}',
          '{"not_found": {"movies": 7, "shows": [{"ids": 7}]}}',
          '[{"movie": {"ids": {"trakt": 1, "tmdb": "x"}}, "id": 1e400}]')  # fmt: skip
ANSWERS = [
    *(faults.answer(status) for status in STATUSES),
    *(faults.answer(status, "{}", "application/json") for status in (400, 403, 409)),
    *(faults.garbage(body) for body in BODIES),
    faults.garbage(),
    faults.cut(),
    faults.lost(),
    faults.refused(),
    faults.answer(429, "", Retry_After="7"),
]


class Member:
    """Ana does a bit of everything, with films of their own each time."""

    def __init__(self, synced: Synced, household: Household) -> None:
        self.synced, self.connected, self.person = synced, synced.connected, household.ana
        self.account = self.connected.linked(household.ana)
        self.days: list[int] = [0]  # the first film of each time

    def do_everything(self) -> None:
        """And take back a part of what was done the time before."""
        old, new = self.days[-1], self.days[-1] + 10
        self.days.append(new)
        me = self.person.id
        self.connected.clock.forward(minutes=1)
        now = self.connected.clock.now
        with self.connected.conn() as conn, transaction(conn):
            for tmdb_id in range(new, new + 5):
                film = self.synced.trakt.film(tmdb_id, f"Film {tmdb_id}")
                movies.store(conn, Movie(tmdb_id, film.title, film.year))
            for tmdb_id in (new, new + 1):
                ratings.put(conn, me, tmdb_id, 7, now)
                watch_history.add_evening(
                    conn, WEEK, tmdb_id, [me], watched_at=EVENING, marked_by=me, now=now
                )
            for tmdb_id in (new + 2, new + 3):
                watchlist.add(conn, me, "film", tmdb_id, f"Film {tmdb_id}", 2001, now)
            hidden.hide(conn, me, "film", new, f"Film {new}", 2001, now)
            outbox_events.enqueue_scrobble(conn, [me], "started", new + 4, 0.0, now, WEEK)
            ratings.delete(conn, me, old + 1, now)
            watchlist.remove(conn, me, "film", old + 3, now)
            watch_history.remove_evening(conn, WEEK, old + 1, [me], by=me, is_admin=True, now=now)

    def sync(self) -> str | None:
        """The code of what it failed with; anything else is a bug, and raised."""
        try:
            with self.connected.conn() as conn:
                assert sync.sync(conn, self.connected.app.config, self.person.id)
        except TraktError as error:
            return error.code
        return None

    def recover(self) -> None:
        """Trakt is well again, the member links anew and tries again what was given up."""
        self.synced.trakt.heal()
        self.connected.link(self.person, self.account)
        self.synced.settle()
        for _hour in range(4):
            self.connected.clock.forward(hours=1)
            with self.connected.conn() as conn, transaction(conn):
                for letter in outbox_view.unsent(conn, self.person.id, 10_000):
                    if letter.status == "parked":
                        now = self.connected.clock.now
                        outbox_view.retry(conn, self.person.id, letter.id, now)
            self.sync()

    def what_trakt_should_hold(self) -> dict[str, list[int]]:
        times = self.days[1:]
        seen = sorted([*times, times[-1] + 1])
        return {
            "plays": seen,
            "ratings": seen,
            "wishes": sorted([*(new + 2 for new in times), times[-1] + 3]),
        }

    def what_trakt_holds(self) -> dict[str, list[int]]:
        account = self.account
        plays = [play.title for play in account.plays.values()]
        kept = {"plays": plays, "ratings": [*account.ratings], "wishes": [*account.wishes]}
        return {name: sorted(film.tmdb or 0 for film in films) for name, films in kept.items()}


@pytest.fixture
def member(household: Household, connected: Connected, synced: Synced) -> Member:
    nominations = household.nominate(603, 862, 129, 13)
    assert household.ben.send(f"/nominations/{nominations[0]}/vote").status_code == 200
    return Member(synced, household)


def test_after_every_answer_to_any_call_the_household_goes_on_and_nothing_is_lost_or_double(
    household: Household, member: Member
) -> None:
    for number, fault in enumerate(ANSWERS):
        method, path = CALLS[number * 5 % len(CALLS)].split()
        member.synced.settle()
        member.do_everything()
        if path == "/oauth/token":
            member.synced.trakt.expire()
        member.synced.trakt.fail(path, fault, method=method, times=9)
        failed = member.sync()
        told = member.synced.status(household.ana)["sync"]
        assert told["error"] == (messages.trakt(failed) if failed else None), (method, path, fault)
        vote = "unvote" if number % 2 else "vote"
        assert household.dan.send(f"/nominations/1/{vote}").status_code == 200
        if number % 10 == 0:
            assert "My Trakt" in household.ana.page("/settings")
        if failed == "reconnect":
            member.connected.link(household.ana, member.account)
        member.synced.trakt.heal()
    member.recover()
    assert member.what_trakt_holds() == member.what_trakt_should_hold()


def test_while_trakt_hangs_nobody_waits_for_it(household: Household, member: Member) -> None:
    answered = Event()
    member.do_everything()
    for path in ("/sync/last_activities", "/sync/history"):
        member.synced.trakt.fail(path, faults.held(answered))
    assert household.ana.send("/api/trakt/sync/Ana").status_code == 202
    for person in household.everyone:
        for url in ("/", "/settings", "/films/603", "/history", "/discover"):
            person.page(url)
    assert household.dan.send("/nominations/1/vote").status_code == 200
    assert household.ana.send("/films/603/rating", rating=7).status_code == 200
    assert member.synced.status(household.ana)["sync"]["state"] == "running"
    answered.set()
    member.synced.settle()
    assert member.synced.status(household.ana)["sync"]["state"] == "idle"
