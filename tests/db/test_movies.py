"""What is told of a known film fills its gaps and changes nothing else."""

from dataclasses import replace

import pytest

import db
from db import Connection, movies
from db.movies import Movie

FULL = Movie(77, "Our Holiday", 2019, 100, ("Comedy",))
OTHER = Movie(77, "Another", 1950, 30, ("Drama",))
GAPS = {"title": "TMDB film 77", "year": None, "runtime": None, "genres": ()}


@pytest.mark.parametrize("gap", [{name: value} for name, value in GAPS.items()])
def test_only_a_gap_is_filled(conn: Connection, gap: dict[str, object]) -> None:
    with db.transaction(conn):
        movies.store(conn, replace(FULL, **gap))  # type: ignore[arg-type]
        movies.store(conn, OTHER)
    (name,) = gap
    assert movies.get(conn, 77) == replace(FULL, **{name: getattr(OTHER, name)})
