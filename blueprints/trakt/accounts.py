"""Linking and unlinking: what every way of linking ends in."""

from typing import Any

from flask import current_app

from blueprints import audited
from blueprints.gate import as_me, me
from blueprints.trakt import actors, syncing
from blueprints.trakt.actors import Actor
from db import get_db, trakt_auth
from db.trakt_auth import Link
from rules import Refused
from trakt import application, linking, oauth, tokens
from trakt.application import Application
from trakt.errors import TraktError
from trakt.oauth import Tokens
from utils import instants


def app_of_household() -> Application:
    """Raises NotConfigured while there is none."""
    return application.must_load(get_db(), current_app.config)


def link_mine(pair: Tokens) -> None:
    """For whoever is signed in."""
    link(actors.signed_in(), pair)
    sync_soon()


def link(actor: Actor, pair: Tokens) -> None:
    """Keep new tokens for a member; Refused when the account is not for them."""
    user_id = actor.user_id
    found = linking.account(app_of_household(), pair.access)
    sealed, now = tokens.seal(pair, current_app.config["TRAKT_KEY"], user_id), instants.now()
    try:
        with actor.transaction() as conn:
            linking.keep(conn, user_id, sealed, found, now)
            name = found.username if found else ""
            actor.note(conn, now, "linked", subject_id=user_id, detail=name)
    except Refused as refused:
        if refused.code in linking.REFUSALS:
            with actor.transaction() as conn:
                actor.note(conn, now, "link_refused", subject_id=user_id, detail=refused.code)
        raise


def sync_soon() -> None:
    """The badges of a new link need not wait for the clock; a run of the former link gives up."""
    syncing.ask(me().id, joins=False)


def unlink() -> None:
    """Wipe first; whether Trakt hears of it comes second."""
    former = my_link()
    if former is None:
        raise Refused("trakt_not_linked")
    access = _access(former)
    now = instants.now()
    with as_me() as conn:
        trakt_auth.forget(conn, me().id, now)
        audited.note(conn, now, "unlinked", me().id, detail=former.username or "")
    household = application.load(get_db(), current_app.config)
    if household and access:
        oauth.revoke(household, access)


def my_link() -> Link | None:
    return trakt_auth.get(get_db(), me().id)


def done_body() -> dict[str, Any]:
    """What the seed's endpoints say of a link."""
    now_linked = my_link()
    return {
        "traktUsername": now_linked.username if now_linked else None,
        "traktSlug": now_linked.slug if now_linked else None,
    }


def _access(former: Link) -> str | None:
    try:
        return tokens.opened(former, "access_token", current_app.config["TRAKT_KEY"])
    except TraktError:
        return None
