"""Where ideas come from, in the order of the page "Discover": rows of titles, and why each."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from db import Connection, discoveries, shared_ratings, shared_wishes, users, watchlist
from db.discoveries import Discovery
from rules import taste_similarity
from services import tmdb_fetch
from utils.translation import N_, ngettext
from utils.translation import gettext as _

Told = Mapping[tuple[str, str], list[Discovery]]  # by source and kind
KINDS = ("film", "show")
CHARTS = ("trending", "popular")
MINE = "mine"  # the key of my own watchlist
TITLES = {
    "overlap-film": N_("On several of our watchlists"),
    "overlap-show": N_("Shows on several of our watchlists"),
    "watchlist-film": N_("Also on our watchlists"),
    "watchlist-show": N_("Shows that one of us wants to see"),
    "recommended-film": N_("Trakt recommends to you"),
    "recommended-show": N_("Shows that Trakt recommends to you"),
    "alike-film": N_("Loved by those who rate as you do"),
    "trending-film": N_("Trending"),
    "trending-show": N_("Trending shows"),
    "popular-film": N_("Popular"),
    "popular-show": N_("Popular shows"),
}
REASONS = {
    "trending": N_("No. {place} of what {source} sees watched right now"),
    "popular": N_("No. {place} of what is popular at {source}"),
}


@dataclass(frozen=True)
class Idea:
    kind: str  # film or show
    tmdb_id: int
    title: str
    year: int | None
    reason: str = ""  # empty: who wants it says why
    told: Discovery | None = None  # all that Trakt said of it


@dataclass(frozen=True)
class Row:
    source: str
    kind: str
    ideas: Sequence[Idea]

    @property
    def key(self) -> str:
        return f"{self.source}-{self.kind}"

    @property
    def title(self) -> str:
        return _(TITLES[self.key])


def rows(conn: Connection, me: int, most: int) -> list[Row]:
    """With at most so many ideas each; rows without any are left out."""
    told = discoveries.for_member(conn, me)
    found = [
        *_wished(conn, "overlap", shared_wishes.shared, me, most),
        *_wished(conn, "watchlist", shared_wishes.others, me, most),
        *(_recommended(told, kind) for kind in KINDS),
        Row("alike", "film", _alike(conn, me, most)),
        *(_chart(told, source, kind) for source in CHARTS for kind in KINDS),
    ]
    return [row for row in found if row.ideas]


def mine(conn: Connection, me: int, most: int, offset: int = 0) -> list[Row]:
    """My own watchlist, newest first."""
    lists = ((kind, watchlist.of_member(conn, me, kind, most, offset)) for kind in KINDS)
    return [Row("watchlist", kind, _ideas(kind, listed)) for kind, listed in lists if listed]


def _wished(
    conn: Connection,
    source: str,
    read: Callable[..., list[shared_wishes.WishedTitle]],
    me: int,
    most: int,
) -> list[Row]:
    return [Row(source, kind, _ideas(kind, read(conn, kind, me, most))) for kind in KINDS]


def _ideas(kind: str, titles: Iterable[Any]) -> list[Idea]:
    return [_idea(kind, one) for one in titles]


def _idea(kind: str, one: Any, reason: str = "", told: Discovery | None = None) -> Idea:
    return Idea(kind, one.tmdb_id, one.title, one.year, reason, told)


def _recommended(told: Told, kind: str) -> Row:
    reason = _("Trakt picked it by what you have watched")
    ideas = [_idea(kind, one, reason, one) for one in told.get(("recommended", kind), [])]
    return Row("recommended", kind, ideas)


def _chart(told: Told, source: str, kind: str) -> Row:
    """From Trakt; films else from TMDB, if the household has its key."""
    reason = _(REASONS[source])  # once a row: gettext looks for its catalogue at every call
    if found := told.get((source, kind)):
        places = enumerate(found, 1)
        ideas = [
            _idea(kind, one, reason.format(place=at, source="Trakt"), one) for at, one in places
        ]
        return Row(source, kind, ideas)
    films = tmdb_fetch.cached_list(source) if kind == "film" and tmdb_fetch.is_enabled() else []
    ideas = [
        _idea(kind, film, reason.format(place=at, source="TMDB"))
        for at, film in enumerate(films, 1)
    ]
    return Row(source, kind, ideas)


def _alike(conn: Connection, me: int, most: int) -> list[Idea]:
    common = shared_ratings.rated_in_common(conn, me)
    weights = taste_similarity.similarity_weights(common)
    best = (
        taste_similarity.best_recommendations(shared_ratings.loved_by(conn, me, weights), weights)[
            :most
        ]
        if weights
        else []
    )
    names = {member.id: member.name for member in users.active(conn)}
    return [
        Idea("film", one.tmdb_id, "", None, _loved(one, names[one.user_id], common[one.user_id]))
        for one in best
    ]


def _loved(one: taste_similarity.Favourite, name: str, common: taste_similarity.Common) -> str:
    text = ngettext(
        "{name} gave it {rating} of 10; you two are {apart} points apart on {n} film",
        "{name} gave it {rating} of 10; you two are {apart} points apart on {n} films",
        common.films,
    )
    apart = f"{common.distance:.1f}"
    return text.format(name=name, rating=one.rating, apart=apart, n=common.films)
