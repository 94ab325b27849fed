"""Results of counted weeks, with the rule and the values that decided each place."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from db import Connection, placeholders
from rules import tally
from rules.tally import Candidate
from utils.instants import from_text


@dataclass(frozen=True)
class Outcome:
    first_id: int | None
    second_id: int | None
    first_rule: str  # a rule of the tally, "no_votes", "no_nominations" or "imported"
    first_facts: dict[str, Any]
    second_rule: str | None
    second_facts: dict[str, Any] | None


# Of a week without a film, which is not stored because it is not counted.
NO_FILMS = Outcome(None, None, "no_nominations", {}, None, None)


def count(conn: Connection, week: str) -> None:
    """Count a week and store its result; a second count violates UNIQUE (week)."""
    decided = tally.decide(_candidates(conn, week))
    first, second = decided.first, decided.second
    conn.execute(
        "INSERT INTO week_history (week, first_place_id, first_rule, first_facts,"
        " second_place_id, second_rule, second_facts) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            week,
            first and first.nomination_id,
            decided.rule,
            json.dumps(first.facts if first else {}, ensure_ascii=False),
            second and second.nomination_id,
            second and second.rule,
            second and json.dumps(second.facts, ensure_ascii=False),
        ),
    )
    conn.executemany(
        "UPDATE nominations SET place = ? WHERE id = ?",
        [(place, nomination_id) for place, nomination_id in enumerate(decided.order, 1)],
    )


def for_week(conn: Connection, week: str) -> Outcome | None:
    return for_weeks(conn, [week]).get(week)


def for_weeks(conn: Connection, weeks: Collection[str]) -> dict[str, Outcome]:
    """Map weeks to their results; weeks without one are absent."""
    rows = conn.execute(
        f"SELECT * FROM week_history WHERE week IN ({placeholders(weeks)})",
        tuple(weeks),
    )
    return {
        row["week"]: Outcome(
            row["first_place_id"],
            row["second_place_id"],
            row["first_rule"],
            json.loads(row["first_facts"]),
            row["second_rule"],
            json.loads(row["second_facts"]) if row["second_facts"] else None,
        )
        for row in rows
    }


def _candidates(conn: Connection, week: str) -> list[Candidate]:
    rows = conn.execute(
        "SELECT n.id, m.title, (SELECT count(*) FROM votes v WHERE v.nomination_id = n.id),"
        " (SELECT count(DISTINCT w.user_id) FROM watch_history w JOIN users s ON s.id = w.user_id"
        "  WHERE w.tmdb_id = n.tmdb_id AND s.retired_at IS NULL),"
        " u.name,"
        " (SELECT max(h.week) FROM week_history h JOIN nominations p ON p.id = h.first_place_id"
        "  WHERE p.proposed_by = n.proposed_by AND h.week < n.week),"
        " n.proposed_at"
        " FROM nominations n JOIN movies m USING (tmdb_id) JOIN users u ON u.id = n.proposed_by"
        " WHERE n.week = ?",
        (week,),
    )
    return [
        Candidate(nomination_id, title, votes, seen, proposer, since, from_text(nominated_at))
        for nomination_id, title, votes, seen, proposer, since, nominated_at in rows
    ]
