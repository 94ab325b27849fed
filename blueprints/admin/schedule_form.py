"""Parsing of the schedule and limits: days and times from the page, minutes from JSON."""

import re

from blueprints.http.forms import Fields
from db.settings import Limits
from rules import Refused
from rules.schedule import DAY, WEEK, Schedule

STARTS = ("nominating", "voting", "results")
# Suggestions; any other name of the tz database can be typed.
ZONES = (
    "Africa/Johannesburg America/Chicago America/Los_Angeles America/New_York America/Sao_Paulo"
    " Asia/Kolkata Asia/Shanghai Asia/Tokyo Australia/Sydney Europe/Athens Europe/Berlin"
    " Europe/Budapest Europe/London Europe/Madrid Europe/Paris Europe/Warsaw Pacific/Auckland UTC"
).split()
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


def schedule(fields: Fields, current: Schedule) -> Schedule:
    """Parse the schedule; missing fields keep their current values."""
    zone = fields.text("zone", current.zone).strip()
    return Schedule(zone, *(_minutes(fields, name, getattr(current, name)) for name in STARTS))


def limits(fields: Fields) -> Limits:
    return Limits(
        fields.whole("max_nominations", 1, 10),
        fields.whole("max_votes", 1, 20),
        fields.flag("own_votes"),
    )


def _minutes(fields: Fields, name: str, current: int) -> int:
    """Return minutes since Monday 00:00."""
    if not fields.is_empty(name):
        return fields.whole(name, 0, WEEK - 1)
    if fields.is_empty(f"{name}_day") and fields.is_empty(f"{name}_time"):
        return current
    day = fields.whole(f"{name}_day", 0, 6)
    match = _TIME.fullmatch(fields.text(f"{name}_time"))
    if match is None:
        raise Refused("not_a_time", field=f"{name}_time")
    return day * DAY + int(match[1]) * 60 + int(match[2])
