"""Linking and unlinking the signed-in member: what both ways of linking end in."""

from typing import Any

from flask import current_app

from blueprints import audited
from blueprints.gate import as_me, me
from blueprints.trakt import syncing
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


def link(pair: Tokens) -> None:
    """Keep new tokens for whoever is signed in; Refused when the account is not for them."""
    found = linking.account(app_of_household(), pair.access)
    sealed, now = tokens.seal(pair, current_app.config["TRAKT_KEY"], me().id), instants.now()
    try:
        with as_me() as conn:
            linking.keep(conn, me().id, sealed, found, now)
            name = found.username if found else ""
            audited.note(conn, now, "linked", me().id, detail=name)
    except Refused as refused:
        if refused.code in linking.REFUSALS:
            with as_me() as conn:
                audited.note(conn, now, "link_refused", me().id, detail=refused.code)
        raise
    # The badges of a new link need not wait for the clock; a run of the former link gives up.
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
