"""Counts for the statistics page."""

import json
from dataclasses import dataclass
from functools import cache

from db import Connection
from rules.standings import Share, Win


@dataclass(frozen=True)
class Ratings:
    average: float
    number: int


@dataclass(frozen=True)
class Divided:
    """The film with the widest range of ratings."""

    tmdb_id: int
    title: str
    year: int | None
    lowest: int
    highest: int
    number: int


def wins(conn: Connection) -> list[Win]:
    """List the winners, oldest first."""
    rows = conn.execute(
        "SELECT h.week, n.proposed_by, m.year, m.genres FROM week_history h"
        " JOIN nominations n ON n.id = h.first_place_id JOIN movies m USING (tmdb_id)"
        " ORDER BY h.week"
    )
    return [Win(week, member, year, _genres(genres)) for week, member, year, genres in rows]


def picks(conn: Connection) -> dict[int, Share]:
    """Map members to the share of their nominations in counted weeks that won."""
    rows = conn.execute(
        "SELECT proposed_by, count(place), (SELECT count(*) FROM week_history h"
        "  JOIN nominations w ON w.id = h.first_place_id WHERE w.proposed_by = n.proposed_by)"
        " FROM nominations n GROUP BY proposed_by HAVING count(place) > 0"
    )
    return {member: Share(won, nominated) for member, nominated, won in rows}


def first_weeks(conn: Connection) -> dict[int, str]:
    """Map active members to the week of their first nomination."""
    rows = conn.execute(
        "SELECT u.id, min(n.week) FROM users u JOIN nominations n ON n.proposed_by = u.id"
        " WHERE u.retired_at IS NULL GROUP BY u.id"
    )
    return dict(rows.fetchall())


def voters(conn: Connection) -> dict[int, Share]:
    """Map members to the share of weeks with their votes in which one went to the winner."""
    rows = conn.execute(
        "SELECT u.id, sum(EXISTS (SELECT 1 FROM votes v"
        "  WHERE v.nomination_id = h.first_place_id AND v.user_id = u.id)), count(*)"
        " FROM week_history h CROSS JOIN users u WHERE h.first_place_id IS NOT NULL"
        " AND EXISTS (SELECT 1 FROM votes v WHERE v.week = h.week AND v.user_id = u.id)"
        " GROUP BY u.id"
    )
    return {member: Share(hits, weeks) for member, hits, weeks in rows}


def ratings_given(conn: Connection) -> dict[int, Ratings]:
    """Map members to the ratings that they gave."""
    rows = conn.execute("SELECT user_id, avg(rating), count(*) FROM ratings GROUP BY user_id")
    return {member: Ratings(average, number) for member, average, number in rows}


def ratings_received(conn: Connection) -> dict[int, Ratings]:
    """Map members to the ratings that the others gave to their counted nominations."""
    rows = conn.execute(
        "SELECT n.proposed_by, avg(r.rating), count(*) FROM"
        " (SELECT DISTINCT proposed_by, tmdb_id FROM nominations WHERE place IS NOT NULL) n"
        " JOIN ratings r ON r.tmdb_id = n.tmdb_id AND r.user_id <> n.proposed_by"
        " GROUP BY n.proposed_by"
    )
    return {member: Ratings(average, number) for member, average, number in rows}


def most_divided(conn: Connection) -> Divided | None:
    """Find the film whose ratings lie farthest apart; of several, the one with most ratings."""
    row = conn.execute(
        "SELECT f.tmdb_id, m.title, m.year, f.lowest, f.highest, f.number FROM"
        " (SELECT tmdb_id, min(rating) AS lowest, max(rating) AS highest, count(*) AS number"
        "  FROM ratings GROUP BY tmdb_id HAVING lowest < highest) f JOIN movies m USING (tmdb_id)"
        " ORDER BY f.highest - f.lowest DESC, f.number DESC, f.tmdb_id LIMIT 1"
    ).fetchone()
    return Divided(*row) if row else None


def weeks_watched(conn: Connection) -> list[str]:
    """List the weeks with an evening, oldest first."""
    rows = conn.execute(
        "SELECT week FROM weeks w"
        " WHERE EXISTS (SELECT 1 FROM watch_history h WHERE h.week = w.week) ORDER BY week"
    )
    return [row["week"] for row in rows]


@cache
def _genres(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))
