"""The page "Discover": all rows with a few titles each, one row in full, or my own watchlist."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app

from blueprints.discover import filters, shelves, sources
from blueprints.discover.filters import Filters
from blueprints.discover.shelves import Shelf
from blueprints.discover.sources import MINE
from blueprints.http.forms import query_number, query_text
from db import Connection, hidden, nominations, outbox_view, trakt_auth
from db.users import Member
from db.weeks import Week
from services import discover_fetch, film_search, trakt_status, week_page
from trakt import application
from utils import messages
from utils.instants import from_text

A_REEL, A_ROW = 10, 60  # titles of a row beside the others, and in full
A_SEARCH = 500  # titles of a row that a filter looks through
LAST_PAGE = 10_000  # that anybody may ask for, of a watchlist
JUST_NOW = timedelta(minutes=5)  # how long the undo of "not interested" stands above the rows


@dataclass(frozen=True)
class Asked:
    """What the URL asks for."""

    row: str
    filters: Filters
    page: int

    @property
    def is_mine(self) -> bool:
        return self.row == MINE


def asked() -> Asked:
    page = min(query_number("page") or 1, LAST_PAGE)
    return Asked(query_text("row"), filters.read(), page)


def body(conn: Connection, me: Member, asked: Asked, now: datetime) -> dict[str, Any]:
    """What programs get; `coming`: more is being fetched, so ask again in a moment."""
    outlook = discover_fetch.request(conn, me.id, now)
    rows = [
        {"source": shelf.source, "title": shelf.title, "films": list(shelf.cards[:A_ROW])}
        for shelf in shelves.filtered(_all(conn, me, asked, A_ROW), asked.filters)
        if shelf.cards and asked.row in ("", MINE, shelf.key)
    ]
    return {"rows": rows, "coming": outlook.is_coming}


def parts(conn: Connection, week: Week, me: Member, asked: Asked, now: datetime) -> dict[str, Any]:
    outlook = discover_fetch.request(conn, me.id, now)
    everything = _all(conn, me, asked, A_ROW if asked.row else A_REEL + 1)
    fitting = shelves.filtered(everything, asked.filters)
    cards = [card for shelf in everything for card in shelf.cards]
    not_wanted = hidden.of_member(conn, me.id)
    return {
        "asked": asked,
        "shelf": next((one for one in fitting if one.key == asked.row), None),
        "shelves": fitting,
        "reel": A_REEL,
        "row": A_ROW,
        "has_more": asked.is_mine and any(len(one.cards) >= A_ROW for one in everything),
        "choices": filters.choices(cards, asked.filters),
        "is_coming": outlook.is_coming,
        "problem": messages.trakt(outlook.problem) if outlook.problem else None,
        "problem_code": outlook.problem,
        "hidden": not_wanted,
        "undo": [one for one in not_wanted[:1] if now - from_text(one.hidden_at) < JUST_NOW],
        "nominated": {film.tmdb_id for film in nominations.for_week(conn, week.key)},
        "notes": film_search.nomination_notes(conn, week),
        "obstacle": week_page.why_not_nominate(conn, week, me),
        **_trakt(conn, me),
    }


def _all(conn: Connection, me: Member, asked: Asked, most: int) -> Sequence[Shelf]:
    """Rows of at most so many titles; a filter looks through more."""
    most = A_SEARCH if asked.filters.is_on else most
    if asked.is_mine:
        offset = 0 if asked.filters.is_on else (asked.page - 1) * most
        return shelves.mine(conn, me, sources.mine(conn, me.id, most, offset))
    return shelves.of_rows(conn, me, sources.rows(conn, me.id, most), most)


def _trakt(conn: Connection, me: Member) -> dict[str, Any]:
    """How this member stands with Trakt, and which wishes could not reach it."""
    link = trakt_auth.get(conn, me.id)
    letters = outbox_view.unsent(conn, me.id) if link else []
    return {
        "is_linked": link is not None,
        "can_link": application.load(conn, current_app.config) is not None,
        "unsent": [
            trakt_status.unsent_entry(one, link)
            for one in letters
            if one.status == "parked" and one.act in ("listed", "unlisted")
        ],
    }
