"""Linking by a device code, as a page with a QR code and as JSON."""

from flask import Blueprint, Response, jsonify, make_response, render_template, url_for

from blueprints.http.auth import current_member
from blueprints.http.errors import render_refusals_on
from blueprints.http.forms import query_text, request_fields
from blueprints.http.limits import limit_trakt_calls, per_second
from blueprints.http.responses import redirect_or_json, wants_json
from blueprints.trakt.linking import current_actor, failed
from db import get_db, trakt_auth
from rules import Refused
from services import linking, sync_queue
from trakt import device
from trakt.errors import TraktError
from utils import instants, messages, qr_code
from utils.translation import gettext as _
from utils.translation import ngettext

bp = Blueprint("trakt_device", __name__)


@bp.post("/trakt/auth/device")
@bp.post("/settings/trakt/code")
@per_second(2)
@limit_trakt_calls
def request_code() -> Response:
    try:
        handle, code = linking.request_code(get_db(), current_actor())
    except (Refused, TraktError) as error:
        return failed(error)
    seconds = (code.expires_at - instants.now()).total_seconds()
    body = {
        "success": True,
        "codeUrl": code.code_url,
        "userCode": code.user_code,
        "deviceCode": handle,
        "expiresIn": int(seconds),
        "interval": code.interval,
    }
    return redirect_or_json(url_for(".page", handle=handle), lambda: body)


@bp.get("/settings/trakt/code/<handle>")
def page(handle: str, error: str = "") -> Response:
    """Show a code, or why it has ended with a button for a new one."""
    code, status = None, 200
    try:
        code = linking.valid_code(get_db(), current_member().id, handle)
    except Refused as refused:
        if wants_json():
            raise
        status, sentence = messages.refusal(refused.code, refused.values)
        error = error or sentence
    is_waiting = bool(query_text("waiting"))
    html = render_template(
        "trakt/code.html", code=code, handle=handle, is_waiting=is_waiting, error=error
    )
    return make_response(html, status)


@bp.post("/trakt/auth/device/check")
@per_second(1)
@limit_trakt_calls
def check() -> Response:
    """Poll the code as JSON; clients of the old app read `success` even after it has ended."""
    try:
        poll = _poll(request_fields().text("deviceCode"))
    except Refused as refused:
        if refused.code not in device.END_CODES.values():
            raise
        status, sentence = messages.refusal(refused.code, refused.values)
        error = {"code": refused.code, "message": sentence}
        return make_response(jsonify(success=False, pending=False, error=error), status)
    if poll.is_linked:
        return jsonify(success=True, **linking.association(get_db(), current_member().id))
    return jsonify(success=False, pending=True, interval=poll.interval)


@bp.post("/settings/trakt/code/<handle>/check")
@render_refusals_on("trakt_device.page")
@limit_trakt_calls
def check_by_hand(handle: str) -> Response:
    """Poll the code for a browser without scripts."""
    poll = _poll(handle)
    if poll.is_linked:
        to = url_for("settings.profile", _anchor="trakt")
        return redirect_or_json(to, flash_message=_("Your Trakt is linked."))
    if poll.wait:
        to = url_for(".page", handle=handle)
        return redirect_or_json(to, flash_message=_too_early_message(poll.wait))
    return redirect_or_json(url_for(".page", handle=handle, waiting=1))


@bp.get("/settings/trakt/code/<handle>/qr.svg")
def qr(handle: str) -> Response:
    """Return the QR code of the address where the code is typed."""
    code = linking.valid_code(get_db(), current_member().id, handle)
    return Response(qr_code.svg(code.code_url), mimetype="image/svg+xml")


@bp.get("/trakt/association")
@per_second(5)
def association() -> Response:
    conn, user_id = get_db(), current_member().id
    is_linked = trakt_auth.get(conn, user_id) is not None
    return jsonify(associated=is_linked, **linking.association(conn, user_id))


def _poll(handle: str) -> linking.Poll:
    """Poll the current member's code, and enqueue the first sync once it is approved."""
    poll = linking.poll_code(get_db(), current_actor(), handle)
    if poll.is_linked:
        sync_queue.enqueue_sync(current_member().id, joins=False)
    return poll


def _too_early_message(seconds: int) -> str:
    text = ngettext(
        "Trakt wants a pause between two looks. Press again in {n} second.",
        "Trakt wants a pause between two looks. Press again in {n} seconds.",
        seconds,
    )
    return text.format(n=seconds)
