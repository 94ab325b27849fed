"""Whether a member's link works: asked of Trakt, with nothing renewed and nothing stored."""

from collections.abc import Mapping
from typing import Any

from db import Connection, trakt_auth
from db.trakt_auth import Link
from rules import Refused
from trakt import accounts, profile, tokens
from trakt.application import Application
from trakt.client import Client
from trakt.errors import LinkRevoked
from trakt.profile import Profile
from utils import instants


def check(
    conn: Connection, config: Mapping[str, Any], application: Application, user_id: int
) -> Profile:
    """The account of a link that works; else Refused or TraktError, Reconnect if it has ended."""
    link = _link(conn, user_id)
    if link.needs_reconnect:
        raise LinkRevoked("ended before")
    if link.problem in accounts.REFUSALS:
        raise Refused(link.problem)

    def stored(stale: str | None) -> str:
        """Read anew after a refusal: a sync beside us may have renewed it."""
        link = _link(conn, user_id)
        access = tokens.decrypt_token(link, "access_token", config["TRAKT_KEY"])
        if access != stale:
            return access
        if link.expires_at is None or link.expires_at <= instants.now():
            raise Refused("trakt_token_over")
        raise LinkRevoked("the stored token was refused")

    return profile.fetch(Client(application, stored, user_id, accounts.PATIENCE))


def _link(conn: Connection, user_id: int) -> Link:
    if link := trakt_auth.get(conn, user_id):
        return link
    raise Refused("trakt_not_linked")
