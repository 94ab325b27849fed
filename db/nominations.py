"""Nominations: the films proposed for a week."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from db import Connection, placeholders
from db.weeks import Week
from rules import Refused
from utils.instants import to_text


@dataclass(frozen=True)
class Nomination:
    id: int
    week: str
    tmdb_id: int
    title: str
    year: int | None
    runtime: int | None
    proposed_by: int
    proposer: str
    proposed_at: str
    place: int | None  # None before the count


_SELECT = (
    "SELECT n.id, n.week, n.tmdb_id, m.title, m.year, m.runtime, n.proposed_by, u.name AS proposer,"
    " n.proposed_at, n.place FROM nominations n JOIN movies m USING (tmdb_id)"
    " JOIN users u ON u.id = n.proposed_by"
)


def for_week(conn: Connection, week: str) -> list[Nomination]:
    """List a week's nominations, in finishing order once counted, else oldest first."""
    rows = conn.execute(
        f"{_SELECT} WHERE n.week = ? ORDER BY n.place, n.proposed_at, n.id", (week,)
    )
    return [Nomination(*row) for row in rows]


def for_film(conn: Connection, tmdb_id: int) -> list[Nomination]:
    """List a film's nominations, newest week first."""
    rows = conn.execute(f"{_SELECT} WHERE n.tmdb_id = ? ORDER BY n.week DESC", (tmdb_id,))
    return [Nomination(*row) for row in rows]


def with_ids(conn: Connection, nomination_ids: Collection[int]) -> dict[int, Nomination]:
    rows = conn.execute(
        f"{_SELECT} WHERE n.id IN ({placeholders(nomination_ids)})", tuple(nomination_ids)
    )
    return {row["id"]: Nomination(*row) for row in rows}


def get(conn: Connection, nomination_id: int) -> Nomination:
    row = conn.execute(f"{_SELECT} WHERE n.id = ?", (nomination_id,)).fetchone()
    if row is None:
        raise Refused("no_nomination")
    return Nomination(*row)


def add(conn: Connection, week: Week, user_id: int, tmdb_id: int, now: datetime) -> int:
    """Nominate a film that is in the movies table; returns the nomination's id."""
    if week.phase != "nomination":
        raise Refused("not_nominating")
    existing = conn.execute(
        "SELECT u.name FROM nominations n JOIN users u ON u.id = n.proposed_by"
        " WHERE n.week = ? AND n.tmdb_id = ?",
        (week.key, tmdb_id),
    ).fetchone()
    if existing:
        raise Refused("already_nominated", name=existing["name"])
    if count(conn, week.key, user_id) >= week.limits.max_nominations:
        raise Refused("nominations_used", most=week.limits.max_nominations)
    cursor = conn.execute(
        "INSERT INTO nominations (id, week, tmdb_id, proposed_by, proposed_at)"
        " VALUES (1 + max((SELECT coalesce(max(id), 0) FROM nominations),"
        " (SELECT last_withdrawn FROM state)), ?, ?, ?, ?)",
        (week.key, tmdb_id, user_id, to_text(now)),
    )
    return int(cursor.lastrowid or 0)


def withdraw(conn: Connection, week: Week, nomination_id: int, user_id: int) -> None:
    nomination = get(conn, nomination_id)
    if nomination.proposed_by != user_id:
        raise Refused("not_your_nomination", name=nomination.proposer)
    if nomination.week != week.key or week.phase != "nomination":
        raise Refused("not_nominating")
    conn.execute("DELETE FROM nominations WHERE id = ?", (nomination_id,))


def count(conn: Connection, week: str, user_id: int) -> int:
    row = conn.execute(
        "SELECT count(*) FROM nominations WHERE proposed_by = ? AND week = ?", (user_id, week)
    ).fetchone()
    return int(row[0])


def notes(conn: Connection, week: str, year_ago: str) -> tuple[dict[int, str], dict[int, str]]:
    """Map the week's films to their proposers, and winners since `year_ago` to their weeks."""
    nominated = conn.execute(
        "SELECT n.tmdb_id, u.name FROM nominations n JOIN users u ON u.id = n.proposed_by"
        " WHERE n.week = ?",
        (week,),
    ).fetchall()
    winners = conn.execute(
        "SELECT n.tmdb_id, h.week FROM week_history h JOIN nominations n ON n.id = h.first_place_id"
        " WHERE h.week >= ? ORDER BY h.week",
        (year_ago,),
    ).fetchall()
    return dict(nominated), dict(winners)
