"""Films to nominate: what was found, who has seen each, and what speaks against it."""

from collections.abc import Sequence
from threading import BoundedSemaphore
from typing import Any, cast

from flask import Flask, current_app

from db import Connection, nominations, settings, shared_wishes, trakt_auth, watch_history
from db.discoveries import Discovery
from db.weeks import Week
from movies import Film, Source, bundled, links, search
from movies.guarded_source import GuardedSource
from movies.tmdb import NoAnswer
from services import dates, tmdb_fetch, week_state
from trakt import application
from trakt import search as trakt_search
from trakt.application import Application
from trakt.errors import TraktError
from utils.translation import gettext as _

SEATS = 4  # of the server's eight threads


def init_app(app: Flask) -> None:
    app.extensions["film_sources"] = []
    app.extensions["search_seats"] = BoundedSemaphore(SEATS)
    app.extensions["trakt_search"] = TraktSource()
    if tmdb := tmdb_fetch.of_app(app).tmdb:
        add_source(app, tmdb.search, "TMDB")


def add_source(app: Flask, source: Source, name: str) -> None:
    """Ask one more source. It is called in a thread of its own, without an app context."""
    _others(app).append(GuardedSource(source, name))


def results(conn: Connection, week: Week, text: str) -> list[dict[str, Any]]:
    if not text:
        return []
    found = _found(text, [*_others(current_app), *trakt_sources(conn, text)])
    tmdb_fetch.current().recent.keep(found)
    return rows(conn, week, found)


def search_with(told: list[Film], text: str) -> list[Film]:
    """What the other sources find, merged with what Trakt has told already."""
    return search(text, [*_others(current_app), bundled.search, lambda _text: told])


def _found(text: str, others: list[Source]) -> list[Film]:
    """Asks the bundled list alone while enough searches wait for the outside already."""
    seats: BoundedSemaphore = current_app.extensions["search_seats"]
    if not others or not seats.acquire(blocking=False):
        return search(text, [bundled.search])
    try:
        return search(text, [*others, bundled.search])
    finally:
        seats.release()


def rows(conn: Connection, week: Week, films: Sequence[Film]) -> list[dict[str, Any]]:
    seen = watch_history.seen_by(conn, [film.tmdb_id for film in films])
    spoken = nomination_notes(conn, week)
    return [
        {
            "tmdb_id": film.tmdb_id,
            "title": film.title,
            "year": film.year,
            "runtime": film.runtime,
            "genres": list(film.genres),
            "poster": week_state.poster_url(film.tmdb_id),
            "seen_by": seen.get(film.tmdb_id, []),
            "note": spoken.get(film.tmdb_id),
        }
        for film in films
    ]


def wanted_by(conn: Connection, *lists: Sequence[dict[str, Any]]) -> dict[int, list[str]]:
    """Who wants to see each film of these lists of results."""
    found = shared_wishes.wanted_by(
        conn, "film", {film["tmdb_id"] for films in lists for film in films}
    )
    return {tmdb_id: [wisher.name for wisher in wishers] for tmdb_id, wishers in found.items()}


def no_result_hint(text: str) -> str:
    """What to try when nothing was found."""
    pasted = links.unsupported_link(text)
    if pasted == "imdb":
        return _(
            "That is a link of IMDb, by whose numbers films are not known here. Search for the"
            " title, or paste the film’s link from themoviedb.org."
        )
    if pasted == "show":
        return _("That is a series. Only films can be nominated: search for a film’s title.")
    return _(
        "Try fewer or other words. A film that is not on our list can still be nominated: paste"
        " its link from themoviedb.org, or its TMDB number."
    )


def _others(app: Flask) -> list[Source]:
    """All sources but Trakt and the bundled list."""
    return cast(list[Source], app.extensions["film_sources"])


def nomination_notes(conn: Connection, week: Week) -> dict[int, str]:
    """What speaks against films: nominated already, or the winner of a night in the last year."""
    year_ago = f"{int(week.key[:4]) - 1}{week.key[4:]}"
    nominated, winners = nominations.notes(conn, week.key, year_ago)
    won = {
        film: _("Won on {day}.").format(day=dates.movie_night(settings.schedule(conn), when))
        for film, when in winners.items()
    }
    return won | {
        film: _("{name} has nominated it this week.").format(name=name)
        for film, name in nominated.items()
    }


NAME = "Trakt"
FEWEST_LETTERS = 3  # what is shorter is still being typed


class NoTrakt(NoAnswer):
    source = NAME


class TraktSource:
    """Is asked in threads of its own, so sources() looks up the household's app before."""

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
            raise NoTrakt(str(error), error.retry_after or 0.0) from None


def trakt_sources(conn: Connection, text: str) -> list[Source]:
    """Trakt, if it is of use for this text; a film named by its id needs no search."""
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
