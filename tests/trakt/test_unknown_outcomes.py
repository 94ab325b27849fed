"""A hundred plays whose sending ends in doubt: none is missing at Trakt, none is there twice."""

import random
from contextlib import suppress

import pytest

from db import movies, outbox_view, transaction, watch_history
from db.movies import Movie
from tests.conftest import Household
from tests.fake_trakt import Account, faults
from tests.trakt.connected import Connected, connected
from tests.trakt.synced import Synced, synced
from trakt import sync
from trakt.errors import TraktError
from utils.instants import from_text

__all__ = ["connected", "synced"]

PLAYS, WEEK = 100, "2026-W47"
EVENING = from_text("2026-11-17T11:00:00.000Z")
HISTORY = "/sync/history"
DOUBTS = [faults.lost(), faults.refused(), faults.after(500), faults.after(502), faults.cut(),
          faults.garbage(), faults.answer(503)]  # fmt: skip
LOOKS = [faults.answer(503), faults.cut(), faults.garbage("[7]"), faults.empty_page()]


class Couch:
    """Ana's evenings, marked and taken back while her Trakt is in trouble."""

    def __init__(self, synced: Synced, user_id: int, seed: int) -> None:
        self.synced, self.connected, self.user_id = synced, synced.connected, user_id
        self.random = random.Random(seed)
        self.watched: set[int] = set()

    def mark(self, tmdb_id: int) -> None:
        film = self.synced.trakt.film(tmdb_id, f"Film {tmdb_id}")
        with self.connected.conn() as conn, transaction(conn):
            movies.store(conn, Movie(tmdb_id, film.title, film.year))
            watch_history.add_evening(
                conn, WEEK, tmdb_id, [self.user_id], watched_at=EVENING,
                marked_by=self.user_id, now=self.connected.clock.now,
            )  # fmt: skip
        self.watched.add(tmdb_id)

    def take_back(self, tmdb_id: int) -> None:
        with self.connected.conn() as conn, transaction(conn):
            watch_history.remove_evening(
                conn, WEEK, tmdb_id, [self.user_id], by=self.user_id, is_admin=False,
                now=self.connected.clock.now,
            )  # fmt: skip
        self.watched.remove(tmdb_id)

    def send(self) -> None:
        """Alone or as part of a whole sync."""
        run = self.random.choice([sync.push_only, sync.push_only, sync.sync])
        with suppress(TraktError), self.connected.conn() as conn:
            run(conn, self.connected.app.config, self.user_id)
        self.connected.clock.forward(hours=1)

    def trouble(self) -> None:
        trakt = self.synced.trakt
        trakt.fail(HISTORY, self.random.choice(DOUBTS), method="POST")
        if self.random.random() < 0.3:
            trakt.fail(f"{HISTORY}/movies", self.random.choice(LOOKS), method="GET")

    @property
    def pending(self) -> int:
        with self.connected.conn() as conn:
            return outbox_view.pending(conn, self.user_id)


@pytest.fixture
def couch(household: Household, connected: Connected, synced: Synced) -> Couch:
    household.ana.state()  # begins the week
    return Couch(synced, household.ana.id, seed=7306)


@pytest.fixture
def account(couch: Couch, household: Household, connected: Connected) -> Account:
    return connected.linked(household.ana)


def test_a_hundred_plays_in_doubt_are_each_there_once_and_what_was_taken_back_is_not(
    couch: Couch, account: Account
) -> None:
    films = list(range(1, PLAYS + 1))
    while films:
        for tmdb_id in [films.pop() for _ in range(min(couch.random.randint(1, 8), len(films)))]:
            couch.mark(tmdb_id)
        couch.trouble()
        couch.send()
        for tmdb_id in sorted(couch.watched):
            if couch.random.random() < 0.02:
                couch.take_back(tmdb_id)
    couch.synced.trakt.heal()
    while couch.pending:
        couch.send()
    plays = couch.synced.plays(account)
    assert len(couch.watched) < PLAYS
    assert sorted(plays) == [(tmdb_id, EVENING) for tmdb_id in sorted(couch.watched)]
