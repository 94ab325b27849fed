"""Linking a member's Trakt account, by sign-in or by device code, and unlinking it."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app

from db import Connection, audit, trakt_auth, trakt_device_codes, transaction, users
from db.trakt_device_codes import DeviceCode
from rules import Refused
from trakt import accounts, application, device, oauth, tokens
from trakt.application import Application
from trakt.errors import TraktError
from trakt.oauth import Tokens
from utils import encryption, instants

SLOW_DOWN = 5  # seconds added between two polls when Trakt says "slow down"


@dataclass(frozen=True)
class Actor:
    """Who links an account to a member: themselves in a browser, or the owner of the machine."""

    user_id: int
    recheck: Callable[[Connection], None]  # in each transaction: Refused once they may no longer
    record: Callable[..., None]  # like audit.note


@dataclass(frozen=True)
class Poll:
    """The answer to one poll of a device code.

    `interval` is in seconds between two polls, `wait` what is left of it where this one came early.
    """

    is_linked: bool
    interval: int = 0
    wait: int = 0


def owner_of_machine(user_id: int) -> Actor:
    """Return the actor of the command line, where nobody is signed in."""

    def recheck(conn: Connection) -> None:
        member = users.get(conn, user_id)
        if member.is_retired:
            raise Refused("retired", name=member.name)

    return Actor(user_id, recheck, audit.note)


def household_app(conn: Connection) -> Application:
    """Return the household's Trakt app; raises NotConfigured."""
    return application.require(conn, current_app.config)


def link(conn: Connection, actor: Actor, pair: Tokens) -> None:
    """Store a member's new tokens; Refused when the account is not for them."""
    user_id = actor.user_id
    account = accounts.fetch_account(household_app(conn), pair.access)
    sealed, now = tokens.seal(pair, _key(), user_id), instants.now()
    try:
        with transaction(conn):
            actor.recheck(conn)
            accounts.store_link(conn, user_id, sealed, account, now)
            name = account.username if account else ""
            actor.record(conn, now, "linked", subject_id=user_id, detail=name)
    except Refused as refused:
        if refused.code in accounts.REFUSALS:
            with transaction(conn):
                actor.recheck(conn)
                detail = refused.code
                actor.record(conn, now, "link_refused", subject_id=user_id, detail=detail)
        raise


def unlink(conn: Connection, actor: Actor) -> None:
    """Delete the link and what was read through it, then revoke its token at Trakt if possible."""
    former = trakt_auth.get(conn, actor.user_id)
    if former is None:
        raise Refused("trakt_not_linked")
    try:
        access = tokens.decrypt_token(former, "access_token", _key())
    except TraktError:
        access = None
    now = instants.now()
    with transaction(conn):
        actor.recheck(conn)
        trakt_auth.delete(conn, actor.user_id, now)
        actor.record(conn, now, "unlinked", subject_id=actor.user_id, detail=former.username or "")
    household = application.load(conn, current_app.config)
    if household and access:
        oauth.revoke(household, access)


def association(conn: Connection, user_id: int) -> dict[str, Any]:
    """Return the account of a link in the words of the seed's endpoints."""
    link = trakt_auth.get(conn, user_id)
    return {
        "traktUsername": link.username if link else None,
        "traktSlug": link.slug if link else None,
    }


def request_code(conn: Connection, actor: Actor) -> tuple[str, DeviceCode]:
    """Ask Trakt for a device code; return the handle that stands for it, and the row."""
    now = instants.now()
    code = device.request_code(household_app(conn), now)
    context = trakt_device_codes.context(actor.user_id)
    sealed = encryption.encrypt(code.device_code, _key(), context)
    row = DeviceCode(sealed, code.user_code, code.url, code.interval, code.expires_at)
    handle = secrets.token_urlsafe(24)
    with transaction(conn):
        actor.recheck(conn)
        trakt_device_codes.create(conn, handle, actor.user_id, row, now)
    return handle, row


def poll_code(conn: Connection, actor: Actor, handle: str) -> Poll:
    """Ask Trakt, if its interval is over, whether the code was approved, and link then.

    Refused when the code has ended or the account is not for this member.
    """
    code, now = valid_code(conn, actor.user_id, handle), instants.now()
    with transaction(conn):
        actor.recheck(conn)
        may_ask = trakt_device_codes.claim_check(conn, handle, actor.user_id, now)
    if not may_ask:
        wait = trakt_device_codes.seconds_left(conn, handle, now)
        return Poll(False, code.interval, wait)
    try:
        pair = _poll(conn, actor.user_id, code, now)
    except device.TooFast:
        with transaction(conn):
            actor.recheck(conn)
            trakt_device_codes.slow_down(conn, handle, SLOW_DOWN, instants.now())
        return Poll(False, code.interval + SLOW_DOWN, code.interval + SLOW_DOWN)
    except Refused:
        discard_code(conn, actor, handle)
        raise
    if pair is None:
        return Poll(False, code.interval)
    discard_code(conn, actor, handle)  # it works once, whatever becomes of the tokens
    link(conn, actor, pair)
    return Poll(True)


def valid_code(conn: Connection, user_id: int, handle: str) -> DeviceCode:
    """Return a member's own code while it lasts; Refused otherwise."""
    code = trakt_device_codes.get(conn, handle, user_id)
    if code is None:
        raise Refused("device_unknown")
    if code.expires_at <= instants.now():
        raise Refused("device_expired")
    return code


def discard_code(conn: Connection, actor: Actor, handle: str) -> None:
    with transaction(conn):
        actor.recheck(conn)
        trakt_device_codes.delete(conn, handle)


def _poll(conn: Connection, user_id: int, code: DeviceCode, now: datetime) -> Tokens | None:
    context = trakt_device_codes.context(user_id)
    device_code = encryption.decrypt(code.device_code, _key(), context)
    return device.poll(household_app(conn), device_code, now)


def _key() -> bytes:
    key: bytes = current_app.config["TRAKT_KEY"]
    return key
