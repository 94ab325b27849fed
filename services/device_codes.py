"""Linking by a code, wherever it is shown: Trakt's own code stays here, behind a handle."""

import secrets
from dataclasses import dataclass

from flask import current_app

from db import get_db, trakt_device_codes
from db.trakt_device_codes import DeviceCode
from rules import Refused
from services import linking
from services.actors import Actor
from trakt import device
from trakt.oauth import Tokens
from utils import encryption, instants

STEP = 5  # seconds more between two checks, when Trakt says "slow down"


@dataclass(frozen=True)
class Check:
    """`seconds` between two of them; `wait`: those that are left, where it came too early."""

    is_linked: bool
    seconds: int = 0
    wait: int = 0


def request_code(actor: Actor) -> tuple[str, DeviceCode]:
    """A handle for whoever waits, and the code that it stands for."""
    household, now = linking.household_app(), instants.now()
    code = device.request_code(household, now)
    context = trakt_device_codes.context(actor.user_id)
    sealed = encryption.encrypt(code.device_code, _key(), context)
    row = DeviceCode(sealed, code.user_code, code.url, code.interval, code.expires_at)
    handle = secrets.token_urlsafe(24)
    with actor.transaction() as conn:
        trakt_device_codes.create(conn, handle, actor.user_id, row, now)
    return handle, row


def poll_code(actor: Actor, handle: str) -> Check:
    """Ask Trakt, if it is time, whether the code was approved; link then. Refused at its end."""
    code, now = valid_code(actor.user_id, handle), instants.now()
    with actor.transaction() as conn:
        may_ask = trakt_device_codes.claim_check(conn, handle, actor.user_id, now)
    if not may_ask:
        wait = trakt_device_codes.seconds_left(get_db(), handle, now)
        return Check(False, code.interval, wait)
    try:
        pair = _ask(actor.user_id, code)
    except device.TooFast:
        with actor.transaction() as conn:
            trakt_device_codes.slow_down(conn, handle, STEP, instants.now())
        return Check(False, code.interval + STEP, code.interval + STEP)
    except Refused:
        discard_code(actor, handle)
        raise
    if pair is None:
        return Check(False, code.interval)
    discard_code(actor, handle)  # it works once, whatever becomes of the tokens
    linking.link(actor, pair)
    return Check(True)


def valid_code(user_id: int, handle: str) -> DeviceCode:
    """The member's own code behind a handle, while it lasts."""
    code = trakt_device_codes.get(get_db(), handle, user_id)
    if code is None:
        raise Refused("device_unknown")
    if code.expires_at <= instants.now():
        raise Refused("device_expired")
    return code


def discard_code(actor: Actor, handle: str) -> None:
    with actor.transaction() as conn:
        trakt_device_codes.delete(conn, handle)


def _ask(user_id: int, code: DeviceCode) -> Tokens | None:
    context = trakt_device_codes.context(user_id)
    opened = encryption.decrypt(code.device_code, _key(), context)
    return device.poll(linking.household_app(), opened, instants.now())


def _key() -> bytes:
    key: bytes = current_app.config["TRAKT_KEY"]
    return key
