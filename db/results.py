"""The count of a week, stored with the rule and the values that decided it."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from db import Connection
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


# A week that ended without a single film; nothing is counted, so nothing is stored.
NO_FILMS = Outcome(None, None, "no_nominations", {}, None, None)


def count(conn: Connection, week: str) -> None:
    """Decide and store; UNIQUE (week) refuses a second count."""
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
    """The counts of these weeks, in one query; weeks without one are absent."""
    marks = ",".join("?" * len(weeks))
    rows = conn.execute(
        "SELECT week, first_place_id, second_place_id, first_rule, first_facts, second_rule,"
        f" second_facts FROM week_history WHERE week IN ({marks})",
        tuple(weeks),
    )
    return {week: _outcome(*columns) for week, *columns in rows}


def _outcome(
    first_id: int | None,
    second_id: int | None,
    first_rule: str,
    first_facts: str,
    second_rule: str | None,
    second_facts: str | None,
) -> Outcome:
    return Outcome(
        first_id,
        second_id,
        first_rule,
        json.loads(first_facts),
        second_rule,
        json.loads(second_facts) if second_facts else None,
    )


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
        Candidate(nomination_id, title, number, seen, proposer, since, from_text(nominated_at))
        for nomination_id, title, number, seen, proposer, since, nominated_at in rows
    ]
