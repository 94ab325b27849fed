"""The page for linking by a code: big letters, a QR code, and a look whether it was approved."""

import io
from gettext import gettext as _

from flask import Blueprint, Response, make_response, render_template, url_for

from blueprints import sentences, trakt_device
from blueprints.answers import done, wants_json
from blueprints.errors import shown_on
from blueprints.limited import asks_trakt, per_second
from blueprints.reading import query
from blueprints.trakt_linking import failed
from rules import Refused
from trakt.errors import TraktError

bp = Blueprint("trakt_code", __name__)


@bp.post("/settings/trakt/code")
@per_second(2)
@asks_trakt
def new() -> Response:
    try:
        handle, _code = trakt_device.new_code()
    except (Refused, TraktError) as error:
        return failed(error)
    return done(url_for(".page", handle=handle))


@bp.get("/settings/trakt/code/<handle>")
def page(handle: str, error: str = "") -> Response:
    """A code that has ended is shown no more; what happened and a button for a new one are."""
    code, status = None, 200
    try:
        code = trakt_device.open_code(handle)
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
    if trakt_device.look(handle).is_linked:
        return done(url_for("settings.profile", _anchor="trakt"), said=_("Your Trakt is linked."))
    return done(url_for(".page", handle=handle, waiting=1))


@bp.get("/settings/trakt/code/<handle>/qr.svg")
def qr(handle: str) -> Response:
    """Of the address where the code is typed; black on white, whatever the colours around it."""
    import segno

    picture = io.BytesIO()
    address = segno.make(trakt_device.open_code(handle).code_url, error="m", micro=False)
    address.save(picture, kind="svg", scale=8, border=4, light="#fff", xmldecl=False)
    return Response(picture.getvalue(), mimetype="image/svg+xml")
