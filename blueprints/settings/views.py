"""A member's own profile: icon and PIN."""

from flask import Blueprint, Response, jsonify, render_template, url_for

from blueprints import audited
from blueprints.answers import done, wants_json
from blueprints.errors import shown_on
from blueprints.gate import as_me, me
from blueprints.household import sign_in
from blueprints.reading import read
from blueprints.trakt import status, sync
from db import get_db, sessions, users
from db.users import Member
from rules import Refused
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
        trakt=status.panel(),
        trakt_sync=sync.panel(),
    )


@bp.post("/settings/icon")
@shown_on(profile)
def icon() -> Response:
    chosen = read().text("icon")
    with as_me() as conn:
        users.set_icon(conn, me().id, chosen)
        audited.note(conn, instants.now(), "icon_changed", me().id)
    return done(url_for(".profile", _anchor="icon"), _facts, said=_("Your icon is saved."))


@bp.post("/settings/pin")
@shown_on(profile)
def pin() -> Response:
    """Change, set or (with an empty one) remove it; the member's other devices are signed out."""
    member = me()
    hashed, now = sign_in.hash_new(_chosen_pin(member)), instants.now()
    with as_me() as conn:
        sign_in.unchanged(conn, member)
        users.set_pin(conn, member.id, hashed)
        sessions.end_all(conn, member.id)
        token = sign_in.begin(conn, member.id, now)
        audited.note(conn, now, "pin_changed" if hashed else "pin_removed", member.id)
    sign_in.keep(token, users.get(conn, member.id))
    said = _("Your PIN is saved.") if hashed else _("You have no PIN any more.")
    return done(url_for(".profile", _anchor="pin"), _facts, said=said)


def _chosen_pin(member: Member) -> str:
    """The new PIN, from who knows the old one."""
    fields = read()
    chosen, current = fields.text("pin"), fields.text("current_pin", "")
    sign_in.check_pin(member, current)
    if not member.has_pin:
        return chosen
    with as_me() as conn:
        users.forget_tries(conn, member.id)  # a slip in the new PIN must not count as a wrong one
    if chosen == current:
        raise Refused("pin_same")
    return chosen


def _facts() -> dict[str, object]:
    member = users.get(get_db(), me().id)
    facts = {
        "id": member.id,
        "name": member.name,
        "icon": member.icon,
        "has_pin": member.has_pin,
        "pin_is_common": member.pin_is_common,
    }
    return {"member": facts}
