"""Pages of past weeks: each week's first and second place with the reason."""

from typing import Any

from db import Connection, nominations, past_weeks, ratings, results, settings
from db.past_weeks import Page
from db.results import Outcome
from rules.schedule import Schedule
from services import result_reasons, week_page, week_state
from utils.translation import gettext as _

WEEKS_A_PAGE = 20


def parts(conn: Connection, before: str, after: str) -> dict[str, Any]:
    """Return the template's variables; `before` and `after` are week keys or empty."""
    page = past_weeks.page(conn, WEEKS_A_PAGE, before=before, after=after)
    return {"weeks": _weeks(conn, page), "newer": page.newer, "older": page.older}


def body(conn: Connection, before: str, after: str) -> dict[str, Any]:
    """Return the same page as JSON shows it."""
    page = parts(conn, before, after)
    weeks = [
        {
            "week": week["key"],
            "reason": week["why"],
            "places": [_place(place) for place in week["places"]],
        }
        for week in page["weeks"]
    ]
    return page | {"weeks": weeks}


def _weeks(conn: Connection, page: Page) -> list[dict[str, Any]]:
    """Return the weeks with their places; the number of queries does not grow with the weeks."""
    schedule = settings.schedule(conn)
    outcomes = results.for_weeks(conn, page.keys)
    places = {key: week_page.places(schedule, outcomes.get(key)) for key in page.keys}
    films = nominations.with_ids(conn, [film for pairs in places.values() for film, _why in pairs])
    watched = past_weeks.watched(conn, page.keys)
    given = ratings.averages(conn, [film.tmdb_id for film in films.values()])

    def facts(nomination_id: int, week: str, why: str) -> dict[str, Any]:
        film = films[nomination_id]
        was_watched = film.tmdb_id in watched.get(week, ())
        average = given.get(film.tmdb_id)
        return {"film": film, "why": why, "was_watched": was_watched, "rating": average}

    return [
        {
            "key": week,
            "why": _why(schedule, outcomes.get(week)),
            "places": [facts(nomination_id, week, why) for nomination_id, why in places[week]],
        }
        for week in page.keys
    ]


def _why(schedule: Schedule, outcome: Outcome | None) -> str:
    if outcome is None:
        return _("There was no vote.")
    return result_reasons.first(schedule, outcome)


def _place(place: dict[str, Any]) -> dict[str, Any]:
    film, rating = place["film"], place["rating"]
    return {
        "tmdb_id": film.tmdb_id,
        "title": film.title,
        "year": film.year,
        "poster": week_state.poster_url(film.tmdb_id),
        "nominated_by": film.proposer,
        "reason": place["why"],
        "watched": place["was_watched"],
        "average": round(rating[0], 1) if rating else None,
    }
