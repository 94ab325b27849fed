"""Cards of ideas: the rows of sources.py with stored facts, by a fixed number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for

from blueprints.discover.filters import Filters
from blueprints.discover.sources import Idea, Row
from db import Connection, hidden, shared_wishes, watch_history
from db.discoveries import Discovery
from db.movies import Movie
from db.shared_wishes import Wisher
from db.users import Member
from services import films
from utils.title_text import placeholder_title
from utils.translation import gettext as _
from utils.translation import ngettext

Card = dict[str, Any]
Key = tuple[str, int]  # kind and TMDB id


@dataclass(frozen=True)
class Shelf:
    """A row with its cards."""

    source: str
    key: str
    title: str
    cards: Sequence[Card]
    unknown: int = 0  # titles left out because facts for the filters are unknown


@dataclass(frozen=True)
class Known:
    """Stored facts on some titles."""

    member: Member
    movies: Mapping[int, Movie]
    discoveries: Mapping[Key, Discovery]
    seen: Mapping[int, list[str]]
    wanted: Mapping[Key, list[Wisher]]


def of_rows(conn: Connection, member: Member, rows: Sequence[Row], limit: int) -> list[Shelf]:
    """Return rows without the member's hidden titles and already seen recommendations."""
    known = _known(conn, member, [idea for row in rows for idea in row.ideas])
    hidden_keys = {(title.kind, title.tmdb_id) for title in hidden.of_member(conn, member.id)}
    found = []
    for row in rows:
        ideas = [idea for idea in row.ideas if (idea.kind, idea.tmdb_id) not in hidden_keys]
        if row.source == "recommended":
            ideas = [idea for idea in ideas if member.name not in _seen_by(idea, known)]
        cards = [_card(idea, known, row.source) for idea in ideas[:limit]]
        found.append(Shelf(row.source, row.key, row.title, cards))
    return [shelf for shelf in found if shelf.cards]


def mine(conn: Connection, member: Member, rows: Sequence[Row]) -> list[Shelf]:
    """Return the member's own watchlist, including hidden titles."""
    known = _known(conn, member, [idea for row in rows for idea in row.ideas])
    return [
        Shelf(row.source, row.key, row.title, [_card(idea, known, "") for idea in row.ideas])
        for row in rows
    ]


def filtered(shelves: Iterable[Shelf], filters: Filters) -> list[Shelf]:
    """Return shelves with matching cards; one without any stays if titles lack facts."""
    found = []
    for shelf in shelves:
        cards = [card for card in shelf.cards if filters.fits(card)]
        unknown = sum(filters.is_unknown(card) for card in shelf.cards)
        found.append(replace(shelf, cards=cards, unknown=unknown))
    return [shelf for shelf in found if shelf.cards or shelf.unknown]


def card(conn: Connection, member: Member, idea: Idea) -> Card:
    """Return the card of a title, for JSON responses."""
    return _card(idea, _known(conn, member, [idea]), "")


def _known(conn: Connection, member: Member, ideas: Sequence[Idea]) -> Known:
    ids = {kind: {idea.tmdb_id for idea in ideas if idea.kind == kind} for kind in ("film", "show")}
    return Known(
        member,
        films.find_films(conn, ids["film"]),
        {(idea.kind, idea.tmdb_id): idea.discovery for idea in ideas if idea.discovery},
        watch_history.seen_by(conn, ids["film"]),
        {
            (kind, tmdb_id): wishers
            for kind, tmdb_ids in ids.items()
            for tmdb_id, wishers in shared_wishes.wanted_by(conn, kind, tmdb_ids).items()
        },
    )


def _card(idea: Idea, known: Known, source: str) -> Card:
    movie = known.movies.get(idea.tmdb_id) if idea.kind == "film" else None
    discovery = known.discoveries.get((idea.kind, idea.tmdb_id))
    wishers = known.wanted.get((idea.kind, idea.tmdb_id), [])
    has_no_title = idea.title in ("", placeholder_title(idea.tmdb_id, idea.kind))
    named = movie if movie and has_no_title else idea
    return {
        "kind": idea.kind,
        "tmdb_id": idea.tmdb_id,
        "title": named.title,
        "year": named.year,
        "runtime": (movie and movie.runtime) or (discovery and discovery.runtime),
        "genres": list((movie and movie.genres) or (discovery.genres if discovery else ())),
        "certification": (movie and movie.certification) or (discovery and discovery.certification),
        "poster": url_for("films.poster", kind=idea.kind, tmdb_id=idea.tmdb_id),
        "wanted_by": [wisher.name for wisher in wishers],
        "seen_by": _seen_by(idea, known),
        "reason": idea.reason or _wish_reason(wishers, known.member, source),
        "is_wished": known.member.id in {wisher.user_id for wisher in wishers},
    }


def _seen_by(idea: Idea, known: Known) -> list[str]:
    """Return the members who have seen a film; none for a show, whose plays are not stored."""
    return list(known.seen.get(idea.tmdb_id, [])) if idea.kind == "film" else []


def _wish_reason(wishers: Sequence[Wisher], member: Member, source: str) -> str:
    """Return who wants to see a title in a row of wishes; '' for other rows."""
    if source not in ("overlap", "watchlist"):
        return ""
    if [wisher.user_id for wisher in wishers] == [member.id]:
        return _("You want to see it")
    names = ", ".join(wisher.name for wisher in wishers)
    text = ngettext("{names} wants to see it", "On {n} lists: {names}", len(wishers))
    return text.format(n=len(wishers), names=names)
