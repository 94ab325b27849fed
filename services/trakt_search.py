"""Trakt as a source of films to nominate, once somebody of the household is linked."""

from typing import cast

from flask import Flask, current_app

from db import Connection, trakt_auth
from db.discoveries import Discovery
from movies import Film, Source, links
from movies.guarded import GuardedSource
from movies.tmdb import NoAnswer
from trakt import application, search
from trakt.application import Application
from trakt.errors import TraktError

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
            return [film(found) for found in search.titles(self.household, "film", text)]
        except TraktError as error:
            raise NoTrakt(str(error), error.retry_after or 0.0) from None


def init_app(app: Flask) -> None:
    app.extensions["trakt_search"] = TraktSource()


def sources(conn: Connection, text: str) -> list[Source]:
    """Trakt, if it is of use for this text; a film named by its id needs no search."""
    if len(text) < FEWEST_LETTERS or _is_id(text) or not trakt_auth.is_used(conn):
        return []
    source = cast(TraktSource, current_app.extensions["trakt_search"])
    source.household = application.load(conn, current_app.config)
    return [source.guarded] if source.household else []


def _is_id(text: str) -> bool:
    is_title_too = text.isdecimal() and len(text) < links.FEWEST_DIGITS_OF_AN_ID
    return not is_title_too and links.film_id(text) is not None


def film(found: Discovery) -> Film:
    return Film(found.tmdb_id, found.title, found.year, found.runtime, found.genres)
