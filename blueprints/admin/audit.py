"""Pages of the audit log: all entries for admins, a member's own; `before` is an entry's id."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, render_template

from blueprints.http.auth import admins_only, current_member
from blueprints.http.forms import query_number
from blueprints.http.responses import wants_json
from db import audit, get_db, users
from db.audit import Entry
from rules import schedule
from services import dates
from trakt import accounts
from utils import messages
from utils.translation import gettext as _
from utils.translation import ngettext

bp = Blueprint("audit_page", __name__)
PAGE_SIZE = 50
WEEKLY = ("voting_opened", "voting_opened_early", "week_closed", "week_skipped")


@bp.get("/admin/audit")
@admins_only
def everybody() -> Response | str:
    """Show all entries; `member` (an id) limits them to those by or about a member."""
    return _render_page(
        "admin/audit.html", query_number("member"), members=users.list_all(get_db())
    )


@bp.get("/settings/audit")
def mine() -> Response | str:
    return _render_page("settings/audit.html", current_member().id)


def _render_page(template: str, member_id: int | None, **parts: Any) -> Response | str:
    before = query_number("before")
    found = audit.page(get_db(), PAGE_SIZE + 1, before=before or audit.NEWEST, member_id=member_id)
    entries = [_facts(entry) for entry in found[:PAGE_SIZE]]
    older = found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None
    if wants_json():
        return jsonify(entries=entries, older=older)
    shown = {"entries": entries, "older": older, "is_first": before is None}
    return render_template(template, member_id=member_id, **shown, **parts)


def _facts(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "at": entry.at,
        "action": entry.action,
        "who": entry.actor,
        "whom": entry.subject,
        "sentence": _sentence(entry),
        "detail": _detail(entry.action, entry.detail),
        "address": entry.address,
    }


def _sentence(entry: Entry) -> str:
    is_own = entry.actor == entry.subject
    whom = entry.subject or _("nobody")
    return messages.audit(entry.action, _actor(entry), whom, is_own=is_own)


def _detail(action: str, stored: str) -> str:
    """Return what the page adds to an entry's sentence."""
    if action in ("linked", "unlinked") and stored:
        return f"@{stored}"
    if action == "link_refused" and stored in accounts.REFUSALS:
        return messages.refusal(stored, {})[1]
    if action == "refresh_failed":
        return messages.trakt(stored)
    if action == "job_run":
        return messages.job(stored)
    if action in WEEKLY and schedule.is_week(stored):
        return dates.week_name(stored)
    if action in _CHOICES and (values := _parse_object(stored)):
        return _CHOICES[action](values)
    return "" if action in ("imported", "member_added") else stored


def _actor(entry: Entry) -> str:
    return entry.actor or (_("Somebody") if entry.address else _("The server"))


def _schedule(values: Mapping[str, Any]) -> str:
    starts = {
        name: dates.minute_of_week(values[name]) for name in ("nominating", "voting", "results")
    }
    text = _("{zone}; nominating from {nominating}, voting from {voting}, results from {results}")
    return text.format(zone=values["zone"], **starts)


def _limits(values: Mapping[str, Any]) -> str:
    films, votes = values["max_nominations"], values["max_votes"]
    text = _("{films} and {votes} a person")
    if values["own_votes"]:
        text = _("{films} and {votes} a person, own films too")
    return text.format(
        films=ngettext("{n} nomination", "{n} nominations", films).format(n=films),
        votes=ngettext("{n} vote", "{n} votes", votes).format(n=votes),
    )


def _trakt(values: Mapping[str, Any]) -> str:
    text = _("synced {often}, an account for each")
    if values["share"]:
        text = _("synced {often}, accounts may be shared")
    often = ngettext("every hour", "every {n} hours", values["hours"]).format(n=values["hours"])
    return text.format(often=often)


_CHOICES = {
    "schedule_changed": _schedule,
    "limits_changed": _limits,
    "trakt_settings_changed": _trakt,
}


def _parse_object(stored: str) -> Mapping[str, Any]:
    """Parse JSON; return {} for an old entry, whose detail is no JSON object."""
    try:
        value = json.loads(stored)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
