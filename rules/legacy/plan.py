"""The import plan of data.json and the SQLite file."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from rules.legacy import people, plays, rows, weeks
from rules.legacy.records import Film, Plan
from rules.legacy.rows import Rows
from rules.schedule import Schedule


def make_plan(
    document: Mapping[str, Any] | None, tables: Rows | None, schedule: Schedule, now: datetime
) -> Plan:
    """Make the plan; data.json is read first, because it is newer."""
    plan = Plan(schedule, now)
    document = dict(document or {})
    people.read_users(plan, document.get("users"))
    names = people.read_rows(plan, tables["users"]) if tables else {}
    weeks.read(plan, document)
    if tables:
        rows.read_weeks(plan, tables, names)
        plays.read_watches(plan, tables["watch_history"], names)
        plays.read_links(plan, tables["trakt_auth"], names)
    return plan


def films(plan: Plan) -> list[Film]:
    """Return each film with the newest value of every field."""
    return [_newest(descriptions) for descriptions in plan.films.values()]


def _newest(descriptions: list[tuple[str, Film]]) -> Film:
    film = Film(descriptions[0][1].tmdb_id)
    # The sort is stable: of one week, data.json comes before the older file.
    for _week, description in sorted(descriptions, key=lambda pair: pair[0], reverse=True):
        for field in fields(Film):
            if getattr(film, field.name) is None:
                setattr(film, field.name, getattr(description, field.name))
    return film
