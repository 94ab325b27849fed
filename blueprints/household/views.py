"""Views of the set-up, "Who's watching?", signing in and out."""

from flask import Blueprint, Response, jsonify, render_template, request, session, url_for
from flask_login import current_user

from blueprints.http.auth import current_member, public, record_audit
from blueprints.http.errors import render_refusals_on
from blueprints.http.forms import Fields, query_text, request_fields
from blueprints.http.responses import redirect_or_json, see_other, wants_json
from blueprints.http.sign_in import check_pin, recheck_pin, set_session_cookie, start_session
from db import Connection, get_db, sessions, transaction, users
from db.users import Member
from services import members, setup_code
from utils import instants
from utils.translation import gettext as _

bp = Blueprint("household", __name__)


@bp.get("/who")
@public
def who(error: str = "") -> Response | str:
    conn = get_db()
    active = users.list_active(conn)
    if wants_json():
        return jsonify(members=[_facts(member) | {"has_pin": member.has_pin} for member in active])
    if users.is_empty(conn):
        return see_other(url_for(".setup"))
    member_id = request.form.get("member_id") or query_text("member")
    asked = next((m for m in active if m.has_pin and str(m.id) == member_id), None)
    return render_template(
        "household/who.html",
        members=active,
        asked=asked,
        has_admin=users.has_admin(conn),
        screen="tv" if _is_tv() else None,
        landing=_landing(),
        error=error,
    )


@bp.post("/who")
@public
@render_refusals_on("household.who")
def sign_in() -> Response:
    fields, conn = request_fields(), get_db()
    member = users.get_active(conn, fields.whole("member_id"))
    check_pin(member, fields.text("pin", ""))
    now = instants.now()
    with transaction(conn):
        member = recheck_pin(conn, member)
        users.reset_pin_tries(conn, member.id)
        token = start_session(conn, member.id, now)
        record_audit(conn, now, "signed_in", member.id, actor_id=member.id)
    set_session_cookie(token, member)
    return _welcome(member)


@bp.post("/sign-out")
def sign_out() -> Response:
    with transaction(conn := get_db()):
        sessions.end(conn, current_user.token)
        record_audit(conn, instants.now(), "signed_out", current_member().id)
    session.clear()
    return redirect_or_json(url_for(".who"))


@bp.get("/setup")
@public
def setup(error: str = "") -> Response | str:
    if not error and users.has_admin(get_db()):
        return see_other(url_for("week.this_week"))
    return render_template(
        "household/setup.html",
        members=users.list_active(get_db()),
        code=request.form.get("code") or query_text("code"),
        error=error,
    )


@bp.post("/setup")
@public
@render_refusals_on("household.setup")
def set_up() -> Response:
    fields, conn, now = request_fields(), get_db(), instants.now()
    code = fields.text("code")
    # Before PIN hashing, which is slow, and before any PIN is compared.
    setup_code.check(conn, code)
    existing = None
    if not fields.is_empty("member_id"):
        existing = users.get_active(conn, fields.whole("member_id"))
    pin, is_common = _admin_pin(existing, fields.text("pin"))
    with transaction(conn):
        setup_code.consume(conn, code)
        member_id = recheck_pin(conn, existing).id if existing else _add_member(conn, fields)
        users.set_pin(conn, member_id, pin, is_common=is_common)
        users.set_admin(conn, member_id, True)
        sessions.end_all(conn, member_id)
        token = start_session(conn, member_id, now)
        record_audit(conn, now, "set_up", member_id, actor_id=member_id)
    member = users.get(conn, member_id)
    set_session_cookie(token, member)
    return _welcome(member, _("Welcome, {name}. You are the admin.").format(name=member.name))


def _admin_pin(existing: Member | None, pin: str) -> tuple[str | None, bool]:
    """Return the PIN's hash and if it is a common PIN, which only a member's present one may be."""
    if existing and existing.pin and members.pin_matches(pin, existing.pin):
        return existing.pin, existing.pin_is_common
    return members.hash_new_pin(pin), False


def _add_member(conn: Connection, fields: Fields) -> int:
    return users.add(conn, fields.text("name"), fields.text("icon", ""), instants.now())


def _welcome(member: Member, flash_message: str = "") -> Response:
    return redirect_or_json(
        _landing(), lambda: {"member": _facts(member)}, flash_message=flash_message
    )


def _landing() -> str:
    """Return the first page after signing in; a television stays on its own."""
    return url_for("tv.screen" if _is_tv() else "week.this_week")


def _is_tv() -> bool:
    return query_text("screen") == "tv"


def _facts(member: Member) -> dict[str, object]:
    return {"id": member.id, "name": member.name, "icon": member.icon}
