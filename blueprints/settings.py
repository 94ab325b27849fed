"""A member's own profile: icon and PIN."""

from flask import Blueprint, Response, jsonify, render_template, url_for

from blueprints import audited, sign_in
from blueprints.answers import done, wants_json
from blueprints.errors import shown_on
from blueprints.gate import as_me, me
from blueprints.reading import read
from db import get_db, sessions, users
from utils import instants

bp = Blueprint("settings", __name__)


@bp.get("/settings")
def profile(error: str = "") -> Response | str:
    if wants_json():
        return jsonify(_facts())
    return render_template("settings/profile.html", error=error)


@bp.post("/settings/icon")
@shown_on(profile)
def icon() -> Response:
    chosen = read().text("icon")
    with as_me() as conn:
        users.set_icon(conn, me().id, chosen)
        audited.note(conn, instants.now(), "icon_changed", me().id)
    return done(url_for(".profile"), _facts)


@bp.post("/settings/pin")
@shown_on(profile)
def pin() -> Response:
    """Change, set or (with an empty one) remove it; the member's other devices are signed out."""
    fields, member = read(), me()
    chosen = fields.text("pin")
    sign_in.check_choice(chosen)  # a slip in the new PIN costs no try of the old one
    sign_in.check_pin(member, fields.text("current_pin", ""))
    hashed, now = sign_in.hash_new(chosen), instants.now()
    with as_me() as conn:
        sign_in.unchanged(conn, member)
        users.set_pin(conn, member.id, hashed)
        sessions.end_all(conn, member.id)
        token = sign_in.begin(conn, member.id, now)
        audited.note(conn, now, "pin_changed" if hashed else "pin_removed", member.id)
    sign_in.keep(token, users.get(conn, member.id))
    return done(url_for(".profile"), _facts)


def _facts() -> dict[str, object]:
    member = users.get(get_db(), me().id)
    facts = {"id": member.id, "name": member.name, "icon": member.icon, "has_pin": member.has_pin}
    return {"member": facts | {"pin_is_common": member.pin_is_common}}
