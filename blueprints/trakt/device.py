"""Linking by a code, as the pages and programs of the signed-in member ask for it."""

from flask import Blueprint, Response, jsonify

from blueprints.middleware.limited import asks_trakt, per_second
from blueprints.reading import read
from blueprints.trakt import accounts, actors, codes
from blueprints.trakt.codes import Check
from blueprints.wording import sentences
from rules import Refused
from trakt import device
from utils import instants

bp = Blueprint("trakt_device", __name__)


@bp.post("/trakt/auth/device")
@per_second(2)
@asks_trakt
def begin() -> Response:
    handle, code = codes.begin(actors.signed_in())
    seconds = (code.expires_at - instants.now()).total_seconds()
    return jsonify(
        success=True,
        codeUrl=code.code_url,
        userCode=code.user_code,
        deviceCode=handle,
        expiresIn=int(seconds),
        interval=code.interval,
    )


@bp.post("/trakt/auth/device/check")
@per_second(1)
@asks_trakt
def check() -> Response:
    try:
        found = look(read().text("deviceCode"))
    except Refused as refused:
        if refused.code not in device.ENDS.values():
            raise
        return _ended(refused)
    if found.is_linked:
        return jsonify(success=True, **accounts.done_body())
    return jsonify(success=False, pending=True, interval=found.seconds)


@bp.get("/trakt/association")
@per_second(5)
def association() -> Response:
    return jsonify(associated=accounts.my_link() is not None, **accounts.done_body())


def look(handle: str) -> Check:
    """Whether the signed-in member's code was approved; their first sync begins then."""
    found = codes.look(actors.signed_in(), handle)
    if found.is_linked:
        accounts.sync_soon()
    return found


def _ended(refused: Refused) -> Response:
    """The seed's callers look at `success`, everybody else at the error."""
    status, sentence = sentences.refusal(refused)
    error = {"code": refused.code, "message": sentence}
    answer = jsonify(success=False, pending=False, error=error)
    answer.status_code = status
    return answer
