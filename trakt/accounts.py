"""Trakt accounts of linked members: the profile, and which member may link it.

The tokens of a refused account are dropped without revoking them: Trakt does not promise that this
would spare the tokens of the member who is linked to that account.
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
TIMEOUT = 8.0  # seconds; a profile that takes longer is fetched later, by `refresh_link`
REFUSALS = ("trakt_account_taken", "trakt_account_reserved")
LONGEST_NAME = 200


class AccountGuard:
    """The account that a member had when a run started, to be checked in each of its transactions.

    What was read from one account must not be written to a member who has unlinked it meanwhile.
    """

    def __init__(self, conn: Connection, user_id: int) -> None:
        self.conn, self.user_id = conn, user_id
        self._account = trakt_auth.account(conn, user_id)

    def is_same_account(self) -> bool:
        return trakt_auth.account(self.conn, self.user_id) == self._account

    def check(self) -> None:
        """Raise LinkRevoked if the member has unlinked the account or linked another one."""
        if not self.is_same_account():
            raise LinkRevoked("the link ended meanwhile")


@dataclass(frozen=True)
class Profile:
    username: str
    slug: str
    uuid: str
    is_vip: bool
    limits: Mapping[str, Any]


def fetch_profile(client: Client) -> Profile:
    """Return the profile of the client's member.

    Raises TraktError, InvalidResponse for a profile without a name or uuid.
    """
    response = client.get("/users/settings")
    try:
        user = response["user"]
        ids = user["ids"]
        username, uuid = _text(user["username"]), _text(ids["uuid"])
        slug = _text(ids.get("slug") or username)
    except (KeyError, TypeError, AttributeError, ValueError):
        raise InvalidResponse("profile") from None
    limits = response.get("limits")
    is_vip = any(user.get(name) is True for name in ("vip", "vip_ep", "vip_og"))
    return Profile(username, slug, uuid, is_vip, limits if isinstance(limits, dict) else {})


def _text(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_NAME:
        raise ValueError
    return value


def fetch_account(application: Application, access_token: str) -> Profile | None:
    """Return the profile behind a new token; None if Trakt fails, for `refresh_link` to fetch."""

    def token(stale: str | None) -> str:
        if stale is None:
            return access_token
        raise LinkRevoked("a new token was refused")

    try:
        return fetch_profile(Client(application, token, deadline=TIMEOUT))
    except TraktError as error:
        log.warning("Trakt did not tell whose account was linked: %s", error.code)
        return None


def store_link(
    conn: Connection, user_id: int, pair: SealedPair, profile: Profile | None, now: datetime
) -> None:
    """Store a new link; raises Refused if the member may not have the account. Does not commit."""
    if profile:
        _check_allowed(conn, user_id, profile, now)
    former = trakt_auth.get(conn, user_id)
    if former and former.uuid and not (profile and profile.uuid == former.uuid):
        trakt_auth.delete(conn, user_id, now)  # also what was pulled from the other account
    trakt_auth.store_link(conn, user_id, pair, now)
    if profile:
        _store_account(conn, user_id, profile)


def refresh_link(
    conn: Connection, config: Mapping[str, Any], application: Application, user_id: int
) -> None:
    """Refresh the tokens if they are due, then store the profile; raises TraktError.

    A link is not synced before its account is known, as another member might have the same one.
    """
    former = trakt_auth.get(conn, user_id)
    token = tokens.token_source(conn, config, application, user_id)
    profile = fetch_profile(Client(application, token, user_id))
    with transaction(conn):
        link = trakt_auth.get(conn, user_id)
        if link and former and link.created_at == former.created_at:  # not linked anew meanwhile
            _update_account(conn, link, profile)


def _update_account(conn: Connection, link: Link, profile: Profile) -> None:
    """Store the profile; a taken account is a problem of a link that stays.

    The tokens of such a link are not deleted, because an admin may still allow sharing.
    """
    now = instants.now()
    try:
        if link.uuid != profile.uuid:
            _check_allowed(conn, link.user_id, profile, now)
    except Refused as refused:
        trakt_auth.set_problem(conn, link, refused.code, now)
        if refused.code != link.problem:
            audit.add(conn, now, "link_refused", subject_id=link.user_id, detail=refused.code)
        return
    if link.problem in REFUSALS:
        trakt_auth.set_problem(conn, link, None, now)
    _store_account(conn, link.user_id, profile)


def _check_allowed(conn: Connection, user_id: int, profile: Profile, now: datetime) -> None:
    """Raise Refused if the account is reserved for another member, or linked by one.

    A retired member loses the account instead.
    """
    if trakt_reservations.is_for_another(conn, profile.slug, user_id):
        raise Refused("trakt_account_reserved")
    for other_id, has_left in trakt_auth.other_members_of_account(conn, profile.uuid, user_id):
        if has_left:
            trakt_auth.delete(conn, other_id, now)
        elif settings.get(conn, SHARING) != "1":
            raise Refused("trakt_account_taken")


def _store_account(conn: Connection, user_id: int, profile: Profile) -> None:
    trakt_auth.set_account(conn, user_id, **vars(profile))
