"""A Trakt account: what it watched, rated, wants to see and lists. Every change moves a stamp."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from tests.fake_trakt.catalogue import MOVIE, SHOW, Title
from tests.fake_trakt.lists import Item, PersonalList, Stranger
from utils import instants

FIRST_PLAY_ID = 2**53 + 1  # a float would lose it
FREE, VIP = 250, 5000  # items of the watchlist, and of each other list
_play_ids = count(FIRST_PLAY_ID)
_item_ids = count(5_000_001)
_list_ids = count(3_000_001)


@dataclass(frozen=True)
class Play:
    play_id: int
    title: Title
    watched_at: datetime
    action: str
    added_at: datetime


@dataclass(frozen=True)
class Rating:
    title: Title
    value: int
    rated_at: datetime


@dataclass
class Account:
    username: str
    now: Callable[[], datetime]
    vip: bool = False
    consent: str = ""  # "approve" or "deny" at once; "" asks on the page
    locked: bool = False
    says_limit: bool = True  # a 420 with its headers
    watchlist_limit: int = 0  # 0: what the plan gives
    list_limit: int = 0  # of each other list, as above
    plays: dict[int, Play] = field(default_factory=dict)
    ratings: dict[Title, Rating] = field(default_factory=dict)
    wishes: dict[Title, Item] = field(default_factory=dict)
    lists: dict[int, PersonalList] = field(default_factory=dict)
    recommended: list[Title] = field(default_factory=list)
    hidden: set[Title] = field(default_factory=set)
    watching: dict[str, Any] | None = None
    paused: dict[Title, float] = field(default_factory=dict)
    stamps: dict[tuple[str, str], datetime] = field(default_factory=dict)
    version: int = 0
    _kept: dict[str, tuple[int, list[Any]]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.slug = self.username.lower().replace(" ", "-")
        self.uuid = str(uuid5(NAMESPACE_URL, f"account:{self.username}"))
        self.joined_at = self.now()

    @property
    def room(self) -> int:
        return self.watchlist_limit or (VIP if self.vip else FREE)

    @property
    def room_of_lists(self) -> int:
        return self.list_limit or (VIP if self.vip else FREE)

    def watch(self, title: Title, at: datetime | None = None, action: str = "watch") -> Play:
        """Adds a play, even if there is one just like it, and takes the title off the wishes."""
        play = Play(next(_play_ids), title, at or self.now(), action, self.now())
        self.plays[play.play_id] = play
        self._moved("movies" if title.kind == MOVIE else "episodes", "watched_at")
        if title in self.wishes:
            self.unwish(title)
        return play

    def forget(self, play_id: int) -> bool:
        play = self.plays.pop(play_id, None)
        if play:
            self._moved("movies" if play.title.kind == MOVIE else "episodes", "watched_at")
        return play is not None

    def forget_all(self, title: Title) -> int:
        doomed = [play.play_id for play in self.plays.values() if play.title is title]
        return sum(self.forget(play_id) for play_id in doomed)

    def rate(self, title: Title, value: int, at: datetime | None = None) -> None:
        self.ratings[title] = Rating(title, value, at or self.now())
        self._moved(f"{title.kind}s", "rated_at")

    def unrate(self, title: Title) -> bool:
        if self.ratings.pop(title, None) is None:
            return False
        self._moved(f"{title.kind}s", "rated_at")
        return True

    def wish(self, title: Title, at: datetime | None = None, notes: str | None = None) -> Item:
        new = Item(next(_item_ids), title, at or self.now(), notes)
        self._wishes_moved(title)
        return self.wishes.setdefault(title, new)

    def unwish(self, title: Title) -> bool:
        if self.wishes.pop(title, None) is None:
            return False
        self._wishes_moved(title)
        return True

    def make_list(
        self, name: str, titles: Iterable[Title | Stranger] = (), privacy: str = "private"
    ) -> PersonalList:
        trakt, now = next(_list_ids), self.now()
        slug = "-".join(name.lower().split())
        if slug in {each.slug for each in self.lists.values()}:
            slug = f"{slug}-{trakt}"
        made = PersonalList(trakt, slug, name, privacy, now, now)
        self.lists[made.trakt] = made
        self._moved("lists", "updated_at")
        for title in titles:
            self.enlist(made, title)
        return made

    def enlist(
        self, chosen: PersonalList, title: Title | Stranger, notes: str | None = None
    ) -> None:
        """Once; what stands on a list already keeps its place."""
        chosen.items.setdefault(title, Item(next(_item_ids), title, self.now(), notes))
        chosen.moved_at = self.now()
        self._moved("lists", "updated_at")

    def hide(self, title: Title) -> None:
        self.hidden.add(title)
        self._moved(f"{title.kind}s", "hidden_at")

    def activities(self) -> dict[str, Any]:
        """Every stamp; those that never moved say when the account began."""
        last: dict[str, Any] = {"all": max([self.joined_at, *self.stamps.values()])}
        for room, names in ROOMS.items():
            last[room] = {name: self.stamps.get((room, name), self.joined_at) for name in names}
        text: dict[str, Any] = _texts(last)
        return text

    def kept(self, key: str, build: Callable[[], list[Any]]) -> list[Any]:
        """A list that is built again only after a change."""
        version, items = self._kept.get(key, (-1, []))
        if version != self.version:
            items = build()
            self._kept[key] = (self.version, items)
        return items

    def _wishes_moved(self, title: Title) -> None:
        self._moved(f"{title.kind}s", "watchlisted_at")
        self._moved("watchlist", "updated_at")

    def _moved(self, room: str, name: str) -> None:
        """A clock that stands still still gives a new stamp."""
        last = self.stamps.get((room, name), self.joined_at)
        self.stamps[room, name] = max(self.now(), last + timedelta(milliseconds=1))
        self.version += 1


def _texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _texts(inner) for name, inner in value.items()}
    return instants.to_text(value)


STARS = "rated_at watchlisted_at favorited_at commented_at hidden_at"
ROOMS = {
    "movies": f"watched_at collected_at {STARS} paused_at".split(),
    "episodes": "watched_at collected_at rated_at watchlisted_at commented_at paused_at".split(),
    f"{SHOW}s": f"{STARS} dropped_at".split(),
    "seasons": "rated_at watchlisted_at commented_at hidden_at".split(),
    "comments": "liked_at blocked_at".split(),
    "lists": "liked_at reacted_at updated_at commented_at".split(),
    "watchlist": ["updated_at"],
    "favorites": ["updated_at"],
    "account": "settings_at followed_at following_at pending_at".split(),
    "saved_filters": ["updated_at"],
    "notes": ["updated_at"],
}
