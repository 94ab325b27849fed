"""The records of an export: one play per film and day, one rating and one wish per film."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from rules import Refused, parse_values

MOST_ROWS = 100_000
MOST_VALUES = 40 * MOST_ROWS  # in the JSON of all files; an episode's row has about thirty
LONGEST_TITLE = 200
FIRST_YEAR = 1900  # older dates mean "unknown", for which Trakt writes 1970
TRAKT_SOME_DAY = datetime(1970, 1, 1, tzinfo=UTC)
FAR_PAST = datetime.min.replace(tzinfo=UTC)
TOLERANCE = timedelta(days=1)  # for dates in the future, by wrong clocks or zones

_CONTROLS = re.compile("[\x00-\x1f\x7f]")


class Film(NamedTuple):
    """A film, or a show, which can only be wished for; Letterboxd has no ids."""

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
    """All records; dates are in the household's zone, None for an unknown one."""

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
        at = self._valid(at)
        self.plays.setdefault((film, at.astimezone(self.zone).date() if at else None), at)

    def add_rating(self, film: Film, rating: int, at: datetime | None) -> None:
        """Add a rating, unless the film has a newer one; an undated one is the oldest."""
        self._count()
        new, old = Given(rating, self._valid(at)), self.ratings.get(film)
        if old is None or (new.rated_at or FAR_PAST) > (old.rated_at or FAR_PAST):
            self.ratings[film] = new

    def add_wish(self, film: Film, at: datetime | None) -> None:
        self._count()
        self.wishes.setdefault(film, self._valid(at))

    def skip(self) -> None:
        """Count a row that cannot be read."""
        self._count()
        self.unreadable += 1

    def drop_redundant_plays(self) -> None:
        """Drop undated plays of films that also have a dated one."""
        dated = {film for film, day in self.plays if day}
        for film in dated:
            self.plays.pop((film, None), None)

    def noon(self, day: date | None) -> datetime | None:
        """Return the instant of a play on that day."""
        return self._on_clock(day, time(12))

    def morning(self, day: date | None) -> datetime | None:
        """Return the instant of a rating on that day, older than one given here on that day."""
        return self._on_clock(day, time(0))

    def _on_clock(self, day: date | None, clock: time) -> datetime | None:
        if day is None or not FIRST_YEAR <= day.year < 9999:
            return None
        return datetime.combine(day, clock, self.zone).astimezone(UTC)

    def _valid(self, at: datetime | None) -> datetime | None:
        if at is None or at == TRAKT_SOME_DAY or at.year < FIRST_YEAR:
            return None
        return min(at, self.now) if at <= self.now + TOLERANCE else None

    def check_size(self, document: bytes) -> None:
        """Refuse JSON with too many values, before it is parsed into megabytes of objects."""
        self._values += sum(map(document.count, (b",", b"{", b"[")))
        if self._values > MOST_VALUES:
            raise too_long()

    def _count(self) -> None:
        self._rows += 1
        if self._rows > MOST_ROWS:
            raise too_long()


def title(value: object) -> str:
    """Return one line of text; "" if the value is no text."""
    return " ".join(_CONTROLS.sub(" ", parse_values.prose(value) or "").split())[:LONGEST_TITLE]


def too_long() -> Refused:
    return Refused("export_too_long", most=MOST_ROWS)


def damaged(path: str) -> Refused:
    return Refused("export_damaged", file=title(path.rpartition("/")[2]))


def folders(path: str) -> Iterable[str]:
    return path.lower().replace("\\", "/").split("/")[:-1]
