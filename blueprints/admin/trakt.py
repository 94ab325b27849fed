"""The admin's page of the household's Trakt app, sync settings and members' links."""

import json
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, make_response, render_template, url_for

from blueprints.http.auth import admins_only, member_transaction, record_audit
from blueprints.http.errors import render_refusals_on, trakt_error
from blueprints.http.forms import Fields, request_fields
from blueprints.http.limits import limit_trakt_calls, per_second
from blueprints.http.responses import redirect_or_json, wants_json
from db import Connection, get_db, settings, trakt_reservations, users
from rules import Refused
from services import sync_queue, trakt_status
from trakt import accounts, application, checks, oauth
from trakt.errors import TraktError
from utils import instants, messages
from utils.translation import gettext as _

bp = Blueprint("admin_trakt", __name__)
LONGEST_VALUE = 200


@bp.get("/admin/trakt")
@admins_only
def page(error: str = "", problem: str = "") -> Response | str:
    """Show the page; `problem` is the code of `error`, for a link to the guide."""
    facts = _facts(get_db())
    if wants_json():
        return jsonify(facts)
    return render_template("admin/trakt.html", error=error, problem=problem, **facts)


@bp.post("/admin/trakt/app")
@admins_only
@render_refusals_on("admin_trakt.page")
def enter() -> Response:
    """Store the app; an empty secret keeps the stored one if the client id is the same."""
    _require_changeable()
    fields = request_fields()
    client_id, secret = _parse_value(fields, "client_id"), _parse_value(fields, "client_secret")
    if not client_id:
        raise Refused("missing_field", field="client_id")
    with member_transaction() as conn:
        if fields.flag("no_secret"):
            application.delete_secret(conn)
        if secret or not application.is_stored(conn, client_id):
            application.store(conn, client_id, secret, current_app.config["TRAKT_KEY"])
        record_audit(conn, instants.now(), "trakt_app_changed", detail=client_id)
    return _done("app", _("The Trakt app is saved. Check it now."))


@bp.post("/admin/trakt/app/remove")
@admins_only
@render_refusals_on("admin_trakt.page")
def remove() -> Response:
    _require_changeable()
    with member_transaction() as conn:
        application.delete(conn)
        record_audit(conn, instants.now(), "trakt_app_removed")
    return _done("app", _("The Trakt app is removed."))


@bp.post("/admin/trakt/check")
@admins_only
@render_refusals_on("admin_trakt.page")
@per_second(1)
@limit_trakt_calls
def check() -> Response:
    try:
        checks.check_app(application.require(get_db(), current_app.config))
    except (Refused, TraktError) as error:
        return _show_check_error(error)
    return _done("app", _("Trakt answers and takes this app."))


@bp.post("/admin/trakt/settings")
@admins_only
@render_refusals_on("admin_trakt.page")
def choose() -> Response:
    fields = request_fields()
    hours = fields.whole("hours", sync_queue.FEWEST_HOURS, sync_queue.MOST_HOURS)
    shares = fields.flag("share")
    with member_transaction() as conn:
        settings.put(conn, sync_queue.INTERVAL, str(hours))
        settings.put(conn, accounts.SHARING, str(int(shares)))
        detail = json.dumps({"hours": hours, "share": shares})
        record_audit(conn, instants.now(), "trakt_settings_changed", detail=detail)
    return _done("choices", _("Your choices are saved."))


def _require_changeable() -> None:
    if current_app.config["TRAKT_CLIENT_ID"]:
        raise Refused("trakt_app_fixed")


def _parse_value(fields: Fields, name: str) -> str:
    """Return the stripped value; it goes into headers, so it must be printable ASCII."""
    value = fields.text(name, "").strip()
    if len(value) > LONGEST_VALUE or not (value.isascii() and value.isprintable()) or " " in value:
        raise Refused("trakt_value_odd", field=name)
    return value


def _show_check_error(error: Refused | TraktError) -> Response:
    """Show the page with the sentence of a failed check; JSON clients get the error."""
    if wants_json():
        raise error
    if isinstance(error, TraktError):
        status, _sentence = trakt_error(error)
        sentence = messages.trakt_app_check(error.code)
    else:
        status, sentence = messages.refusal(error.code, error.values)
    return make_response(page(error=sentence, problem=error.code), status)


def _done(anchor: str, message: str) -> Response:
    return redirect_or_json(
        url_for(".page", _anchor=anchor), lambda: _facts(get_db()), flash_message=message
    )


def _facts(conn: Connection) -> dict[str, Any]:
    """Return the page's data, never the secret itself."""
    names = {member.id: member.name for member in users.list_all(conn)}
    return {
        "app": _app(conn),
        "members": [
            {
                "id": member.id,
                "name": member.name,
                "icon": member.icon,
                **trakt_status.facts(conn, member.id),
            }
            for member in users.list_active(conn)
        ],
        "reservations": [
            {
                "id": reservation.id,
                "traktSlug": reservation.trakt_slug,
                "user": names[reservation.user_id],
            }
            for reservation in trakt_reservations.all_reservations(conn)
        ],
        "hours": int(sync_queue.sync_interval(conn).total_seconds() // 3600),
        "share": settings.get(conn, accounts.SHARING) == "1",
    }


def _app(conn: Connection) -> dict[str, Any]:
    config = current_app.config
    household = application.load(conn, config)
    is_fixed = bool(config["TRAKT_CLIENT_ID"])
    return {
        "client_id": household.client_id if household else None,
        "has_secret": bool(config["TRAKT_CLIENT_SECRET"])
        if is_fixed
        else application.has_secret(conn),
        "is_from_environment": is_fixed,
        "redirect_uri": application.redirect_uri(config),
        "out_of_band": oauth.OUT_OF_BAND,
    }
