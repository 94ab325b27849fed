"""Matching of an imported export with known films, and the report of the import."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

from db.imported_films import Outcome, Play, Rating
from db.movies import Movie
from db.watchlist import Wish
from movies.matching import TitleIndex
from rules.import_files.records import Export, Film
from services import films
from utils.instants import to_text

List = Literal["watched", "ratings", "watchlist"]
LIST_NAMES: tuple[List, ...] = get_args(List)
MOST_NAMED = 500


@dataclass
class Report:
    """Counts per list of imported, already_there, kept (ours is as new) and not_matched titles."""

    counts: dict[List, Counter[Outcome]] = field(
        default_factory=lambda: {name: Counter() for name in LIST_NAMES}
    )
    strangers: dict[tuple[str, int | None], None] = field(default_factory=dict)
    """Title and year of films without a match; a dict keeps their order."""
    unreadable: int = 0

    @property
    def not_matched(self) -> list[dict[str, Any]]:
        ranked = sorted(self.strangers, key=lambda film: (film[0].casefold(), film[1] or 0))
        return [{"title": title, "year": year} for title, year in ranked[:MOST_NAMED]]

    def body(self) -> dict[str, Any]:
        outcomes: tuple[Outcome, ...] = get_args(Outcome)
        lists: dict[str, Any] = {
            name: {"total": counts.total()} | {outcome: counts[outcome] for outcome in outcomes}
            for name, counts in self.counts.items()
        }
        return lists | {"not_matched": self.not_matched, "unreadable": self.unreadable}

    def summary(self) -> str:
        return ", ".join(f"{name}: {self.counts[name]['imported']}" for name in LIST_NAMES)


@dataclass
class Rows:
    """Rows to insert, each with its film if that must be stored as well."""

    report: Report
    plays: list[tuple[Movie | None, Play]] = field(default_factory=list)
    ratings: list[tuple[Movie | None, Rating]] = field(default_factory=list)
    wishes: list[tuple[Movie | None, Wish]] = field(default_factory=list)


def match_titles(export: Export, index: TitleIndex, known: Collection[int]) -> Rows:
    """Match Trakt's films by id, Letterboxd's by title and year; `known`: ids of stored films."""
    rows = Rows(Report(unreadable=export.unreadable))
    for (film, day), watched_at in export.plays.items():
        if movie := _movie(film, index, rows.report, "watched"):
            span = _span(day, export.zone) if day else None
            new = None if movie.tmdb_id in known else movie
            rows.plays.append((new, Play(movie.tmdb_id, film.trakt_id, watched_at, span)))
    for film, rating in export.ratings.items():
        if movie := _movie(film, index, rows.report, "ratings"):
            new = None if movie.tmdb_id in known else movie
            rows.ratings.append((new, Rating(movie.tmdb_id, *rating)))
    for film, listed_at in export.wishes.items():
        if movie := _movie(film, index, rows.report, "watchlist"):
            at = to_text(listed_at or export.now)
            title = movie.tmdb_id, film.trakt_id, movie.title, movie.year
            rows.wishes.append((None, Wish(film.kind, *title, at)))
    return rows


def _movie(film: Film, index: TitleIndex, report: Report, name: List) -> Movie | None:
    tmdb_id = film.tmdb_id
    if tmdb_id is None and film.kind == "film":
        tmdb_id = index.find(film.title, film.year)
    if tmdb_id is None:
        report.counts[name]["not_matched"] += 1
        report.strangers[film.title, film.year] = None
        return None
    if film.kind == "show":
        return Movie(tmdb_id, film.title, film.year)
    return films.film_or_placeholder(tmdb_id, film.title, film.year)


def _span(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the first instants of the day and of the next, in the household's zone."""
    next_day = day + timedelta(days=1)
    return datetime.combine(day, time(), zone), datetime.combine(next_day, time(), zone)
