"""The page for linking by a code: big letters, a QR code, and a look whether it was approved."""

from flask import Blueprint, Response, make_response, render_template, url_for

from blueprints.answers import done, wants_json
from blueprints.errors import shown_on
from blueprints.gate import me
from blueprints.household import qr_code
from blueprints.middleware.limited import asks_trakt, per_second
from blueprints.reading import query
from blueprints.trakt import actors, codes, device
from blueprints.trakt.linking import failed
from blueprints.wording import sentences
from rules import Refused
from trakt.errors import TraktError
from utils.translation import gettext as _
from utils.translation import ngettext

bp = Blueprint("trakt_code", __name__)


@bp.post("/settings/trakt/code")
@per_second(2)
@asks_trakt
def new() -> Response:
    try:
        handle, _code = codes.begin(actors.signed_in())
    except (Refused, TraktError) as error:
        return failed(error)
    return done(url_for(".page", handle=handle))


@bp.get("/settings/trakt/code/<handle>")
def page(handle: str, error: str = "") -> Response:
    """A code that has ended is shown no more; what happened and a button for a new one are."""
    code, status = None, 200
    try:
        code = codes.open_code(me().id, handle)
    except Refused as refused:
        if wants_json():
            raise
        status, sentence = sentences.refusal(refused)
        error = error or sentence
    is_waiting = bool(query("waiting"))
    shown = render_template(
        "trakt/code.html", code=code, handle=handle, is_waiting=is_waiting, error=error
    )
    return make_response(shown, status)


@bp.post("/settings/trakt/code/<handle>/check")
@shown_on(page)
@asks_trakt
def check(handle: str) -> Response:
    """With scripts off, somebody presses for it."""
    found = device.look(handle)
    if found.is_linked:
        return done(url_for("settings.profile", _anchor="trakt"), said=_("Your Trakt is linked."))
    if found.wait:
        return done(url_for(".page", handle=handle), said=_too_early(found.wait))
    return done(url_for(".page", handle=handle, waiting=1))


@bp.get("/settings/trakt/code/<handle>/qr.svg")
def qr(handle: str) -> Response:
    """Of the address where the code is typed."""
    return qr_code.picture(codes.open_code(me().id, handle).code_url)


def _too_early(seconds: int) -> str:
    text = ngettext(
        "Trakt wants a pause between two looks. Press again in {n} second.",
        "Trakt wants a pause between two looks. Press again in {n} seconds.",
        seconds,
    )
    return text.format(n=seconds)
