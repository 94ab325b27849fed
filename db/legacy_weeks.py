"""Imported weeks: nominations, votes, and the places that the legacy app recorded."""

from collections import Counter
from collections.abc import Callable, Mapping

from db import Connection, settings
from db.settings import Limits
from rules import schedule
from rules.legacy.records import Kind, Plan, Week
from utils.instants import to_text

RULE = "imported"


def write(
    conn: Connection, plan: Plan, ids: Mapping[str, int], step: Callable[[], None]
) -> Counter[Kind]:
    """Weeks that the target has counted or skipped itself stay as they are."""
    settled = _settled(conn)
    limits = settings.limits(conn)
    counts: Counter[Kind] = Counter()
    for week in plan.weeks.values():
        if week.key not in settled:
            is_new = _add_week(conn, week, limits)
            counts["nominations"] += _add_nominations(conn, week, ids)
            counts["votes"] += _add_votes(conn, week, ids)
            if week.is_archived:
                is_new |= _add_result(conn, plan, week)
            elif week.is_voting:
                _open_voting(conn, plan, week)
            counts["weeks"] += is_new
        step()
    return counts


def _settled(conn: Connection) -> set[str]:
    rows = conn.execute(
        "SELECT w.week FROM weeks w LEFT JOIN week_history h USING (week)"
        " WHERE (closed_at IS NOT NULL OR skipped_at IS NOT NULL) AND first_rule IS NOT ?",
        (RULE,),
    )
    return {week for (week,) in rows}


def _add_week(conn: Connection, week: Week, limits: Limits) -> bool:
    added = conn.execute(
        "INSERT INTO weeks (week, max_nominations, max_votes, own_votes) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (week) DO NOTHING",
        (week.key, limits.max_nominations, limits.max_votes, limits.own_votes),
    )
    return added.rowcount == 1


def _add_nominations(conn: Connection, week: Week, ids: Mapping[str, int]) -> int:
    return (
        conn.executemany(
            "INSERT INTO nominations (week, tmdb_id, proposed_by, proposed_at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (week, tmdb_id) DO NOTHING",
            [
                (week.key, film.tmdb_id, ids[film.proposed_by], to_text(film.proposed_at))
                for film in week.nominations.values()
            ],
        ).rowcount
        if week.nominations
        else 0
    )


def _add_votes(conn: Connection, week: Week, ids: Mapping[str, int]) -> int:
    return (
        conn.executemany(
            "INSERT INTO votes (nomination_id, user_id, week, created_at)"
            " SELECT id, ?, week, ? FROM nominations WHERE week = ? AND tmdb_id = ?"
            " ON CONFLICT (nomination_id, user_id) DO NOTHING",
            [
                (ids[name], to_text(voted_at), week.key, tmdb_id)
                for (tmdb_id, name), voted_at in week.votes.items()
            ],
        ).rowcount
        if week.votes
        else 0
    )


def _add_result(conn: Connection, plan: Plan, week: Week) -> bool:
    """The recorded places, and the finishing order for whatever has no place yet."""
    conn.executemany(
        "UPDATE nominations SET place ="
        " (SELECT coalesce(max(place), 0) + 1 FROM nominations WHERE week = ?1)"
        " WHERE week = ?1 AND tmdb_id = ?2 AND place IS NULL",
        [(week.key, tmdb_id) for tmdb_id in week.nominations],
    )
    # Closed when results start: what the places were decided on was known by then.
    closed_at = min(schedule.starts(plan.schedule, week.key).results, plan.now)
    conn.execute(
        "UPDATE weeks SET closed_at = ? WHERE week = ? AND closed_at IS NULL",
        (to_text(closed_at), week.key),
    )
    place = "(SELECT id FROM nominations WHERE week = :week AND tmdb_id = :{})"
    added = conn.execute(
        "INSERT INTO week_history (week, first_place_id, first_rule, first_facts,"
        " second_place_id, second_rule, second_facts) VALUES (:week,"
        f" {place.format('first')}, :rule, '{{}}', {place.format('second')}, :second_rule, :facts)"
        " ON CONFLICT (week) DO NOTHING",
        {
            "week": week.key,
            "first": week.first,
            "second": week.second,
            "rule": RULE,
            "second_rule": RULE if week.second else None,
            "facts": "{}" if week.second else None,
        },
    )
    return added.rowcount == 1


def _open_voting(conn: Connection, plan: Plan, week: Week) -> None:
    """The legacy app had opened it; when the clock has as well, there is nothing to record."""
    if plan.now < schedule.starts(plan.schedule, week.key).voting:
        conn.execute(
            "UPDATE weeks SET voting_opened_at = ? WHERE week = ? AND voting_opened_at IS NULL",
            (to_text(plan.now), week.key),
        )
