"""The plan of an import: what will be written, and a ledger in which every record is accounted for.

Films, members and weeks are named by TMDB id, name and week key; ids of the database come later.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args

from rules.schedule import Schedule

Kind = Literal["members", "weeks", "nominations", "votes", "ratings", "watches", "links"]
Source = Literal["json", "sqlite"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class Rejected:
    """`reason` is a code; `harmless` ones do not refuse the file."""

    kind: Kind
    path: str
    reason: str
    harmless: bool = False


@dataclass
class Ledger:
    """What is read and neither merged nor rejected is planned, so the books always balance."""

    read: Counter[Kind] = field(default_factory=Counter)
    merged: Counter[Kind] = field(default_factory=Counter)
    rejected: list[Rejected] = field(default_factory=list)

    def take(self, kind: Kind) -> None:
        self.read[kind] += 1

    def merge(self, kind: Kind) -> None:
        self.read[kind] += 1
        self.merged[kind] += 1

    def reject(self, kind: Kind, path: str, reason: str, *, harmless: bool = False) -> None:
        self.read[kind] += 1
        self.rejected.append(Rejected(kind, path, reason, harmless))

    def planned(self, kind: Kind) -> int:
        left_out = sum(record.kind == kind for record in self.rejected)
        return self.read[kind] - self.merged[kind] - left_out

    def account(self, imported: Counter[Kind], *, is_done: bool) -> dict[str, dict[Kind, int]]:
        """Planned and not imported means that it was there; of a refused file nothing was done."""
        planned = {kind: self.planned(kind) if is_done else 0 for kind in KINDS}
        return {
            "read": {kind: self.read[kind] for kind in KINDS},
            "imported": {kind: imported[kind] for kind in KINDS},
            "merged": {kind: self.merged[kind] + planned[kind] - imported[kind] for kind in KINDS},
        }

    @property
    def damaged(self) -> list[Rejected]:
        return [record for record in self.rejected if not record.harmless]


@dataclass
class Member:
    name: str
    icon: str
    pin: str | None = None
    knows_pin: bool = False  # null is an answer too
    is_locked: bool = False  # had a PIN that cannot be read: nobody gets in before it is set anew
    is_retired: bool = False
    created_at: datetime | None = None


@dataclass
class Film:
    tmdb_id: int
    title: str | None = None
    year: int | None = None
    imdb_id: str | None = None
    poster_path: str | None = None
    backdrop_path: str | None = None
    overview: str | None = None
    rating: float | None = None


@dataclass(frozen=True)
class Nomination:
    tmdb_id: int
    proposed_by: str
    proposed_at: datetime


@dataclass
class Week:
    key: str
    source: Source
    is_archived: bool = False
    is_voting: bool = False
    first: int | None = None
    second: int | None = None
    nominations: dict[int, Nomination] = field(default_factory=dict)  # in finishing order
    votes: dict[tuple[int, str], datetime] = field(default_factory=dict)  # film and voter
    voters: set[str] = field(default_factory=set)  # of data.json, those who voted no as well


@dataclass(frozen=True)
class Rating:
    name: str
    tmdb_id: int
    rating: int  # 1-10
    rated_at: datetime  # a week's end may lie ahead


@dataclass(frozen=True)
class Watch:
    name: str
    tmdb_id: int
    week: str | None
    watched_at: datetime | None
    is_from_trakt: bool = False


@dataclass(frozen=True)
class Link:
    """Tokens in clear, never shown."""

    name: str
    trakt_user: str | None
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime | None
    created_at: datetime | None


@dataclass
class Plan:
    schedule: Schedule
    now: datetime
    ledger: Ledger = field(default_factory=Ledger)
    members: dict[str, Member] = field(default_factory=dict)
    weeks: dict[str, Week] = field(default_factory=dict)
    films: dict[int, list[tuple[str, Film]]] = field(default_factory=dict)
    """What was said of each film, with the week in which it was said ("": none)."""
    ratings: dict[tuple[str, int], Rating] = field(default_factory=dict)
    watches: dict[tuple[str, int, str | None], Watch] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
