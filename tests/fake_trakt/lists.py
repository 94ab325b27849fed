"""What stands on an account's lists: the watchlist, and the lists that somebody made."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from tests.fake_trakt.catalogue import Title
from utils import instants

_stranger_ids = count(7_000_001)


@dataclass(frozen=True)
class Stranger:
    """A season or a person: a list takes them beside films and shows."""

    kind: str
    shown: dict[str, Any] = field(hash=False)

    def wrapped(self, _extended: str = "") -> dict[str, Any]:
        return self.shown


def season(of: Title, number: int) -> Stranger:
    """It brings its show along, under the word that a show on the list has."""
    ids = {"trakt": next(_stranger_ids), "tvdb": None, "tmdb": None}
    return Stranger("season", {"season": {"number": number, "ids": ids}, "show": of.short()})


def person(name: str) -> Stranger:
    ids = {"trakt": next(_stranger_ids), "slug": "-".join(name.lower().split()), "tmdb": None}
    return Stranger("person", {"person": {"name": name, "ids": ids}})


@dataclass(frozen=True)
class Item:
    item_id: int
    title: Title | Stranger
    listed_at: datetime
    notes: str | None = None

    def shown(self, rank: int, extended: str) -> dict[str, Any]:
        return {
            "rank": rank,
            "id": self.item_id,
            "listed_at": instants.to_text(self.listed_at),
            "notes": self.notes,
            "type": self.title.kind,
            **self.title.wrapped(extended),
        }


@dataclass
class PersonalList:
    """`slug` stays as it is when the list gets another name."""

    trakt: int
    slug: str
    name: str
    privacy: str  # private, link, friends or public
    made_at: datetime
    moved_at: datetime
    items: dict[Title | Stranger, Item] = field(default_factory=dict)

    def shown(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "description": None,
            "privacy": self.privacy,
            "share_link": f"https://trakt.test/lists/{self.trakt}",
            "type": "personal",
            "display_numbers": False,
            "allow_comments": True,
            "sort_by": "rank",
            "sort_how": "asc",
            "created_at": instants.to_text(self.made_at),
            "updated_at": instants.to_text(self.moved_at),
            "item_count": len(self.items),
            "comment_count": 0,
            "likes": 0,
            "ids": {"trakt": self.trakt, "slug": self.slug},
            "images": {"posters": []},
        }
