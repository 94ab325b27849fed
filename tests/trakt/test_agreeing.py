"""Five hundred films rated here and at Trakt, in any order and through any trouble: both agree."""

import random
from contextlib import closing, suppress
from datetime import datetime

import pytest

import db
from db import movies, ratings
from db.movies import Movie
from tests.conftest import Household
from tests.fake_trakt import Account, Title, faults
from tests.trakt.connected import Connected
from trakt import sync
from trakt.errors import TraktError
from utils import instants

FILMS, ROUNDS = 500, 3
LIST, POST = "/sync/ratings/movies", "/sync/ratings"
STEPS = (0, 0, 1, 999, 60_000)  # milliseconds; two edits may well be of one moment
Ratings = dict[int, tuple[int, datetime]]


class Histories:
    """Of one member's ratings, each film's by itself, told by the seed."""

    def __init__(self, connected: Connected, user_id: int, account: Account, seed: int) -> None:
        self.connected, self.user_id, self.account = connected, user_id, account
        self.random = random.Random(seed)
        self.films: list[Title] = []
        with connected.conn() as conn, db.transaction(conn):
            for tmdb_id in range(1, FILMS + 1):
                title = f"Film {tmdb_id}"
                self.films.append(connected.trakt.film(tmdb_id, title))
                movies.store(conn, Movie(tmdb_id, title, 2001))

    def edit(self, films: list[Title], sides: tuple[str, ...] = ("here", "there")) -> None:
        """One edit of each; the clock may stand still or go on before it."""
        config, clock = self.connected.app.config, self.connected.clock
        with closing(db.connect(config["DATABASE"])) as conn, db.transaction(conn):
            for film in films:
                clock.forward(milliseconds=self.random.choice(STEPS))
                value = self.random.choice([None, *range(1, 11)])
                if self.random.choice(sides) == "there":
                    self.account.rate(film, value) if value else self.account.unrate(film)
                elif value:
                    ratings.put(conn, self.user_id, film.tmdb or 0, value, clock.now)
                else:
                    ratings.delete(conn, self.user_id, film.tmdb or 0, clock.now)

    def some(self, part: float) -> list[Title]:
        return [film for film in self.films if self.random.random() < part]

    def trouble(self) -> None:
        """Whatever may happen to the next sync, also somebody rating while it runs."""
        while_it_runs = faults.shifting(lambda: self.edit(self.some(0.02)))
        harm = [faults.lost(), faults.refused(), faults.after(502), faults.cut(),
                faults.answer(503), faults.garbage(), while_it_runs]  # fmt: skip
        path, method = self.random.choice(
            [("/sync/last_activities", "GET"), (LIST, "GET"), (POST, "POST"), (POST, "POST")]
        )
        self.connected.trakt.fail(path, self.random.choice(harm), method=method)

    def sync(self) -> None:
        with self.connected.conn() as conn:
            assert sync.sync(conn, self.connected.app.config, self.user_id)
        self.connected.clock.forward(hours=1)

    def here(self) -> Ratings:
        return self._rows("ratings")

    def base(self) -> Ratings:
        return self._rows("trakt_ratings")

    def there(self) -> Ratings:
        given = self.account.ratings.values()
        return {each.title.tmdb or 0: (each.value, each.rated_at) for each in given}

    def _rows(self, table: str) -> Ratings:
        with self.connected.conn() as conn:
            rows = conn.execute(f"SELECT tmdb_id, rating, rated_at FROM {table}")
            return {row[0]: (row[1], instants.from_text(row[2])) for row in rows}


@pytest.fixture
def histories(household: Household, connected: Connected) -> Histories:
    account = connected.linked(household.ana)
    return Histories(connected, household.ana.id, account, seed=4821)


def values(given: Ratings) -> dict[int, int]:
    return {tmdb_id: value for tmdb_id, (value, _when) in given.items()}


def test_five_hundred_histories_of_two_sides_agree_after_two_syncs_and_are_silent_then(
    histories: Histories,
) -> None:
    trakt = histories.connected.trakt
    for _round in range(ROUNDS):
        for _edits in range(2):
            histories.edit(histories.some(0.5))
        histories.trouble()
        with suppress(TraktError):
            histories.sync()
    trakt.heal()
    histories.edit(histories.films)
    histories.edit(histories.films)
    agree(histories)

    before = histories.here()
    edited = histories.some(0.5)
    side_of = {film.tmdb or 0: histories.random.choice(["here", "there"]) for film in edited}
    for side in ("here", "there"):
        histories.edit([film for film in edited if side_of[film.tmdb or 0] == side], (side,))
    sides = {"here": values(histories.here()), "there": values(histories.there())}
    agree(histories)
    after = histories.here()
    for film in histories.films:
        tmdb_id = film.tmdb or 0
        if tmdb_id in side_of:  # who alone has edited is never overruled
            assert after.get(tmdb_id, (None,))[0] == sides[side_of[tmdb_id]].get(tmdb_id)
        else:
            assert after.get(tmdb_id) == before.get(tmdb_id)


def agree(histories: Histories) -> None:
    trakt = histories.connected.trakt
    histories.sync()
    histories.sync()
    assert values(histories.here()) == values(histories.there())
    assert values(histories.base()) == values(histories.there())
    trakt.log.clear()
    histories.sync()
    assert trakt.tally() == {"GET /sync/last_activities": 1}
