"""Sentences that give the reason for the first and second place of a counted week."""

from collections.abc import Mapping
from typing import Any

from db.results import Outcome
from rules.schedule import Schedule
from services import dates
from utils import messages


def first(schedule: Schedule, outcome: Outcome) -> str:
    return _reason(schedule, outcome.first_rule, outcome.first_facts)


def second(schedule: Schedule, outcome: Outcome) -> str:
    rule, facts = outcome.second_rule or "", outcome.second_facts or {}
    return _reason(schedule, rule, facts, is_second=True)


def _reason(
    schedule: Schedule, rule: str, facts: Mapping[str, Any], *, is_second: bool = False
) -> str:
    week = facts.get("waiting_since")
    since = dates.movie_night_month(schedule, week) if week else None
    return messages.result_reason(rule, facts, since, is_second=is_second)
