"""Data of the page "Discover": all rows, one row in full, or the member's own watchlist."""

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

PREVIEW_SIZE, ROW_SIZE = 10, 60  # titles of a row among all rows, and in full
FILTERED_SIZE = 500  # titles of a row that are filtered
LAST_PAGE = 10_000  # of a watchlist
UNDO_PERIOD = timedelta(minutes=5)  # after "not interested"


@dataclass(frozen=True)
class PageQuery:
    """The query parameters of the page."""

    row: str
    filters: Filters
    page: int

    @property
    def is_mine(self) -> bool:
        return self.row == MINE


def parse_query() -> PageQuery:
    page = min(query_number("page") or 1, LAST_PAGE)
    return PageQuery(query_text("row"), filters.parse(), page)


def body(conn: Connection, member: Member, query: PageQuery, now: datetime) -> dict[str, Any]:
    """Return the JSON response; `coming`: more titles are being fetched."""
    status = discover_fetch.request(conn, member.id, now)
    rows = [
        {"source": shelf.source, "title": shelf.title, "films": list(shelf.cards[:ROW_SIZE])}
        for shelf in shelves.filtered(_all(conn, member, query, ROW_SIZE), query.filters)
        if shelf.cards and query.row in ("", MINE, shelf.key)
    ]
    return {"rows": rows, "coming": status.is_coming}


def parts(
    conn: Connection, week: Week, member: Member, query: PageQuery, now: datetime
) -> dict[str, Any]:
    status = discover_fetch.request(conn, member.id, now)
    all_shelves = _all(conn, member, query, ROW_SIZE if query.row else PREVIEW_SIZE + 1)
    matching = shelves.filtered(all_shelves, query.filters)
    cards = [card for shelf in all_shelves for card in shelf.cards]
    hidden_titles = hidden.of_member(conn, member.id)
    return {
        "asked": query,
        "shelf": next((shelf for shelf in matching if shelf.key == query.row), None),
        "shelves": matching,
        "reel": PREVIEW_SIZE,
        "row": ROW_SIZE,
        "has_more": query.is_mine and any(len(shelf.cards) >= ROW_SIZE for shelf in all_shelves),
        "choices": filters.choices(cards, query.filters),
        "is_coming": status.is_coming,
        "problem": messages.trakt(status.problem) if status.problem else None,
        "problem_code": status.problem,
        "hidden": hidden_titles,
        "undo": [
            title for title in hidden_titles[:1] if now - from_text(title.hidden_at) < UNDO_PERIOD
        ],
        "nominated": {film.tmdb_id for film in nominations.for_week(conn, week.key)},
        "notes": film_search.nomination_notes(conn, week),
        "obstacle": week_page.nomination_obstacle(conn, week, member),
        **_trakt(conn, member),
    }


def _all(conn: Connection, member: Member, query: PageQuery, limit: int) -> Sequence[Shelf]:
    """Return rows of at most `limit` titles, or of more to be filtered."""
    limit = FILTERED_SIZE if query.filters.is_on else limit
    if query.is_mine:
        offset = 0 if query.filters.is_on else (query.page - 1) * limit
        return shelves.mine(conn, member, sources.mine(conn, member.id, limit, offset))
    return shelves.of_rows(conn, member, sources.rows(conn, member.id, limit), limit)


def _trakt(conn: Connection, member: Member) -> dict[str, Any]:
    """Return the member's link to Trakt, and the wishes that could not be sent."""
    link = trakt_auth.get(conn, member.id)
    entries = outbox_view.unsent(conn, member.id) if link else []
    return {
        "is_linked": link is not None,
        "can_link": application.load(conn, current_app.config) is not None,
        "unsent": [
            trakt_status.unsent_entry(entry, link)
            for entry in entries
            if entry.status == "parked" and entry.act in ("listed", "unlisted")
        ],
    }
