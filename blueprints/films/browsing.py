"""Browsing on the search page: rows of films from TMDB, else from the bundled list."""

from dataclasses import dataclass
from typing import Any

from db import Connection
from db.weeks import Week
from movies import Film, browse, tmdb
from movies.browse import Row
from services import film_search, tmdb_fetch
from utils import instants

ROW_SIZE, PAGE_SIZE, SURPRISES = 8, 20, 6
SURPRISE = "surprise"


@dataclass(frozen=True)
class Shelf:
    key: str
    title: str
    films: list[dict[str, Any]]


def parts(conn: Connection, week: Week, key: str) -> dict[str, Any]:
    """Return template variables: one row in full, or surprise films and all rows."""
    if shelf := find_shelf(conn, week, key):
        return {"menu": menu(), "shelf": shelf}
    seed = instants.to_text(instants.now()) if key == SURPRISE else week.key
    ideas = film_search.rows(conn, week, browse.surprise_films(seed, SURPRISES))
    return {"menu": menu(), "ideas": ideas, "shelves": shelves(conn, week)}


def shelves(conn: Connection, week: Week) -> list[Shelf]:
    """Return each row with a few films; not the decades, which would make the page too long."""
    rows = [row for row in menu() if not row.key[:4].isdecimal()]
    films = {row.key: _films(row, week, ROW_SIZE) for row in rows}
    every_film = [film for row_films in films.values() for film in row_films]
    cards = {card["tmdb_id"]: card for card in film_search.rows(conn, week, every_film)}
    return [
        Shelf(row.key, row.title, [cards[film.tmdb_id] for film in films[row.key]])
        for row in rows
        if films[row.key]
    ]


def menu() -> list[Row]:
    """Return all rows, each key once; those from TMDB once they are fetched."""
    from_tmdb = browse.tmdb_rows() if tmdb_fetch.is_enabled() else ()
    rows = {row.key: row for row in from_tmdb if tmdb_fetch.cached_list(row.key)}
    return list((rows | {row.key: row for row in browse.bundled_rows()}).values())


def find_shelf(conn: Connection, week: Week, key: str) -> Shelf | None:
    row = next((row for row in menu() if row.key == key), None)
    if row is None:
        return None
    return Shelf(key, row.title, film_search.rows(conn, week, _films(row, week, PAGE_SIZE)))


def _films(row: Row, week: Week, limit: int) -> list[Film]:
    listed = tmdb_fetch.cached_list(row.key) if tmdb.has_list(row.key) else []
    return listed[:limit] or list(browse.sample(row, week.key, limit))
