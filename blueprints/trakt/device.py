"""Linking by a code, as the pages and programs of the signed-in member ask for it."""

from flask import Blueprint, Response, jsonify

from blueprints.http.forms import request_fields
from blueprints.http.limits import limit_trakt_calls, per_second
from rules import Refused
from services import actors, device_codes, linking, messages_sentences
from services.device_codes import Check
from trakt import device
from utils import instants

bp = Blueprint("trakt_device", __name__)


@bp.post("/trakt/auth/device")
@per_second(2)
@limit_trakt_calls
def begin() -> Response:
    handle, code = device_codes.request_code(actors.current_member_actor())
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
@limit_trakt_calls
def check() -> Response:
    try:
        found = look(request_fields().text("deviceCode"))
    except Refused as refused:
        if refused.code not in device.ENDS.values():
            raise
        return _ended(refused)
    if found.is_linked:
        return jsonify(success=True, **linking.association_body())
    return jsonify(success=False, pending=True, interval=found.seconds)


@bp.get("/trakt/association")
@per_second(5)
def association() -> Response:
    return jsonify(associated=linking.current_link() is not None, **linking.association_body())


def look(handle: str) -> Check:
    """Whether the signed-in member's code was approved; their first sync begins then."""
    found = device_codes.poll_code(actors.current_member_actor(), handle)
    if found.is_linked:
        linking.enqueue_first_sync()
    return found


def _ended(refused: Refused) -> Response:
    """The seed's callers look at `success`, everybody else at the error."""
    status, sentence = messages_sentences.refusal(refused)
    error = {"code": refused.code, "message": sentence}
    answer = jsonify(success=False, pending=False, error=error)
    answer.status_code = status
    return answer
