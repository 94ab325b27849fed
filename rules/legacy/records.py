"""Records of an import plan, and the ledger that counts every record read.

Films, members and weeks are identified by TMDB id, name and key, as database ids come later.
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
    """A record left out; `reason` is a code. Only a harmless one does not refuse the file."""

    kind: Kind
    path: str
    reason: str
    harmless: bool = False


@dataclass
class Ledger:
    """Counts of records: each one read is planned, merged or rejected."""

    read: Counter[Kind] = field(default_factory=Counter)
    merged: Counter[Kind] = field(default_factory=Counter)
    rejected: list[Rejected] = field(default_factory=list)

    def add(self, kind: Kind) -> None:
        self.read[kind] += 1

    def merge(self, kind: Kind) -> None:
        self.read[kind] += 1
        self.merged[kind] += 1

    def reject(self, kind: Kind, path: str, reason: str, *, harmless: bool = False) -> None:
        self.read[kind] += 1
        self.rejected.append(Rejected(kind, path, reason, harmless))

    def planned(self, kind: Kind) -> int:
        rejected = sum(record.kind == kind for record in self.rejected)
        return self.read[kind] - self.merged[kind] - rejected

    def account(self, imported: Counter[Kind], *, is_done: bool) -> dict[str, dict[Kind, int]]:
        """Return the counts for the report.

        A planned record that was not imported existed before, so it counts as merged; not if the
        file was refused (`is_done` False).
        """
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
    knows_pin: bool = False  # True also if the file has null
    is_locked: bool = False  # their PIN cannot be read, so no one can sign in until it is reset
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
    voters: set[str] = field(default_factory=set)  # of data.json, also those without a yes


@dataclass(frozen=True)
class Rating:
    name: str
    tmdb_id: int
    rating: int  # 1-10
    rated_at: datetime  # may be in the future, as the end of the current week


@dataclass(frozen=True)
class Watch:
    name: str
    tmdb_id: int
    week: str | None
    watched_at: datetime | None
    is_from_trakt: bool = False


@dataclass(frozen=True)
class Link:
    """A Trakt link, with decrypted tokens."""

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
    """Descriptions of each film, each with its week ("" if it has none)."""
    ratings: dict[tuple[str, int], Rating] = field(default_factory=dict)
    watches: dict[tuple[str, int, str | None], Watch] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
