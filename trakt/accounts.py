"""Whose account a member's new tokens lead to, and whether this member may have it.

A refused account's tokens are dropped without revoking them: nobody promises that this would
leave alone the tokens of the member who has that account.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db import Connection, audit, settings, trakt_auth, trakt_reservations, transaction
from db.trakt_auth import Link, SealedPair
from rules import Refused
from trakt import tokens
from trakt.application import Application
from trakt.client import Client
from trakt.errors import InvalidResponse, LinkRevoked, TraktError
from utils import instants

log = logging.getLogger(__name__)
SHARING = "share_trakt_accounts"  # a setting: "1" lets two members link one account
TIMEOUT = 8.0  # seconds; what does not come now comes with the next `keep_fresh`
REFUSALS = ("trakt_account_taken", "trakt_account_reserved")


LONGEST = 200


@dataclass(frozen=True)
class Profile:
    username: str
    slug: str
    uuid: str
    is_vip: bool
    limits: Mapping[str, Any]


def fetch_profile(client: Client) -> Profile:
    """Of the member the client acts for; raises TraktError, Garbage without a name or uuid."""
    settings = client.get("/users/settings")
    try:
        user = settings["user"]
        ids = user["ids"]
        username, uuid = _text(user["username"]), _text(ids["uuid"])
        slug = _text(ids.get("slug") or username)
    except (KeyError, TypeError, AttributeError, ValueError):
        raise InvalidResponse("profile") from None
    limits = settings.get("limits")
    is_vip = any(user.get(name) is True for name in ("vip", "vip_ep", "vip_og"))
    return Profile(username, slug, uuid, is_vip, limits if isinstance(limits, dict) else {})


def _text(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST:
        raise ValueError
    return value


def fetch_account(application: Application, access_token: str) -> Profile | None:
    """None when Trakt cannot tell just now: the link is kept, and `keep_fresh` asks again."""

    def only(stale: str | None) -> str:
        if stale is None:
            return access_token
        raise LinkRevoked("a new token was refused")

    try:
        return fetch_profile(Client(application, only, deadline=TIMEOUT))
    except TraktError as error:
        log.warning("Trakt did not tell whose account was linked: %s", error.code)
        return None


def store_link(
    conn: Connection, user_id: int, pair: SealedPair, found: Profile | None, now: datetime
) -> None:
    """Store a new link; Refused when the account is not for them."""
    if found:
        _check_allowed(conn, user_id, found, now)
    former = trakt_auth.get(conn, user_id)
    if former and former.uuid and not (found and found.uuid == former.uuid):
        trakt_auth.delete(conn, user_id, now)  # what was read through it is another account's
    trakt_auth.store_link(conn, user_id, pair, now)
    if found:
        _store_account(conn, user_id, found)


def refresh_link(
    conn: Connection, config: Mapping[str, Any], application: Application, user_id: int
) -> None:
    """Refresh the tokens if it is time, and read the profile; raises TraktError.

    Until the account is known, the link is not ready: two members might have the same one.
    """
    asked = trakt_auth.get(conn, user_id)
    token = tokens.token_source(conn, config, application, user_id)
    found = fetch_profile(Client(application, token, member=user_id))
    with transaction(conn):
        link = trakt_auth.get(conn, user_id)
        if link and asked and link.created_at == asked.created_at:  # not linked anew meanwhile
            _update_account(conn, link, found)


def _update_account(conn: Connection, link: Link, found: Profile) -> None:
    """A link that finds its account taken keeps its tokens: an admin may yet allow sharing."""
    now = instants.now()
    try:
        if link.uuid != found.uuid:
            _check_allowed(conn, link.user_id, found, now)
    except Refused as refused:
        trakt_auth.set_problem(conn, link, refused.code, now)
        if refused.code != link.problem:
            audit.note(conn, now, "link_refused", subject_id=link.user_id, detail=refused.code)
        return
    if link.problem in REFUSALS:
        trakt_auth.set_problem(conn, link, None, now)
    _store_account(conn, link.user_id, found)


def _check_allowed(conn: Connection, user_id: int, found: Profile, now: datetime) -> None:
    """Refuses an account that is kept for, or linked by, somebody else of the household."""
    if trakt_reservations.is_for_another(conn, found.slug, user_id):
        raise Refused("trakt_account_reserved")
    for other_id, has_left in trakt_auth.other_members_of_account(conn, found.uuid, user_id):
        if has_left:
            trakt_auth.delete(conn, other_id, now)
        elif settings.get(conn, SHARING) != "1":
            raise Refused("trakt_account_taken")


def _store_account(conn: Connection, user_id: int, found: Profile) -> None:
    trakt_auth.set_account(
        conn,
        user_id,
        username=found.username,
        slug=found.slug,
        uuid=found.uuid,
        is_vip=found.is_vip,
        limits=found.limits,
    )
