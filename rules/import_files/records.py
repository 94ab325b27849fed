"""What an export holds: each play once a day, each rating and each wish once a film."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from rules import Refused, parse_values

MOST_ROWS = 100_000
MOST_VALUES = 40 * MOST_ROWS  # in JSON, of all files: a row of an episode has some thirty
LONGEST_TITLE = 200
FIRST_YEAR = 1900  # older dates stand for "some day": Trakt writes 1970 for that
TRAKT_SOME_DAY = datetime(1970, 1, 1, tzinfo=UTC)
FAR_PAST = datetime.min.replace(tzinfo=UTC)
TOLERANCE = timedelta(days=1)  # clocks of devices differ, and zones do

_CONTROLS = re.compile("[\x00-\x1f\x7f]")


class Film(NamedTuple):
    """A film, or a show, which can only be wished for; Letterboxd knows no ids."""

    title: str
    year: int | None
    tmdb_id: int | None = None
    trakt_id: int | None = None
    kind: Literal["film", "show"] = "film"


class Given(NamedTuple):
    rating: int  # 1-10
    rated_at: datetime | None


@dataclass
class Export:
    """Days are those of the household's zone. Without a date, a play says only "has seen it"."""

    zone: ZoneInfo
    now: datetime
    plays: dict[tuple[Film, date | None], datetime | None] = field(default_factory=dict)
    ratings: dict[Film, Given] = field(default_factory=dict)
    wishes: dict[Film, datetime | None] = field(default_factory=dict)
    unreadable: int = 0
    _rows: int = 0
    _values: int = 0

    def add_play(self, film: Film, at: datetime | None) -> None:
        self._count()
        at = self._sane(at)
        self.plays.setdefault((film, at.astimezone(self.zone).date() if at else None), at)

    def add_rating(self, film: Film, rating: int, at: datetime | None) -> None:
        """Of several for one film the newest, as far as they are dated."""
        self._count()
        given, known = Given(rating, self._sane(at)), self.ratings.get(film)
        if known is None or (given.rated_at or FAR_PAST) > (known.rated_at or FAR_PAST):
            self.ratings[film] = given

    def add_wish(self, film: Film, at: datetime | None) -> None:
        self._count()
        self.wishes.setdefault(film, self._sane(at))

    def skip(self) -> None:
        """A line that makes no sense."""
        self._count()
        self.unreadable += 1

    def settle(self) -> None:
        """A film with a dated play needs no other that only says that it was seen."""
        dated = {film for film, day in self.plays if day}
        for film in dated:
            self.plays.pop((film, None), None)

    def noon(self, day: date | None) -> datetime | None:
        """A play of that day."""
        return self._on_clock(day, time(12))

    def morning(self, day: date | None) -> datetime | None:
        """Of a rating only its day is known: what is given here on that day counts as newer."""
        return self._on_clock(day, time(0))

    def _on_clock(self, day: date | None, clock: time) -> datetime | None:
        if day is None or not FIRST_YEAR <= day.year < 9999:
            return None
        return datetime.combine(day, clock, self.zone).astimezone(UTC)

    def _sane(self, at: datetime | None) -> datetime | None:
        if at is None or at == TRAKT_SOME_DAY or at.year < FIRST_YEAR:
            return None
        return min(at, self.now) if at <= self.now + TOLERANCE else None

    def weigh(self, document: bytes) -> None:
        """Before JSON is read: what is small as text may be hundreds of megabytes of objects."""
        self._values += sum(map(document.count, (b",", b"{", b"[")))
        if self._values > MOST_VALUES:
            raise too_long()

    def _count(self) -> None:
        self._rows += 1
        if self._rows > MOST_ROWS:
            raise too_long()


def title(value: object) -> str:
    """One line of text; empty for anything else."""
    return " ".join(_CONTROLS.sub(" ", parse_values.prose(value) or "").split())[:LONGEST_TITLE]


def too_long() -> Refused:
    return Refused("export_too_long", most=MOST_ROWS)


def damaged(path: str) -> Refused:
    return Refused("export_damaged", file=title(path.rpartition("/")[2]))


def folders(path: str) -> Iterable[str]:
    return path.lower().replace("\\", "/").split("/")[:-1]
