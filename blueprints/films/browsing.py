"""What the search page offers before anybody types: rows from TMDB, else from the bundled list."""

from dataclasses import dataclass
from typing import Any

from db import Connection
from db.weeks import Week
from movies import Film, browse, tmdb
from movies.browse import Row
from services import film_search, tmdb_fetch
from utils import instants

A_ROW, A_PAGE, A_HANDFUL = 8, 20, 6
SURPRISE = "surprise"


@dataclass(frozen=True)
class Shelf:
    key: str
    title: str
    films: list[dict[str, Any]]


def parts(conn: Connection, week: Week, key: str) -> dict[str, Any]:
    """What the page shows: one row in full, or all of them below a handful of surprises."""
    if shelf := one(conn, week, key):
        return {"menu": menu(), "shelf": shelf}
    ideas = handful(conn, week, is_new=key == SURPRISE)
    return {"menu": menu(), "ideas": ideas, "shelves": shelves(conn, week)}


def shelves(conn: Connection, week: Week) -> list[Shelf]:
    """Each row with a few films; decades only by their name, or the page would never end."""
    rows = [row for row in menu() if not _is_decade(row)]
    chosen = {row.key: _films(row, week, A_ROW) for row in rows}
    all_films = [film for films in chosen.values() for film in films]
    facts = {row["tmdb_id"]: row for row in film_search.rows(conn, week, all_films)}
    return [
        Shelf(row.key, row.title, [facts[film.tmdb_id] for film in films])
        for row in rows
        if (films := chosen[row.key])
    ]


def menu() -> list[Row]:
    """Everything that can be browsed by, each once; lists of TMDB as soon as they have come."""
    from_tmdb = browse.tmdb_rows() if tmdb_fetch.is_enabled() else ()
    rows = {row.key: row for row in from_tmdb if tmdb_fetch.cached_list(row.key)}
    return list((rows | {row.key: row for row in browse.bundled_rows()}).values())


def one(conn: Connection, week: Week, key: str) -> Shelf | None:
    """A row in full; None for one that there is not."""
    row = next((row for row in menu() if row.key == key), None)
    if row is None:
        return None
    return Shelf(key, row.title, film_search.rows(conn, week, _films(row, week, A_PAGE)))


def handful(conn: Connection, week: Week, is_new: bool = False) -> list[dict[str, Any]]:
    """For who has no idea: the same for everybody until next week, or others at once."""
    seed = instants.to_text(instants.now()) if is_new else week.key
    return film_search.rows(conn, week, browse.surprise_films(seed, A_HANDFUL))


def _films(row: Row, week: Week, most: int) -> list[Film]:
    listed = tmdb_fetch.cached_list(row.key) if tmdb.has_list(row.key) else []
    return listed[:most] or list(browse.sample(row, week.key, most))


def _is_decade(row: Row) -> bool:
    return row.key[:4].isdecimal()
