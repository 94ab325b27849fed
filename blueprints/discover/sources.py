"""Rows of ideas for the page "Discover", in its order, with a reason for each title."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from db import Connection, discoveries, shared_ratings, shared_wishes, users, watchlist
from db.discoveries import Discovery
from rules import taste_similarity
from services import tmdb_fetch
from utils.translation import N_, ngettext
from utils.translation import gettext as _

Discoveries = Mapping[tuple[str, str], list[Discovery]]  # by source and kind
KINDS = ("film", "show")
CHARTS = ("trending", "popular")
MINE = "mine"  # the key of the member's own watchlist
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
    reason: str = ""  # empty: made from the wishes for it
    discovery: Discovery | None = None  # from a list of Trakt


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


def rows(conn: Connection, user_id: int, limit: int) -> list[Row]:
    """Return the rows that have ideas; some have more than `limit`."""
    from_trakt = discoveries.for_member(conn, user_id)
    found = [
        *_wished(conn, "overlap", shared_wishes.shared, user_id, limit),
        *_wished(conn, "watchlist", shared_wishes.others, user_id, limit),
        *(_recommended(from_trakt, kind) for kind in KINDS),
        Row("alike", "film", _alike(conn, user_id, limit)),
        *(_chart(from_trakt, source, kind) for source in CHARTS for kind in KINDS),
    ]
    return [row for row in found if row.ideas]


def mine(conn: Connection, user_id: int, limit: int, offset: int = 0) -> list[Row]:
    """Return the member's own watchlist, newest first."""
    lists = ((kind, watchlist.of_member(conn, user_id, kind, limit, offset)) for kind in KINDS)
    return [Row("watchlist", kind, _ideas(kind, listed)) for kind, listed in lists if listed]


def _wished(
    conn: Connection,
    source: str,
    list_wishes: Callable[..., list[shared_wishes.WishedTitle]],
    user_id: int,
    limit: int,
) -> list[Row]:
    return [
        Row(source, kind, _ideas(kind, list_wishes(conn, kind, user_id, limit))) for kind in KINDS
    ]


def _ideas(kind: str, titles: Iterable[Any]) -> list[Idea]:
    return [_idea(kind, title) for title in titles]


def _idea(kind: str, title: Any, reason: str = "", discovery: Discovery | None = None) -> Idea:
    return Idea(kind, title.tmdb_id, title.title, title.year, reason, discovery)


def _recommended(from_trakt: Discoveries, kind: str) -> Row:
    reason = _("Trakt picked it by what you have watched")
    ideas = [
        _idea(kind, title, reason, title) for title in from_trakt.get(("recommended", kind), [])
    ]
    return Row("recommended", kind, ideas)


def _chart(from_trakt: Discoveries, source: str, kind: str) -> Row:
    """Return a chart from Trakt; for films else from TMDB, if there is an API key."""
    reason = _(REASONS[source])  # once per row: gettext looks up its catalogue each time
    if found := from_trakt.get((source, kind)):
        places = enumerate(found, 1)
        ideas = [
            _idea(kind, title, reason.format(place=at, source="Trakt"), title)
            for at, title in places
        ]
        return Row(source, kind, ideas)
    films = tmdb_fetch.cached_list(source) if kind == "film" and tmdb_fetch.is_enabled() else []
    ideas = [
        _idea(kind, film, reason.format(place=at, source="TMDB"))
        for at, film in enumerate(films, 1)
    ]
    return Row(source, kind, ideas)


def _alike(conn: Connection, user_id: int, limit: int) -> list[Idea]:
    common = shared_ratings.rated_in_common(conn, user_id)
    weights = taste_similarity.similarity_weights(common)
    if not weights:
        return []
    loved = shared_ratings.loved_by(conn, user_id, weights)
    best = taste_similarity.best_recommendations(loved, weights)[:limit]
    names = {member.id: member.name for member in users.list_active(conn)}
    return [
        Idea(
            "film", film.tmdb_id, "", None, _loved(film, names[film.user_id], common[film.user_id])
        )
        for film in best
    ]


def _loved(film: taste_similarity.Favourite, name: str, common: taste_similarity.Common) -> str:
    text = ngettext(
        "{name} gave it {rating} of 10; you two are {apart} points apart on {n} film",
        "{name} gave it {rating} of 10; you two are {apart} points apart on {n} films",
        common.films,
    )
    apart = f"{common.distance:.1f}"
    return text.format(name=name, rating=film.rating, apart=apart, n=common.films)
