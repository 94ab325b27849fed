"""Whatever stands in an export: it is read, left out or refused, and what is read can be stored."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rules import Refused, import_files
from rules.import_files import records
from rules.import_files.records import Export, Film

NOW = datetime(2026, 11, 17, 12, tzinfo=UTC)
ZONE = ZoneInfo("America/Los_Angeles")
ODD: list[Any] = [
    *(None, True, 0, 9, -1, 8.5, 2**63, 1e999, [], {}, [[]], {"ids": 1}, {"title": "x"}),
    *("", "9", "movie", "show", "\ud800", "a\x00b", "2026-01-01"),
    *("9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00", "2026-01-01T10:00:00Z"),
    *("1066-10-14T10:00:00Z", "2026-11-18T11:00:00Z"),
]
FILM = {"title": "The Matrix", "year": 1999, "ids": {"tmdb": 603, "trakt": 481}}
SHAPES: dict[str, dict[str, Any]] = {
    "history-1.json": {"watched_at": "2026-01-03T20:00:00Z", "type": "movie", "movie": FILM},
    "watched-movies.json": {"last_watched_at": "2026-01-03T20:00:00Z", "movie": FILM},
    "ratings-movies.json": {"rated_at": "2026-01-03T20:00:00Z", "rating": 8, "movie": FILM},
    "lists-watchlist.json": {"listed_at": "2026-01-03T20:00:00Z", "type": "show", "show": FILM},
}
CELLS = ["The Matrix", "1999", "", '"', "4.5", "5.5", "2026-01-03", "0001-01-01", "9999-12-31"]


def read(*files: tuple[str, str]) -> Export:
    return import_files.read_export([(path, text.encode()) for path, text in files], ZONE, NOW)


def assert_storable(export: Export) -> None:
    films = {film for film, _day in export.plays} | {*export.ratings, *export.wishes}
    for film in films:
        assert film.title.encode() or film.tmdb_id
        assert film.year is None or 1870 <= film.year <= 2999
        for number in (film.tmdb_id, film.trakt_id):
            assert number is None or 0 < number < 2**63
    for rating in export.ratings.values():
        assert rating.rating in range(1, 11)
    moments = {*export.plays.values(), *export.wishes.values()}
    moments |= {rating.rated_at for rating in export.ratings.values()}
    for moment in moments - {None}:
        assert moment
        assert datetime(1900, 1, 1, tzinfo=UTC) - timedelta(days=1) <= moment <= NOW


def bent(row: dict[str, Any]) -> Iterator[Any]:
    """The row with one of its values, at any depth, made anything; and anything itself."""
    yield from ODD
    for name, value in row.items():
        inner = bent(value) if isinstance(value, dict) else iter(ODD)
        yield from (row | {name: odd} for odd in inner)


@pytest.mark.parametrize("path", SHAPES)
def test_any_row_of_trakt_s_is_storable_or_left_out(path: str) -> None:
    for row in bent(SHAPES[path]):
        assert_storable(read((path, json.dumps([row, SHAPES[path]]))))


@pytest.mark.parametrize("path", ["watched.csv", "diary.csv", "ratings.csv", "watchlist.csv"])
def test_any_line_of_letterboxd_s_is_storable_or_refused(path: str) -> None:
    for columns in ("Name,Year,Date", "Name,Year,Rating", "Watched Date,Name,Year"):
        for cells in product(CELLS, repeat=3):
            try:
                assert_storable(read((path, f"{columns}\n{','.join(cells)}")))
            except Refused:
                assert '"' in cells


def test_which_files_are_opened() -> None:
    expected = [
        ("watched.csv", True),
        ("letterboxd-cleo-2026/diary.csv", True),
        ("Watchlist.CSV", True),
        ("deleted/diary.csv", False),
        ("Orphaned\\diary.csv", False),
        ("lists/watched.csv", False),
        ("reviews.csv", False),
        ("watched-movies.json", True),
        ("cleo/watched/watched-history-17.json", True),
        ("history.json", True),
        ("ratings/ratings-movies-2.json", True),
        ("ratings-episodes.json", False),
        ("lists/watchlist.json", True),
        ("watchlist-shows.json", True),
        ("collection-movies.json", False),
        ("__MACOSX/cleo/history.json", False),
        ("../../history.json", True),
        ("", False),
    ]
    assert [(path, import_files.is_wanted(path)) for path, _is_wanted in expected] == expected


def test_a_play_late_at_night_is_of_the_day_on_the_household_s_clock() -> None:
    """Two instants of one evening in Los Angeles, on two days of UTC."""
    film = {"title": "The Matrix", "ids": {"tmdb": 603}}
    instants = ["2026-01-03T23:30:00Z", "2026-01-04T07:30:00Z", "2026-01-04T08:30:00Z"]
    rows = [{"watched_at": instant, "movie": film} for instant in instants]
    found = read(("history.json", json.dumps(rows)))
    matrix = Film("The Matrix", None, 603)
    assert [(key[0], str(key[1])) for key in found.plays] == [
        (matrix, "2026-01-03"),
        (matrix, "2026-01-04"),
    ]


def test_as_many_rows_as_allowed_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "MOST_ROWS", 2)
    lines = ["Name,Year", "The Matrix,1999", "Dune,1984", "Dune,2021"]
    assert len(read(("watched.csv", "\n".join(lines[:3]))).plays) == 2
    with pytest.raises(Refused, match="export_too_long"):
        read(("watched.csv", "\n".join(lines)))


def test_the_last_day_of_the_calendar_is_no_date() -> None:
    content = b"Name,Year,Watched Date\nDune,1984,9999-12-31"
    found = import_files.read_export([("diary.csv", content)], ZoneInfo("Etc/GMT+12"), NOW)
    assert found.plays == {(Film("Dune", 1984), None): None}


def test_of_several_ratings_of_a_film_the_newest_counts() -> None:
    lines = ["The Matrix,1999,2026-01-03,3", "The Matrix,1999,2026-01-05,4"]
    lines += ["The Matrix,1999,2026-01-05,5", "The Matrix,1999,,1"]
    text = "\n".join(["Name,Year,Date,Rating", *lines])
    (rating,) = read(("ratings.csv", text)).ratings.values()
    assert rating.rating == 8
