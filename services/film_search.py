"""Search of films to nominate, with who has seen each and notes against it."""

from collections.abc import Sequence
from threading import BoundedSemaphore
from typing import Any, cast

from flask import Flask, current_app

from db import Connection, nominations, settings, shared_wishes, trakt_auth, watch_history
from db.discoveries import Discovery
from db.weeks import Week
from movies import Film, Source, bundled, links, search
from movies.guarded_source import GuardedSource
from movies.tmdb import SourceError
from services import dates, tmdb_fetch, week_state
from trakt import application
from trakt import search as trakt_search
from trakt.application import Application
from trakt.errors import TraktError
from utils.translation import gettext as _

MOST_SEARCHES = 4  # that wait for other servers; the server has eight threads


def init_app(app: Flask) -> None:
    app.extensions["film_sources"] = []
    app.extensions["search_seats"] = BoundedSemaphore(MOST_SEARCHES)
    app.extensions["trakt_search"] = TraktSource()
    if tmdb := tmdb_fetch.of_app(app).tmdb:
        add_source(app, tmdb.search, "TMDB")


def add_source(app: Flask, source: Source, name: str) -> None:
    """Register a source; it is called in a thread of its own, without an app context."""
    _other_sources(app).append(GuardedSource(source, name))


def results(conn: Connection, week: Week, text: str) -> list[dict[str, Any]]:
    if not text:
        return []
    found = _search(text, [*_other_sources(current_app), *trakt_sources(conn, text)])
    tmdb_fetch.current().recent.add(found)
    return rows(conn, week, found)


def search_with(from_trakt: list[Film], text: str) -> list[Film]:
    """Search all sources but Trakt, whose films are given, and merge the results."""
    return search(text, [*_other_sources(current_app), bundled.search, lambda _text: from_trakt])


def _search(text: str, sources: list[Source]) -> list[Film]:
    """Search all sources, or only the bundled list while MOST_SEARCHES wait already."""
    seats: BoundedSemaphore = current_app.extensions["search_seats"]
    if not sources or not seats.acquire(blocking=False):
        return search(text, [bundled.search])
    try:
        return search(text, [*sources, bundled.search])
    finally:
        seats.release()


def rows(conn: Connection, week: Week, films: Sequence[Film]) -> list[dict[str, Any]]:
    seen = watch_history.seen_by(conn, [film.tmdb_id for film in films])
    notes = nomination_notes(conn, week)
    return [
        {
            "tmdb_id": film.tmdb_id,
            "title": film.title,
            "year": film.year,
            "runtime": film.runtime,
            "genres": list(film.genres),
            "poster": week_state.poster_url(film.tmdb_id),
            "seen_by": seen.get(film.tmdb_id, []),
            "note": notes.get(film.tmdb_id),
        }
        for film in films
    ]


def wanted_by(conn: Connection, *lists: Sequence[dict[str, Any]]) -> dict[int, list[str]]:
    """Return the names of the members who want to see each film of these result lists."""
    found = shared_wishes.wanted_by(
        conn, "film", {film["tmdb_id"] for films in lists for film in films}
    )
    return {tmdb_id: [wisher.name for wisher in wishers] for tmdb_id, wishers in found.items()}


def no_result_hint(text: str) -> str:
    """Return a sentence on what to try when nothing was found."""
    link = links.unsupported_link(text)
    if link == "imdb":
        return _(
            "That is a link of IMDb, by whose numbers films are not known here. Search for the"
            " title, or paste the film’s link from themoviedb.org."
        )
    if link == "show":
        return _("That is a series. Only films can be nominated: search for a film’s title.")
    return _(
        "Try fewer or other words. A film that is not on our list can still be nominated: paste"
        " its link from themoviedb.org, or its TMDB number."
    )


def _other_sources(app: Flask) -> list[Source]:
    """Return all sources but Trakt and the bundled list."""
    return cast(list[Source], app.extensions["film_sources"])


def nomination_notes(conn: Connection, week: Week) -> dict[int, str]:
    """Return notes by TMDB id for films nominated this week or that won in the last year."""
    year_ago = f"{int(week.key[:4]) - 1}{week.key[4:]}"
    nominated, winners = nominations.notes(conn, week.key, year_ago)
    won = {
        tmdb_id: _("Won on {day}.").format(day=dates.movie_night(settings.schedule(conn), week_key))
        for tmdb_id, week_key in winners.items()
    }
    return won | {
        tmdb_id: _("{name} has nominated it this week.").format(name=name)
        for tmdb_id, name in nominated.items()
    }


NAME = "Trakt"
FEWEST_LETTERS = 3  # a shorter text is still being typed


class TraktSourceError(SourceError):
    source = NAME


class TraktSource:
    """Trakt's search. It runs in threads without a connection, so `household` is set before."""

    def __init__(self) -> None:
        self.household: Application | None = None
        self.guarded = GuardedSource(self._films, NAME)

    def _films(self, text: str) -> list[Film]:
        if self.household is None:
            return []
        try:
            return [
                film_from_trakt(found)
                for found in trakt_search.titles(self.household, "film", text)
            ]
        except TraktError as error:
            raise TraktSourceError(str(error), error.retry_after or 0.0) from None


def trakt_sources(conn: Connection, text: str) -> list[Source]:
    """Return Trakt if it can be searched for this text; an id or a link needs no search."""
    if len(text) < FEWEST_LETTERS or _is_id(text) or not trakt_auth.is_any_linked(conn):
        return []
    source = cast(TraktSource, current_app.extensions["trakt_search"])
    source.household = application.load(conn, current_app.config)
    return [source.guarded] if source.household else []


def _is_id(text: str) -> bool:
    is_title_too = text.isdecimal() and len(text) < links.FEWEST_DIGITS_OF_AN_ID
    return not is_title_too and links.film_id(text) is not None


def film_from_trakt(found: Discovery) -> Film:
    return Film(found.tmdb_id, found.title, found.year, found.runtime, found.genres)
