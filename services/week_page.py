"""What the pages of a week show beyond the state that all screens share."""

from typing import Any

from db import Connection, nominations, ratings, results, settings, users, watch_history, watchlist
from db.nominations import Nomination
from db.results import Outcome
from db.users import Member
from db.watch_history import Play
from db.weeks import Week
from rules.schedule import Schedule
from services import dates, films, playback, receipts, result_reasons, week_state
from utils import instants, messages
from utils.translation import gettext as _


def week_page(conn: Connection, week: Week, me: Member, version: int) -> dict[str, Any]:
    """The parts of the page "This week"."""
    shared = week_state.state(conn, week, me, version)
    films = nominations.for_week(conn, week.key)
    return {
        "week": week,
        "state": shared,
        "has_admin": users.has_admin(conn),
        "missing": _missing(week, shared["members"]),
        "films": with_details(shared["nominations"], films, me),
        "places": places(settings.schedule(conn), results.for_week(conn, week.key)),
        "obstacle": why_not_nominate(conn, week, me),
        "has_wishes": week.phase == "nomination" and watchlist.has_films(conn, me.id),
        "evening": evening(conn, week, films, me),
        "still_on": playback.cards(conn, me.id, but=week.key),
    }


def with_details(
    cards: list[dict[str, Any]], films: list[Nomination], me: Member
) -> list[dict[str, Any]]:
    details = {film.id: film for film in films}
    return [
        {
            **card,
            "runtime": film.runtime,
            "place": film.place,
            "is_mine": film.proposed_by == me.id,
        }
        for card in cards
        if (film := details.get(card["id"]))
    ]


def places(schedule: Schedule, outcome: Outcome | None) -> list[tuple[int, str]]:
    """(nomination, why it has its place), the winner first."""
    if outcome is None:
        return []
    found = []
    if outcome.first_id:
        why = result_reasons.first(schedule, outcome)
        found.append((outcome.first_id, why))
    if outcome.second_id and outcome.second_rule:
        why = result_reasons.second(schedule, outcome)
        found.append((outcome.second_id, why))
    return found


def why_not_nominate(conn: Connection, week: Week, me: Member) -> str | None:
    """Why this member cannot nominate now, if so."""
    if week.phase != "nomination":
        over = messages.refusal("not_nominating", {})[1]
        again = _("It starts again on {when}.").format(
            when=dates.moment(settings.schedule(conn), week.ends)
        )
        return f"{over} {again}"
    most = week.limits.max_nominations
    if nominations.count(conn, week.key, me.id) >= most:
        return messages.refusal("nominations_used", {"most": most})[1]
    return None


def evening(
    conn: Connection, week: Week, films: list[Nomination], me: Member
) -> dict[str, Any] | None:
    """Movie night: what was watched and by whom, and what can be marked; None before the count."""
    watched = watch_history.evening(conn, week.key)
    removals = receipts.removals(conn, week.key, me.id)
    is_over = week.phase in ("results", "skipped")
    if not (is_over or watched or removals):
        return None
    on = playback.card(conn, week.key, me.id)
    lines = receipts.lines(conn, week.key, me.id)
    taken = {*watched, on["tmdb_id"]} if on else {*watched}
    return {
        "on": on,
        "can_start": is_over and instants.now() < week.ends,
        "watched": [
            _watched(conn, tmdb_id, plays, me) | {"receipts": lines.get(tmdb_id, [])}
            for tmdb_id, plays in watched.items()
        ],
        "removals": removals,
        "choices": [film for film in films if film.tmdb_id not in taken and (is_over or watched)],
        "members": users.active(conn),
    }


def _missing(week: Week, members: list[dict[str, Any]]) -> list[str]:
    act = {"nomination": "nominated", "voting": "voted"}.get(week.phase)
    return [member["name"] for member in members if act and not member[act]]


def _watched(conn: Connection, tmdb_id: int, plays: list[Play], me: Member) -> dict[str, Any]:
    given = ratings.for_film(conn, tmdb_id)
    together = {play.user_id: given[play.user_id] for play in plays if play.user_id in given}
    return {
        "tmdb_id": tmdb_id,
        "title": films.film_title(conn, tmdb_id),
        "watched_at": plays[0].watched_at,
        "plays": [(play, given.get(play.user_id)) for play in plays],
        "average": average(together) if len(together) > 1 else None,
        "your_rating": given.get(me.id),
        "undo": [p.user_id for p in plays if me.is_admin or me.id in (p.user_id, p.marked_by)],
    }


def average(given: dict[int, int]) -> float | None:
    return round(sum(given.values()) / len(given), 1) if given else None
