"""Template variables of the week pages, in addition to the shared state."""

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


def week_page(conn: Connection, week: Week, member: Member, version: int) -> dict[str, Any]:
    """Return the variables of the page "This week"."""
    shared = week_state.state(conn, week, member, version)
    films = nominations.for_week(conn, week.key)
    this_evening = evening(conn, week, films, member)
    tonight = this_evening["on"] if this_evening else None
    still_on = playback.cards(conn, member.id, but=week.key)
    return {
        "week": week,
        "state": shared,
        "has_admin": users.has_admin(conn),
        "missing": _missing(week, shared["members"]),
        "films": with_details(shared["nominations"], films, member),
        "places": places(settings.schedule(conn), results.for_week(conn, week.key)),
        "obstacle": nomination_obstacle(conn, week, member),
        "has_wishes": week.phase == "nomination" and watchlist.has_films(conn, member.id),
        "evening": this_evening,
        "still_on": still_on,
        "playing": [tonight, *still_on] if tonight else still_on,
    }


def with_details(
    cards: list[dict[str, Any]], films: list[Nomination], member: Member
) -> list[dict[str, Any]]:
    details = {film.id: film for film in films}
    return [
        {
            **card,
            "runtime": film.runtime,
            "place": film.place,
            "is_mine": film.proposed_by == member.id,
        }
        for card in cards
        if (film := details.get(card["id"]))
    ]


def places(schedule: Schedule, outcome: Outcome | None) -> list[tuple[int, str]]:
    """Return (nomination id, reason) of the winner and the second, the winner first."""
    if outcome is None:
        return []
    found = []
    if outcome.first_id:
        found.append((outcome.first_id, result_reasons.first(schedule, outcome)))
    if outcome.second_id and outcome.second_rule:
        found.append((outcome.second_id, result_reasons.second(schedule, outcome)))
    return found


def nomination_obstacle(conn: Connection, week: Week, member: Member) -> str | None:
    """Return the sentence that says why the member cannot nominate now, None if they can."""
    if week.phase != "nomination":
        over = messages.refusal("not_nominating", {})[1]
        again = _("It starts again on {when}.").format(
            when=dates.moment(settings.schedule(conn), week.ends)
        )
        return f"{over} {again}"
    most = week.limits.max_nominations
    if nominations.count(conn, week.key, member.id) >= most:
        return messages.refusal("nominations_used", {"most": most})[1]
    return None


def evening(
    conn: Connection, week: Week, films: list[Nomination], member: Member
) -> dict[str, Any] | None:
    """Return the variables of the evening, None while there is nothing to show or mark."""
    watched = watch_history.evening(conn, week.key)
    removals = receipts.removals(conn, week.key, member.id)
    is_over = week.phase in ("results", "skipped")
    if not (is_over or watched or removals):
        return None
    on = playback.card(conn, week.key, member.id)
    lines = receipts.lines(conn, week.key, member.id)
    used = {*watched, on["tmdb_id"]} if on else {*watched}
    return {
        "on": on,
        "can_start": is_over and instants.now() < week.ends,
        "watched": [
            _watched(conn, tmdb_id, plays, member) | {"receipts": lines.get(tmdb_id, [])}
            for tmdb_id, plays in watched.items()
        ],
        "removals": removals,
        "choices": [film for film in films if film.tmdb_id not in used and (is_over or watched)],
        "members": users.list_active(conn),
    }


def _missing(week: Week, members: list[dict[str, Any]]) -> list[str]:
    """Return the names of the members who have not yet nominated, or voted, in this phase."""
    done = {"nomination": "nominated", "voting": "voted"}.get(week.phase)
    return [member["name"] for member in members if done and not member[done]]


def _watched(conn: Connection, tmdb_id: int, plays: list[Play], member: Member) -> dict[str, Any]:
    film_ratings = ratings.for_film(conn, tmdb_id)
    viewer_ratings = {
        play.user_id: film_ratings[play.user_id] for play in plays if play.user_id in film_ratings
    }
    return {
        "tmdb_id": tmdb_id,
        "title": films.film_title(conn, tmdb_id),
        "watched_at": plays[0].watched_at,
        "plays": [(play, film_ratings.get(play.user_id)) for play in plays],
        "average": average(viewer_ratings) if len(viewer_ratings) > 1 else None,
        "your_rating": film_ratings.get(member.id),
        "undo": [
            p.user_id for p in plays if member.is_admin or member.id in (p.user_id, p.marked_by)
        ],
    }


def average(given: dict[int, int]) -> float | None:
    return round(sum(given.values()) / len(given), 1) if given else None
