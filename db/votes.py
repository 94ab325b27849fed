"""Approval votes, secret until the count: before it, show only `of_member` and `voters`."""

from collections import defaultdict
from datetime import datetime

from db import Connection, nominations
from db.nominations import Nomination
from db.weeks import Week
from rules import Refused
from utils.instants import to_text


def of_member(conn: Connection, week: str, user_id: int) -> set[int]:
    """Return the nominations that the member votes for."""
    rows = conn.execute(
        "SELECT nomination_id FROM votes WHERE week = ? AND user_id = ?", (week, user_id)
    )
    return {row[0] for row in rows}


def voters(conn: Connection, week: str) -> set[int]:
    rows = conn.execute("SELECT DISTINCT user_id FROM votes WHERE week = ?", (week,))
    return {row[0] for row in rows}


def counts(conn: Connection, week: str) -> dict[int, int]:
    """Map nominations to their number of votes; those without one are absent."""
    rows = conn.execute(
        "SELECT nomination_id, count(*) FROM votes WHERE week = ? GROUP BY nomination_id", (week,)
    )
    return dict(rows.fetchall())


def ballots(conn: Connection, week: str) -> dict[str, list[int]]:
    """Map names to nominations; only for a week that is counted."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for name, nomination_id in conn.execute(
        "SELECT u.name, v.nomination_id FROM votes v JOIN users u ON u.id = v.user_id"
        " WHERE v.week = ? ORDER BY u.id, v.id",
        (week,),
    ):
        found[name].append(nomination_id)
    return dict(found)


def cast(conn: Connection, week: Week, nomination_id: int, user_id: int, now: datetime) -> None:
    """Vote for a nomination; repeating a vote changes nothing."""
    nomination = nominations.get(conn, nomination_id)
    _check_open(week, nomination)
    if nomination.proposed_by == user_id and not week.limits.own_votes:
        raise Refused("own_film")
    own_votes = of_member(conn, week.key, user_id)
    if nomination_id in own_votes:
        return
    if len(own_votes) >= week.limits.max_votes:
        raise Refused("votes_used", most=week.limits.max_votes)
    conn.execute(
        "INSERT INTO votes (nomination_id, user_id, week, created_at) VALUES (?, ?, ?, ?)",
        (nomination_id, user_id, week.key, to_text(now)),
    )


def withdraw(conn: Connection, week: Week, nomination_id: int, user_id: int) -> None:
    """Delete a vote; a missing one is no error."""
    _check_open(week, nominations.get(conn, nomination_id))
    conn.execute(
        "DELETE FROM votes WHERE nomination_id = ? AND user_id = ?", (nomination_id, user_id)
    )


def _check_open(week: Week, nomination: Nomination) -> None:
    if nomination.week != week.key or week.phase != "voting":
        raise Refused("not_voting")
