"""Who did what: everybody's for admins, their own for members. By pages; the key is a row's id."""

from typing import Any

from flask import Blueprint, Response, jsonify, render_template

from blueprints.admin import audit_words
from blueprints.http.auth import admins_only, current_member
from blueprints.http.forms import query_number
from blueprints.http.responses import wants_json
from db import audit, get_db, users
from db.audit import Entry

bp = Blueprint("audit_page", __name__)
A_PAGE = 50


@bp.get("/admin/audit")
@admins_only
def everybody() -> Response | str:
    """`member`, an id, leaves only what they did or what was done to them."""
    return _answer("admin/audit.html", query_number("member"), members=users.everyone(get_db()))


@bp.get("/settings/audit")
def mine() -> Response | str:
    return _answer("settings/audit.html", current_member().id)


def _answer(template: str, member_id: int | None, **parts: Any) -> Response | str:
    before = query_number("before")
    found = audit.page(get_db(), A_PAGE + 1, before=before or audit.NEWEST, member_id=member_id)
    entries = [_facts(entry) for entry in found[:A_PAGE]]
    older = found[A_PAGE - 1].id if len(found) > A_PAGE else None
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
        "sentence": audit_words.sentence(entry),
        "detail": audit_words.detail(entry.action, entry.detail),
        "address": entry.address,
    }
