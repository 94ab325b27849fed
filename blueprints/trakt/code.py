"""The page for linking by a code: big letters, a QR code, and a look whether it was approved."""

from flask import Blueprint, Response, make_response, render_template, url_for

from blueprints.http.auth import current_member
from blueprints.http.errors import render_refusals_on
from blueprints.http.forms import query_text
from blueprints.http.limits import limit_trakt_calls, per_second
from blueprints.http.responses import redirect_or_json, wants_json
from blueprints.trakt import device
from blueprints.trakt.linking import failed
from rules import Refused
from services import actors, device_codes, messages_sentences
from trakt.errors import TraktError
from utils import qr_code
from utils.translation import gettext as _
from utils.translation import ngettext

bp = Blueprint("trakt_code", __name__)


@bp.post("/settings/trakt/code")
@per_second(2)
@limit_trakt_calls
def new() -> Response:
    try:
        handle, _code = device_codes.request_code(actors.current_member_actor())
    except (Refused, TraktError) as error:
        return failed(error)
    return redirect_or_json(url_for(".page", handle=handle))


@bp.get("/settings/trakt/code/<handle>")
def page(handle: str, error: str = "") -> Response:
    """A code that has ended is shown no more; what happened and a button for a new one are."""
    code, status = None, 200
    try:
        code = device_codes.valid_code(current_member().id, handle)
    except Refused as refused:
        if wants_json():
            raise
        status, sentence = messages_sentences.refusal(refused)
        error = error or sentence
    is_waiting = bool(query_text("waiting"))
    shown = render_template(
        "trakt/code.html", code=code, handle=handle, is_waiting=is_waiting, error=error
    )
    return make_response(shown, status)


@bp.post("/settings/trakt/code/<handle>/check")
@render_refusals_on(page)
@limit_trakt_calls
def check(handle: str) -> Response:
    """With scripts off, somebody presses for it."""
    found = device.look(handle)
    if found.is_linked:
        return redirect_or_json(
            url_for("settings.profile", _anchor="trakt"), said=_("Your Trakt is linked.")
        )
    if found.wait:
        return redirect_or_json(url_for(".page", handle=handle), said=_too_early(found.wait))
    return redirect_or_json(url_for(".page", handle=handle, waiting=1))


@bp.get("/settings/trakt/code/<handle>/qr.svg")
def qr(handle: str) -> Response:
    """Of the address where the code is typed."""
    return qr_code.svg_response(device_codes.valid_code(current_member().id, handle).code_url)


def _too_early(seconds: int) -> str:
    text = ngettext(
        "Trakt wants a pause between two looks. Press again in {n} second.",
        "Trakt wants a pause between two looks. Press again in {n} seconds.",
        seconds,
    )
    return text.format(n=seconds)
