"""Linking by a code: what a page of ours, or a program, asks for. Trakt's own code stays here."""

import secrets
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, current_app, jsonify

from blueprints.gate import as_me, me
from blueprints.middleware.limited import asks_trakt, per_second
from blueprints.reading import read
from blueprints.trakt import accounts
from blueprints.wording import sentences
from db import get_db, trakt_device_codes
from db.trakt_device_codes import DeviceCode
from rules import Refused
from trakt import device
from trakt.oauth import Tokens
from utils import encryption, instants

bp = Blueprint("trakt_device", __name__)
STEP = 5  # seconds more between two checks, when Trakt says "slow down"


@dataclass(frozen=True)
class Check:
    """`seconds` between two of them; `wait`: those that are left, where it came too early."""

    is_linked: bool
    seconds: int = 0
    wait: int = 0


@bp.post("/trakt/auth/device")
@per_second(2)
@asks_trakt
def begin() -> Response:
    handle, code = new_code()
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


def new_code() -> tuple[str, DeviceCode]:
    """A handle for the browser, and the code that it stands for."""
    household, now = accounts.app_of_household(), instants.now()
    code = device.begin(household, now)
    sealed = encryption.encrypt(code.device_code, _key(), trakt_device_codes.context(me().id))
    row = DeviceCode(sealed, code.user_code, code.url, code.interval, code.expires_at)
    handle = secrets.token_urlsafe(24)
    with as_me() as conn:
        trakt_device_codes.begin(conn, handle, me().id, row, now)
    return handle, row


def look(handle: str) -> Check:
    """Ask Trakt, if it is time, whether the code was approved; link then. Refused at its end."""
    code, now = open_code(handle), instants.now()
    with as_me() as conn:
        may_ask = trakt_device_codes.claim_check(conn, handle, me().id, now)
    if not may_ask:
        wait = trakt_device_codes.seconds_left(get_db(), handle, now)
        return Check(False, code.interval, wait)
    try:
        pair = _ask(code)
    except device.TooFast:
        with as_me() as conn:
            trakt_device_codes.slow_down(conn, handle, STEP, instants.now())
        return Check(False, code.interval + STEP, code.interval + STEP)
    except Refused:
        _end(handle)
        raise
    if pair is None:
        return Check(False, code.interval)
    _end(handle)  # it works once, whatever becomes of the tokens
    accounts.link(pair)
    return Check(True)


def open_code(handle: str) -> DeviceCode:
    """The member's own code behind a handle, while it lasts."""
    code = trakt_device_codes.get(get_db(), handle, me().id)
    if code is None:
        raise Refused("device_unknown")
    if code.expires_at <= instants.now():
        raise Refused("device_expired")
    return code


def _ask(code: DeviceCode) -> Tokens | None:
    opened = encryption.decrypt(code.device_code, _key(), trakt_device_codes.context(me().id))
    return device.poll(accounts.app_of_household(), opened, instants.now())


def _end(handle: str) -> None:
    with as_me() as conn:
        trakt_device_codes.end(conn, handle)


def _ended(refused: Refused) -> Response:
    """The seed's callers look at `success`, everybody else at the error."""
    status, sentence = sentences.refusal(refused)
    error = {"code": refused.code, "message": sentence}
    answer = jsonify(success=False, pending=False, error=error)
    answer.status_code = status
    return answer


def _key() -> bytes:
    key: Any = current_app.config["TRAKT_KEY"]
    return bytes(key)
