"""Linking and unlinking: what every way of linking ends in."""

from typing import Any

from flask import current_app

from blueprints.http import auth
from blueprints.http.auth import current_member, member_transaction
from db import get_db, trakt_auth
from db.trakt_auth import Link
from rules import Refused
from services import actors, sync_queue
from services.actors import Actor
from trakt import accounts, application, oauth, tokens
from trakt.application import Application
from trakt.errors import TraktError
from trakt.oauth import Tokens
from utils import instants


def household_app() -> Application:
    """Raises NotConfigured while there is none."""
    return application.must_load(get_db(), current_app.config)


def link_current_member(pair: Tokens) -> None:
    """For whoever is signed in."""
    link(actors.current_member_actor(), pair)
    enqueue_first_sync()


def link(actor: Actor, pair: Tokens) -> None:
    """Keep new tokens for a member; Refused when the account is not for them."""
    user_id = actor.user_id
    found = accounts.fetch_account(household_app(), pair.access)
    sealed, now = tokens.seal(pair, current_app.config["TRAKT_KEY"], user_id), instants.now()
    try:
        with actor.transaction() as conn:
            accounts.store_link(conn, user_id, sealed, found, now)
            name = found.username if found else ""
            actor.note(conn, now, "linked", subject_id=user_id, detail=name)
    except Refused as refused:
        if refused.code in accounts.REFUSALS:
            with actor.transaction() as conn:
                actor.note(conn, now, "link_refused", subject_id=user_id, detail=refused.code)
        raise


def enqueue_first_sync() -> None:
    """The badges of a new link need not wait for the clock; a run of the former link gives up."""
    sync_queue.enqueue_sync(current_member().id, joins=False)


def unlink() -> None:
    """Wipe first; whether Trakt hears of it comes second."""
    former = current_link()
    if former is None:
        raise Refused("trakt_not_linked")
    access = _access(former)
    now = instants.now()
    with member_transaction() as conn:
        trakt_auth.delete(conn, current_member().id, now)
        auth.record_audit(conn, now, "unlinked", current_member().id, detail=former.username or "")
    household = application.load(get_db(), current_app.config)
    if household and access:
        oauth.revoke(household, access)


def current_link() -> Link | None:
    return trakt_auth.get(get_db(), current_member().id)


def association_body() -> dict[str, Any]:
    """What the seed's endpoints say of a link."""
    now_linked = current_link()
    return {
        "traktUsername": now_linked.username if now_linked else None,
        "traktSlug": now_linked.slug if now_linked else None,
    }


def _access(former: Link) -> str | None:
    try:
        return tokens.decrypt_token(former, "access_token", current_app.config["TRAKT_KEY"])
    except TraktError:
        return None
