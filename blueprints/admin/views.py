"""The admin's page of members, roles, schedule and limits."""

import json
from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, url_for

from blueprints.admin import schedule_form
from blueprints.http.auth import (
    admins_only,
    current_member,
    member_transaction,
    member_week_transaction,
    record_audit,
)
from blueprints.http.errors import render_refusals_on
from blueprints.http.forms import request_fields
from blueprints.http.responses import redirect_or_json, wants_json
from blueprints.http.sign_in import set_session_cookie, start_session
from db import get_db, nominations, sessions, settings, users, weeks
from db.users import Member
from rules import Refused
from services import members as member_service
from services.current_week import current_week
from utils import instants
from utils.translation import gettext as _

bp = Blueprint("admin", __name__)


@bp.get("/admin")
@admins_only
def members(error: str = "", member_id: int = 0) -> Response | str:
    """Show the page; `error` belongs to the form of `member_id`, if given."""
    conn = get_db()
    everyone = users.list_all(conn)
    schedule, limits = settings.schedule(conn), settings.limits(conn)
    if wants_json():
        facts = [_facts(member) for member in everyone]
        return jsonify(members=facts, schedule=asdict(schedule), limits=asdict(limits))
    week = current_week(conn, instants.now())
    return render_template(
        "admin/members.html",
        members=everyone,
        schedule=schedule,
        limits=limits,
        zones=schedule_form.ZONES,
        country=settings.country(conn),
        week=week,
        films=nominations.for_week(conn, week.key),
        error=error,
        member_id=member_id,
    )


@bp.post("/admin/members")
@admins_only
@render_refusals_on("admin.members")
def add() -> Response:
    fields = request_fields()
    name, icon, is_admin = fields.text("name"), fields.text("icon", ""), fields.flag("admin")
    hashed = member_service.hash_new_pin(fields.text("pin", ""))
    now = instants.now()
    with member_transaction() as conn:
        member_id = member_service.add(conn, name, icon, hashed, now, is_admin=is_admin)
        record_audit(conn, now, "member_added", member_id, detail="admin" if is_admin else "")
    return _done(member_id, _("{name} is a member now."))


@bp.post("/admin/members/<id:member_id>/rename")
@admins_only
@render_refusals_on("admin.members")
def rename(member_id: int) -> Response:
    name = request_fields().text("name")
    with member_transaction() as conn:
        old = users.get(conn, member_id).name
        users.rename(conn, member_id, name)
        new = users.get(conn, member_id).name
        record_audit(conn, instants.now(), "renamed", member_id, detail=f"{old} → {new}")
    return _done(member_id, _("The name is {name} now."))


@bp.post("/admin/members/<id:member_id>/pin")
@admins_only
@render_refusals_on("admin.members")
def pin(member_id: int) -> Response:
    """Set a member's PIN, or remove it if empty; end the lockout and the member's sessions."""
    if member_id == current_member().id:
        raise Refused("own_pin")  # the profile page asks for the current PIN
    chosen, now = request_fields().text("pin"), instants.now()
    users.get(get_db(), member_id)
    hashed = member_service.hash_new_pin(chosen)
    with member_transaction() as conn:
        member_service.set_pin(conn, member_id, hashed)
        record_audit(conn, now, "pin_reset" if hashed else "pin_removed", member_id)
    message = _("{name} has a new PIN.") if hashed else _("{name} has no PIN any more.")
    return _done(member_id, message)


@bp.post("/admin/members/<id:member_id>/retire")
@admins_only
@render_refusals_on("admin.members")
def retire(member_id: int) -> Response:
    with member_week_transaction() as (conn, week, now):
        if not users.get(conn, member_id).is_retired:
            users.retire(conn, member_id, now)
            sessions.end_all(conn, member_id)
            record_audit(conn, now, "retired", member_id)
            if weeks.open_if_all_nominated(conn, week, now):
                record_audit(conn, now, "voting_opened_early", detail=week.key)
    return _done(member_id, _("{name} has left the household."))


@bp.post("/admin/members/<id:member_id>/bring-back")
@admins_only
@render_refusals_on("admin.members")
def bring_back(member_id: int) -> Response:
    with member_transaction() as conn:
        if users.get(conn, member_id).is_retired:
            users.reactivate(conn, member_id)
            record_audit(conn, instants.now(), "brought_back", member_id)
    return _done(member_id, _("{name} is a member again."))


@bp.post("/admin/members/<id:member_id>/role")
@admins_only
@render_refusals_on("admin.members")
def role(member_id: int) -> Response:
    """Set or unset a member as admin; their sessions end, except the one that makes the request."""
    fields = request_fields()
    if fields.is_empty("admin"):
        raise Refused("missing_field", field="admin")
    is_admin, now, token = fields.flag("admin"), instants.now(), None
    with member_transaction() as conn:
        if member_service.set_admin(conn, member_id, is_admin):
            token = (
                start_session(conn, member_id, now) if member_id == current_member().id else None
            )
            record_audit(conn, now, "made_admin" if is_admin else "unmade_admin", member_id)
    if token:
        set_session_cookie(token, users.get(conn, member_id))
    message = _("{name} is an admin now.") if is_admin else _("{name} is no admin any more.")
    return _done(member_id, message)


@bp.post("/admin/schedule")
@admins_only
@render_refusals_on("admin.members")
def schedule() -> Response:
    fields = request_fields()
    with member_week_transaction() as (conn, _week, now):
        new = schedule_form.schedule(fields, settings.schedule(conn))
        settings.set_schedule(conn, new)
        record_audit(conn, now, "schedule_changed", detail=json.dumps(asdict(new)))
    to = url_for(".members", _anchor="schedule")
    return redirect_or_json(
        to, lambda: {"schedule": asdict(new)}, flash_message=_("The schedule is saved.")
    )


@bp.post("/admin/limits")
@admins_only
@render_refusals_on("admin.members")
def limits() -> Response:
    """Set the limits from the next week on; the row of the current week has its own."""
    new = schedule_form.limits(request_fields())
    with member_week_transaction() as (conn, _week, now):
        settings.set_limits(conn, new)
        record_audit(conn, now, "limits_changed", detail=json.dumps(asdict(new)))
    to = url_for(".members", _anchor="limits")
    return redirect_or_json(
        to, lambda: {"limits": asdict(new)}, flash_message=_("The limits are saved.")
    )


def _done(member_id: int, message: str) -> Response:
    """Redirect to the member on the page, or to the week if the actor is no admin any more."""
    member, actor = users.get(get_db(), member_id), current_member()
    to = url_for(".members", _anchor=f"member-{member_id}")
    if member_id == actor.id and not member.is_admin:
        to = url_for("week.this_week")
    return redirect_or_json(
        to, lambda: {"member": _facts(member)}, flash_message=message.format(name=member.name)
    )


def _facts(member: Member) -> dict[str, Any]:
    return {
        "id": member.id,
        "name": member.name,
        "icon": member.icon,
        "has_pin": member.has_pin,
        "is_admin": member.is_admin,
        "is_retired": member.is_retired,
    }
