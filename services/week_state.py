"""The state of a week as all screens show it: the body of /api/state."""

from typing import Any

from flask import url_for

from db import Connection, nominations, results, settings, users, votes, watch_history
from db.users import Member
from db.weeks import Week
from services import result_reasons
from utils.instants import to_text


def state(conn: Connection, week: Week, member: Member, version: int) -> dict[str, Any]:
    """Return the body of /api/state as this member may see it."""
    films = nominations.for_week(conn, week.key)
    voters = votes.voters(conn, week.key)
    proposers = {film.proposed_by for film in films}
    own_votes = votes.of_member(conn, week.key, member.id)
    return {
        "version": version,
        "week": week.key,
        "phase": week.phase,
        "deadline": to_text(week.deadline),
        "members": [
            {
                "id": one.id,
                "name": one.name,
                "icon": one.icon,
                "nominated": one.id in proposers,
                "voted": one.id in voters,
            }
            for one in users.list_active(conn)
        ],
        "nominations": cards(conn, week, films, own_votes),
        "votes_left": votes_left(week, own_votes),
        "result": result(conn, week),
    }


def cards(
    conn: Connection, week: Week, films: list[nominations.Nomination], own_votes: set[int]
) -> list[dict[str, Any]]:
    """Return the week's nominations as JSON; `votes` is None until they are counted."""
    counts = votes.counts(conn, week.key) if week.phase == "results" else None
    seen = watch_history.seen_by(conn, [film.tmdb_id for film in films])
    return [
        {
            "id": film.id,
            "tmdb_id": film.tmdb_id,
            "title": film.title,
            "year": film.year,
            "poster": poster_url(film.tmdb_id),
            "nominated_by": film.proposer,
            "seen_by": seen.get(film.tmdb_id, []),
            "your_vote": film.id in own_votes,
            "votes": None if counts is None else counts.get(film.id, 0),
        }
        for film in films
    ]


def result(conn: Connection, week: Week) -> dict[str, Any] | None:
    outcome = results.for_week(conn, week.key)
    if outcome is None and week.phase == "results":
        outcome = results.NO_FILMS
    if outcome is None:
        return None
    reason = result_reasons.first(settings.schedule(conn), outcome)
    return {"first": outcome.first_id, "second": outcome.second_id, "reason": reason}


def votes_left(week: Week, own_votes: set[int]) -> int:
    return max(0, week.limits.max_votes - len(own_votes)) if week.phase == "voting" else 0


def poster_url(tmdb_id: int) -> str:
    return url_for("films.poster", kind="film", tmdb_id=tmdb_id)
