"""Set-up, who is watching, PIN, sign out."""

from flask import Blueprint, Response, jsonify, render_template, request, session, url_for
from flask_login import current_user

from blueprints.http import auth
from blueprints.http.auth import current_member, public
from blueprints.http.errors import render_refusals_on
from blueprints.http.forms import Fields, query_text, request_fields
from blueprints.http.responses import redirect_or_json, see_other, wants_json
from db import Connection, get_db, sessions, transaction, users
from db.users import Member
from services import setup_code, sign_in
from utils import instants
from utils.translation import gettext as _

bp = Blueprint("household", __name__)


@bp.route("/who", methods=["GET", "POST"])
@public
def who() -> Response | str:
    answer: Response | str = _sign_in() if request.method == "POST" else _who_page()
    return answer


def _who_page(error: str = "") -> Response | str:
    conn = get_db()
    members = users.active(conn)
    if wants_json():
        return jsonify(members=[_facts(member) | {"has_pin": member.has_pin} for member in members])
    if users.is_empty(conn):
        return see_other(url_for(".setup"))
    wanted = request.form.get("member_id") or query_text("member")
    asked = next((one for one in members if one.has_pin and str(one.id) == wanted), None)
    return render_template(
        "household/who.html",
        members=members,
        asked=asked,
        has_admin=users.has_admin(conn),
        screen="tv" if _is_tv() else None,
        landing=_landing(),
        error=error,
    )


@render_refusals_on(_who_page)
def _sign_in() -> Response:
    fields, conn = request_fields(), get_db()
    member = sign_in.active_member(conn, fields.whole("member_id"))
    sign_in.check_pin(member, fields.text("pin", ""))
    now = instants.now()
    with transaction(conn):
        member = sign_in.recheck_pin(conn, member)
        users.reset_pin_tries(conn, member.id)
        token = sign_in.start_session(conn, member.id, now)
        auth.record_audit(conn, now, "signed_in", member.id, actor_id=member.id)
    sign_in.set_session_cookie(token, member)
    return _welcome(member)


@bp.post("/sign-out")
def sign_out() -> Response:
    with transaction(conn := get_db()):
        sessions.end(conn, current_user.token)
        auth.record_audit(conn, instants.now(), "signed_out", current_member().id)
    session.clear()
    return redirect_or_json(url_for(".who"))


@bp.route("/setup", methods=["GET", "POST"])
@public
def setup() -> Response | str:
    if request.method != "POST" and users.has_admin(get_db()):
        return see_other(url_for("week.this_week"))
    answer: Response | str = _set_up() if request.method == "POST" else _setup_page()
    return answer


def _setup_page(error: str = "") -> str:
    return render_template(
        "household/setup.html",
        members=users.active(get_db()),
        code=request.form.get("code") or query_text("code"),
        error=error,
    )


@render_refusals_on(_setup_page)
def _set_up() -> Response:
    fields, conn, now = request_fields(), get_db(), instants.now()
    code = fields.text("code")
    setup_code.check(conn, code)  # before anything slow, and before a PIN is looked at
    known = None
    if not fields.is_empty("member_id"):
        known = sign_in.active_member(conn, fields.whole("member_id"))
    pin, is_common = _admin_pin(known, fields.text("pin"))
    with transaction(conn):
        setup_code.consume(conn, code)
        member_id = sign_in.recheck_pin(conn, known).id if known else _newcomer(conn, fields)
        users.set_pin(conn, member_id, pin, is_common=is_common)
        users.set_admin(conn, member_id, True)
        sessions.end_all(conn, member_id)
        token = sign_in.start_session(conn, member_id, now)
        auth.record_audit(conn, now, "set_up", member_id, actor_id=member_id)
    member = users.get(conn, member_id)
    sign_in.set_session_cookie(token, member)
    return _welcome(member, said=_("Welcome, {name}. You are the admin.").format(name=member.name))


def _admin_pin(known: Member | None, pin: str) -> tuple[str | None, bool]:
    """Hash and commonness: of the PIN that the member has already, if it is that one."""
    if known and known.pin and sign_in.pin_matches(pin, known.pin):
        return known.pin, known.pin_is_common
    return sign_in.hash_new_pin(pin), False


def _newcomer(conn: Connection, fields: Fields) -> int:
    return users.add(conn, fields.text("name"), fields.text("icon", ""), instants.now())


def _welcome(member: Member, said: str = "") -> Response:
    return redirect_or_json(_landing(), lambda: {"member": _facts(member)}, said=said)


def _landing() -> str:
    """What somebody sees first; a television stays one."""
    return url_for("tv.screen" if _is_tv() else "week.this_week")


def _is_tv() -> bool:
    return query_text("screen") == "tv"


def _facts(member: Member) -> dict[str, object]:
    return {"id": member.id, "name": member.name, "icon": member.icon}
