"""Linking by a code, wherever it is shown: Trakt's own code stays here, behind a handle."""

import secrets
from dataclasses import dataclass

from flask import current_app

from blueprints.trakt import accounts
from blueprints.trakt.actors import Actor
from db import get_db, trakt_device_codes
from db.trakt_device_codes import DeviceCode
from rules import Refused
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


def begin(actor: Actor) -> tuple[str, DeviceCode]:
    """A handle for whoever waits, and the code that it stands for."""
    household, now = accounts.app_of_household(), instants.now()
    code = device.begin(household, now)
    context = trakt_device_codes.context(actor.user_id)
    sealed = encryption.encrypt(code.device_code, _key(), context)
    row = DeviceCode(sealed, code.user_code, code.url, code.interval, code.expires_at)
    handle = secrets.token_urlsafe(24)
    with actor.transaction() as conn:
        trakt_device_codes.begin(conn, handle, actor.user_id, row, now)
    return handle, row


def look(actor: Actor, handle: str) -> Check:
    """Ask Trakt, if it is time, whether the code was approved; link then. Refused at its end."""
    code, now = open_code(actor.user_id, handle), instants.now()
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
        end(actor, handle)
        raise
    if pair is None:
        return Check(False, code.interval)
    end(actor, handle)  # it works once, whatever becomes of the tokens
    accounts.link(actor, pair)
    return Check(True)


def open_code(user_id: int, handle: str) -> DeviceCode:
    """The member's own code behind a handle, while it lasts."""
    code = trakt_device_codes.get(get_db(), handle, user_id)
    if code is None:
        raise Refused("device_unknown")
    if code.expires_at <= instants.now():
        raise Refused("device_expired")
    return code


def end(actor: Actor, handle: str) -> None:
    with actor.transaction() as conn:
        trakt_device_codes.end(conn, handle)


def _ask(user_id: int, code: DeviceCode) -> Tokens | None:
    context = trakt_device_codes.context(user_id)
    opened = encryption.decrypt(code.device_code, _key(), context)
    return device.poll(accounts.app_of_household(), opened, instants.now())


def _key() -> bytes:
    key: bytes = current_app.config["TRAKT_KEY"]
    return key
