"""The example household: invented members, and a year of theirs written to a database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from random import Random

from db import (
    Connection,
    movies,
    nominations,
    ratings,
    users,
    votes,
    watch_history,
    watchlist,
    weeks,
)
from db.movies import Movie
from movies import Film, bundled
from rules import schedule


@dataclass(frozen=True)
class Person:
    name: str
    icon: str
    likes: frozenset[str]  # genres
    dislikes: frozenset[str]
    bonus: float  # added to all of their ratings
    pin: str | None = None
    is_admin: bool = False
    rival: str = ""  # the member whose films they rarely vote for


def _genres(names: str) -> frozenset[str]:
    return frozenset(names.split(", "))


CAST = (
    Person(
        "Greta",
        "🦊",
        likes=_genres("Comedy, Romance, Music, Mystery"),
        dislikes=_genres("War, Horror"),
        bonus=0.2,
        pin="7294",
        is_admin=True,
    ),
    Person(
        "Milo",
        "🐻",
        likes=_genres("Action, Science Fiction, Adventure, Western"),
        dislikes=_genres("Romance, Music"),
        bonus=0.8,
        rival="Ines",
    ),
    Person(
        "Ines",
        "🦉",
        likes=_genres("Drama, History, Mystery, Crime"),
        dislikes=_genres("Action, Science Fiction"),
        bonus=-0.9,
        pin="5183",
        rival="Milo",
    ),
    Person(
        "Otto",
        "🐢",
        likes=_genres("Family, Western, History, War"),
        dislikes=_genres("Fantasy, Thriller"),
        bonus=-0.2,
    ),
    Person(
        "Juno",
        "🦄",
        likes=_genres("Animation, Fantasy, Family, Comedy"),
        dislikes=_genres("Drama, History"),
        bonus=1.1,
    ),
)


def liking(person: Person, film: Film) -> float:
    """Return the rating, out of ten, that the person would give the film on average."""
    genres = frozenset(film.genres)
    # Seeded by the film, so that it is the same for every person and every run.
    quality = 2.4 * Random(film.tmdb_id).random()  # noqa: S311 - not used for secrets
    return (
        4.6
        + quality
        + person.bonus
        + 1.1 * len(genres & person.likes)
        - 1.5 * len(genres & person.dislikes)
    )


SEED = 14  # a year with every kind of tie in it
LAST_WEEK = "2026-W24"  # one nomination is missing; with it voting opens
LAST_TO_NOMINATE = "Otto"
WEEKS = 52  # before LAST_WEEK
# Exceptions, by number of the week since the first.
SKIPPED = {12: "a fever", 27: "Christmas"}
NOBODY_NOMINATED = {28}
NOBODY_VOTED = {21}
NOT_WATCHED = {7, 35, 44}
DOUBLE_FEATURES = {9, 31}
AWAY = {5: "Milo", 6: "Milo", 17: "Otto", 23: "Juno", 33: "Greta", 41: "Ines", 42: "Ines"}
SEEN_BEFORE = 25  # films that each person saw before the first week
SHORTLIST = 14  # films that a person chooses a nomination from
WISH_CANDIDATES = 12  # films
WISHES = 4  # of the candidates on each watchlist


class ExampleYear:
    """Fills an empty database; the caller commits."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self._random = Random(SEED)  # noqa: S311 - not used for secrets
        self._films = bundled.all_films()
        self._won: set[int] = set()
        self._ids: dict[str, int] = {}

    def fill(self, pins: Mapping[str, str]) -> None:
        """Write the members and all weeks; `pins`: PIN hashes by name."""
        keys = [LAST_WEEK]
        for _week in range(WEEKS):
            keys.insert(0, schedule.previous_week(keys[0]))
        self._add_members(_at(keys[0], 0, 7), pins)
        for number, key in enumerate(keys[:-1]):
            self._add_week(number, key)
        early = [person for person in CAST if person.name != LAST_TO_NOMINATE]
        self._nominate(LAST_WEEK, early, is_in_a_hurry=True)
        self._add_wishes(_at(LAST_WEEK, 1, 8))

    def _add_members(self, now: datetime, pins: Mapping[str, str]) -> None:
        for person in CAST:
            user_id = users.add(self._conn, person.name, person.icon, now)
            self._ids[person.name] = user_id
            if person.name in pins:
                users.set_pin(self._conn, user_id, pins[person.name])
            if person.is_admin:
                users.set_admin(self._conn, user_id, True)
        for person in CAST:
            for _film in range(SEEN_BEFORE):
                film = self._choose(self._films)
                self._store_film(film)
                watch_history.add_own(self._conn, self._ids[person.name], film.tmdb_id, now)
                if self._chance(0.6):
                    self._rate(person, film, now)

    def _add_week(self, number: int, key: str) -> None:
        present = [person for person in CAST if AWAY.get(number) != person.name]
        if number in NOBODY_NOMINATED:
            weeks.catch_up(self._conn, _at(key, 0, 7))
            return
        self._nominate(key, present)
        if number in SKIPPED:
            now = _at(key, 3, 9)
            weeks.skip(self._conn, weeks.current(self._conn, now), now, by=self._ids["Greta"])
            return
        weeks.catch_up(self._conn, _at(key, 3, 0))
        if number not in NOBODY_VOTED:
            self._vote(_at(key, 3, 17), present)
        weeks.catch_up(self._conn, _at(key, 4, 18))
        places = [film.tmdb_id for film in nominations.for_week(self._conn, key)]
        if number not in NOBODY_VOTED:
            self._won.add(places[0])
        if number not in NOT_WATCHED | NOBODY_VOTED:
            self._watch(key, places[: 2 if number in DOUBLE_FEATURES else 1], present)

    def _nominate(
        self, key: str, present: Sequence[Person], *, is_in_a_hurry: bool = False
    ) -> None:
        """Add nominations; without `is_in_a_hurry` some members skip the week."""
        weeks.catch_up(self._conn, _at(key, 0, 6))
        taken: set[int] = set()
        for hour, person in enumerate(present, 7):
            if not is_in_a_hurry and self._chance(0.07):
                continue
            now = _at(key, 0 if is_in_a_hurry else int(self._random.random() * 3), hour)
            film = self._pick(person, taken)
            taken.add(film.tmdb_id)
            self._store_film(film)
            week = weeks.current(self._conn, now)
            nominations.add(self._conn, week, self._ids[person.name], film.tmdb_id, now)
        now = _at(key, 0 if is_in_a_hurry else 2, 20)
        weeks.open_if_all_nominated(self._conn, weeks.current(self._conn, now), now)

    def _pick(self, person: Person, taken: set[int]) -> Film:
        """Return the film of a random shortlist that the person likes best."""
        shortlist = [self._choose(self._films) for _film in range(SHORTLIST)]
        free = [film for film in shortlist if film.tmdb_id not in taken | self._won]
        return max(free, key=lambda film: liking(person, film))

    def _vote(self, now: datetime, present: Sequence[Person]) -> None:
        week = weeks.current(self._conn, now)
        films = nominations.for_week(self._conn, week.key)
        for minute, person in enumerate(present):
            if self._chance(0.06):
                continue
            scores = {
                film.id: self._score(person, film.proposer, film.tmdb_id)
                for film in films
                if film.proposer != person.name
            }
            ranked = sorted(scores, key=lambda nomination_id: scores[nomination_id], reverse=True)
            for nomination_id in ranked[: 1 if self._chance(0.25) else 2]:
                when = now + timedelta(minutes=7 * minute)
                user_id = self._ids[person.name]
                votes.cast(self._conn, week, nomination_id, user_id, when)

    def _score(self, person: Person, proposer: str, tmdb_id: int) -> float:
        grudge = 1.4 if proposer == person.rival else 0.0
        return liking(person, self._film(tmdb_id)) + 2 * self._random.random() - grudge

    def _watch(self, key: str, tmdb_ids: Sequence[int], present: Sequence[Person]) -> None:
        viewers = [person for person in present if not self._chance(0.08)] or list(present)
        for place, tmdb_id in enumerate(tmdb_ids):
            evening = _at(key, 4, 18) + place * timedelta(hours=2, minutes=15)
            watch_history.add_evening(
                self._conn,
                key,
                tmdb_id,
                [self._ids[person.name] for person in viewers],
                watched_at=evening,
                marked_by=self._ids[viewers[0].name],
                now=evening + timedelta(hours=2),
            )
            for hour, person in enumerate(viewers):
                if self._chance(0.88):
                    self._rate(person, self._film(tmdb_id), _at(key, 5, 8 + hour))

    def _rate(self, person: Person, film: Film, now: datetime) -> None:
        points = round(liking(person, film) + 2.4 * self._random.random() - 1.2)
        user_id = self._ids[person.name]
        ratings.put(self._conn, user_id, film.tmdb_id, min(10, max(1, points)), now)

    def _add_wishes(self, now: datetime) -> None:
        """Add to each watchlist the member's favourites of the same candidates."""
        candidates = [self._choose(self._films) for _film in range(WISH_CANDIDATES)]
        for person in CAST:
            favourites = sorted(candidates, key=lambda film: liking(person, film), reverse=True)
            for film in favourites[:WISHES]:
                self._store_film(film)
                user_id = self._ids[person.name]
                watchlist.add(self._conn, user_id, "film", film.tmdb_id, film.title, film.year, now)

    def _store_film(self, film: Film) -> None:
        known = Movie(film.tmdb_id, film.title, film.year, film.runtime, film.genres)
        movies.store(self._conn, known)

    def _film(self, tmdb_id: int) -> Film:
        film = bundled.by_id(tmdb_id)
        assert film is not None  # noqa: S101 - all ids come from that list
        return film

    def _choose(self, films: Sequence[Film]) -> Film:
        return films[int(self._random.random() * len(films))]

    def _chance(self, probability: float) -> bool:
        return self._random.random() < probability


def _at(week: str, day: int, hour: int) -> datetime:
    """Return the UTC instant in the week; `day` 0 is Monday."""
    midnight = datetime.combine(schedule.monday(week), time(), UTC)
    return midnight + timedelta(days=day, hours=hour)
