"""The audit log in words."""

import json
from collections.abc import Mapping
from typing import Any

from blueprints.admin import jobs
from db.audit import Entry
from rules import Refused, schedule
from services import dates, messages_sentences
from trakt import accounts, errors
from utils.translation import N_, ngettext
from utils.translation import gettext as _

ACTS = {
    "set_up": N_("{who} set up the household."),
    "imported": N_("The old app’s records came in."),
    "signed_in": N_("{who} signed in."),
    "wrong_pin": N_("{who} gave a wrong PIN for {whom}."),
    "signed_out": N_("{who} signed out."),
    "icon_changed": N_("{who} chose an icon."),
    "pin_changed": N_("{who} set a PIN of their own."),
    "pin_reset": N_("{who} gave {whom} a new PIN."),
    "pin_removed": N_("{who} took the PIN away from {whom}."),
    "member_added": N_("{who} added {whom}."),
    "renamed": N_("{who} renamed {whom}."),
    "retired": N_("{who} retired {whom}."),
    "brought_back": N_("{who} brought {whom} back."),
    "made_admin": N_("{who} made {whom} an admin."),
    "unmade_admin": N_("{who} made {whom} an ordinary member."),
    "schedule_changed": N_("{who} changed the schedule."),
    "limits_changed": N_("{who} changed the limits."),
    "country_changed": N_("{who} changed the country."),
    "voting_opened": N_("{who} opened voting."),
    "voting_opened_early": N_("Voting opened early: everybody had nominated."),
    "week_closed": N_("{who} had the votes counted."),
    "week_skipped": N_("{who} skipped the week."),
    "export_imported": N_("{who} brought in an export."),
    "linked": N_("{who} linked a Trakt account to {whom}."),
    "unlinked": N_("{who} unlinked the Trakt of {whom}."),
    "link_refused": N_("A Trakt account was not linked to {whom}."),
    "refresh_failed": N_("The Trakt link of {whom} could not be renewed."),
    "trakt_app_changed": N_("{who} entered the Trakt app."),
    "trakt_app_removed": N_("{who} removed the Trakt app."),
    "trakt_settings_changed": N_("{who} chose how Trakt works here."),
    "trakt_reserved": N_("{who} kept a Trakt account for {whom}."),
    "trakt_reservation_removed": N_("{who} freed the Trakt account kept for {whom}."),
    "backup_restored": N_("{who} put a backup in place of the database."),
    "job_run": N_("{who} ran a job by hand."),
}
WEEKLY = ("voting_opened", "voting_opened_early", "week_closed", "week_skipped")
OWN = {  # where it is one's own
    "pin_removed": N_("{who} gave up their PIN."),
    "linked": N_("{who} linked a Trakt account."),
    "unlinked": N_("{who} unlinked their Trakt."),
}


def sentence(entry: Entry) -> str:
    """An act without words of its own is told by its name."""
    is_own = entry.actor == entry.subject
    text = (OWN.get(entry.action) if is_own else None) or ACTS.get(entry.action)
    if text is None:
        return f"{_who(entry)}: {entry.action}"
    return _(text).format(who=_who(entry), whom=entry.subject or _("nobody"))


def detail(action: str, stored: str) -> str:
    """What the row adds to its sentence."""
    if action in ("linked", "unlinked") and stored:
        return f"@{stored}"
    if action == "link_refused" and stored in accounts.REFUSALS:
        return messages_sentences.refusal(Refused(stored))[1]
    if action == "refresh_failed":
        return errors.sentence(stored)
    if action == "job_run":
        return jobs.title(stored)
    if action in WEEKLY and schedule.is_week(stored):
        return dates.week_name(stored)
    if action in _CHOICES and (chosen := _object(stored)):
        return _CHOICES[action](chosen)
    return "" if action in ("imported", "member_added") else stored


def _who(entry: Entry) -> str:
    return entry.actor or (_("Somebody") if entry.address else _("The server"))


def _schedule(chosen: Mapping[str, Any]) -> str:
    starts = {name: dates.of_week(chosen[name]) for name in ("nominating", "voting", "results")}
    text = _("{zone}; nominating from {nominating}, voting from {voting}, results from {results}")
    return text.format(zone=chosen["zone"], **starts)


def _limits(chosen: Mapping[str, Any]) -> str:
    films, votes = chosen["max_nominations"], chosen["max_votes"]
    text = _("{films} and {votes} a person")
    if chosen["own_votes"]:
        text = _("{films} and {votes} a person, own films too")
    return text.format(
        films=ngettext("{n} nomination", "{n} nominations", films).format(n=films),
        votes=ngettext("{n} vote", "{n} votes", votes).format(n=votes),
    )


def _trakt(chosen: Mapping[str, Any]) -> str:
    text = _("synced {often}, an account for each")
    if chosen["share"]:
        text = _("synced {often}, accounts may be shared")
    often = ngettext("every hour", "every {n} hours", chosen["hours"]).format(n=chosen["hours"])
    return text.format(often=often)


_CHOICES = {
    "schedule_changed": _schedule,
    "limits_changed": _limits,
    "trakt_settings_changed": _trakt,
}


def _object(stored: str) -> Mapping[str, Any]:
    """{} for a row of the days when choices were written otherwise."""
    try:
        value = json.loads(stored)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
