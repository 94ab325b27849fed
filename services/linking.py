"""Linking of a member's Trakt account, by sign-in or device code, and unlinking."""

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
    """A member in a browser, or the owner of the machine, who links an account to a member."""

    user_id: int
    recheck: Callable[[Connection], None]  # raises Refused; called in each transaction
    record: Callable[..., None]  # like audit.note


@dataclass(frozen=True)
class Poll:
    """Result of polling a device code.

    `interval` is the seconds between two polls, `wait` its rest if this poll came too early.
    """

    is_linked: bool
    interval: int = 0
    wait: int = 0


def owner_of_machine(user_id: int) -> Actor:
    """Return the actor of the command line, where no one is signed in."""

    def recheck(conn: Connection) -> None:
        member = users.get(conn, user_id)
        if member.is_retired:
            raise Refused("retired", name=member.name)

    return Actor(user_id, recheck, audit.add)


def household_app(conn: Connection) -> Application:
    """Return the household's Trakt app; raises NotConfigured."""
    return application.require(conn, current_app.config)


def link(conn: Connection, actor: Actor, pair: Tokens) -> None:
    """Store a member's new tokens; raises Refused if the member may not have the account."""
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
    """Return the linked account with the field names of the API."""
    link = trakt_auth.get(conn, user_id)
    return {
        "traktUsername": link.username if link else None,
        "traktSlug": link.slug if link else None,
    }


def request_code(conn: Connection, actor: Actor) -> tuple[str, DeviceCode]:
    """Request a device code from Trakt; return its handle in our URLs, and its row."""
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
    """Poll Trakt unless it is too early, and link the account once the code is approved.

    Raises Refused if the code has ended or the member may not have the account.
    """
    code, now = valid_code(conn, actor.user_id, handle), instants.now()
    with transaction(conn):
        actor.recheck(conn)
        is_due = trakt_device_codes.claim_check(conn, handle, actor.user_id, now)
    if not is_due:
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
    discard_code(conn, actor, handle)  # it works only once, even if linking fails
    link(conn, actor, pair)
    return Poll(True)


def valid_code(conn: Connection, user_id: int, handle: str) -> DeviceCode:
    """Return a member's own code; raises Refused if it is unknown or has expired."""
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
