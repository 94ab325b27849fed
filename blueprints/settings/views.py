"""A member's own profile: icon and PIN."""

from flask import Blueprint, Response, jsonify, render_template, url_for

from blueprints.http.auth import current_member, member_transaction, record_audit
from blueprints.http.errors import render_refusals_on
from blueprints.http.forms import request_fields
from blueprints.http.responses import redirect_or_json, wants_json
from blueprints.http.sign_in import check_pin, recheck_pin, set_session_cookie, start_session
from db import get_db, sessions, users
from db.users import Member
from rules import Refused
from services import members, trakt_status
from utils import instants
from utils.translation import gettext as _

bp = Blueprint("settings", __name__)


@bp.get("/settings")
def profile(error: str = "") -> Response | str:
    if wants_json():
        return jsonify(_facts())
    return render_template(
        "settings/profile.html",
        error=error,
        trakt=trakt_status.link_panel(get_db(), current_member().id),
        trakt_sync=trakt_status.sync_panel(get_db(), current_member().id),
    )


@bp.post("/settings/icon")
@render_refusals_on("settings.profile")
def icon() -> Response:
    chosen = request_fields().text("icon")
    with member_transaction() as conn:
        users.set_icon(conn, current_member().id, chosen)
        record_audit(conn, instants.now(), "icon_changed", current_member().id)
    return redirect_or_json(
        url_for(".profile", _anchor="icon"), _facts, flash_message=_("Your icon is saved.")
    )


@bp.post("/settings/pin")
@render_refusals_on("settings.profile")
def pin() -> Response:
    """Set the PIN, or remove it if empty; the member's other sessions end."""
    member = current_member()
    hashed, now = members.hash_new_pin(_chosen_pin(member)), instants.now()
    with member_transaction() as conn:
        recheck_pin(conn, member)
        users.set_pin(conn, member.id, hashed)
        sessions.end_all(conn, member.id)
        token = start_session(conn, member.id, now)
        record_audit(conn, now, "pin_changed" if hashed else "pin_removed", member.id)
    set_session_cookie(token, users.get(conn, member.id))
    message = _("Your PIN is saved.") if hashed else _("You have no PIN any more.")
    return redirect_or_json(url_for(".profile", _anchor="pin"), _facts, flash_message=message)


def _chosen_pin(member: Member) -> str:
    """Return the new PIN; raises Refused unless the current one is right."""
    fields = request_fields()
    chosen, current = fields.text("pin"), fields.text("current_pin", "")
    check_pin(member, current)
    if not member.has_pin:
        return chosen
    with member_transaction() as conn:
        # A mistake in the new PIN must not count as a wrong one.
        users.reset_pin_tries(conn, member.id)
    if chosen == current:
        raise Refused("pin_same")
    return chosen


def _facts() -> dict[str, object]:
    member = users.get(get_db(), current_member().id)
    facts = {
        "id": member.id,
        "name": member.name,
        "icon": member.icon,
        "has_pin": member.has_pin,
        "pin_is_common": member.pin_is_common,
    }
    return {"member": facts}
