"""Ideas with all that is known of each: set queries only, however many titles there are."""

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
from utils.title_text import stand_in
from utils.translation import gettext as _
from utils.translation import ngettext

Card = dict[str, Any]
Key = tuple[str, int]  # kind and TMDB id


@dataclass(frozen=True)
class Shelf:
    """A row as it is shown."""

    source: str
    key: str
    title: str
    cards: Sequence[Card]
    unknown: int = 0  # left out because too little is known of them


@dataclass(frozen=True)
class Known:
    """What the household knows of some titles."""

    me: Member
    movies: Mapping[int, Movie]
    told: Mapping[Key, Discovery]
    seen: Mapping[int, list[str]]
    wanted: Mapping[Key, list[Wisher]]


def of_rows(conn: Connection, me: Member, rows: Sequence[Row], most: int) -> list[Shelf]:
    """Without what I hid, and without recommendations that I have seen meanwhile."""
    known = _known(conn, me, [idea for row in rows for idea in row.ideas])
    unwanted = {(one.kind, one.tmdb_id) for one in hidden.of_member(conn, me.id)}
    found = []
    for row in rows:
        ideas = [idea for idea in row.ideas if (idea.kind, idea.tmdb_id) not in unwanted]
        if row.source == "recommended":
            ideas = [idea for idea in ideas if me.name not in _seen_by(idea, known)]
        cards = [_card(idea, known, row.source) for idea in ideas[:most]]
        found.append(Shelf(row.source, row.key, row.title, cards))
    return [shelf for shelf in found if shelf.cards]


def mine(conn: Connection, me: Member, rows: Sequence[Row]) -> list[Shelf]:
    """My own watchlist, whatever I hid elsewhere."""
    known = _known(conn, me, [idea for row in rows for idea in row.ideas])
    return [
        Shelf(row.source, row.key, row.title, [_card(idea, known, "") for idea in row.ideas])
        for row in rows
    ]


def filtered(shelves: Iterable[Shelf], filters: Filters) -> list[Shelf]:
    """Without what does not fit; a row of which nothing is left says what was not known."""
    found = []
    for shelf in shelves:
        cards = [card for card in shelf.cards if filters.fits(card)]
        unknown = sum(filters.is_unknown(card) for card in shelf.cards)
        found.append(replace(shelf, cards=cards, unknown=unknown))
    return [shelf for shelf in found if shelf.cards or shelf.unknown]


def card(conn: Connection, me: Member, idea: Idea) -> Card:
    """One title, as programs get it after a change."""
    return _card(idea, _known(conn, me, [idea]), "")


def _known(conn: Connection, me: Member, ideas: Sequence[Idea]) -> Known:
    ids = {kind: {i.tmdb_id for i in ideas if i.kind == kind} for kind in ("film", "show")}
    return Known(
        me,
        films.find_films(conn, ids["film"]),
        {(idea.kind, idea.tmdb_id): idea.told for idea in ideas if idea.told},
        watch_history.seen_by(conn, ids["film"]),
        {
            (kind, tmdb_id): wishers
            for kind, tmdb_ids in ids.items()
            for tmdb_id, wishers in shared_wishes.wanted_by(conn, kind, tmdb_ids).items()
        },
    )


def _card(idea: Idea, known: Known, source: str) -> Card:
    movie = known.movies.get(idea.tmdb_id) if idea.kind == "film" else None
    told = known.told.get((idea.kind, idea.tmdb_id))
    wishers = known.wanted.get((idea.kind, idea.tmdb_id), [])
    is_nameless = idea.title in ("", stand_in(idea.tmdb_id, idea.kind))
    named = movie if movie and is_nameless else idea
    return {
        "kind": idea.kind,
        "tmdb_id": idea.tmdb_id,
        "title": named.title,
        "year": named.year,
        "runtime": (movie and movie.runtime) or (told and told.runtime),
        "genres": list((movie and movie.genres) or (told.genres if told else ())),
        "certification": (movie and movie.certification) or (told and told.certification),
        "poster": url_for("films.poster", kind=idea.kind, tmdb_id=idea.tmdb_id),
        "wanted_by": [wisher.name for wisher in wishers],
        "seen_by": _seen_by(idea, known),
        "reason": idea.reason or _wanted(wishers, known.me, source),
        "is_wished": known.me.id in {wisher.user_id for wisher in wishers},
    }


def _seen_by(idea: Idea, known: Known) -> list[str]:
    """Of a show nothing is known here."""
    return list(known.seen.get(idea.tmdb_id, [])) if idea.kind == "film" else []


def _wanted(wishers: Sequence[Wisher], me: Member, source: str) -> str:
    """Rows of wishes say it; other ideas have reasons of their own."""
    if source not in ("overlap", "watchlist"):
        return ""
    if [wisher.user_id for wisher in wishers] == [me.id]:
        return _("You want to see it")
    names = ", ".join(wisher.name for wisher in wishers)
    text = ngettext("{names} wants to see it", "On {n} lists: {names}", len(wishers))
    return text.format(n=len(wishers), names=names)
