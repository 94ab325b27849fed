"""Whose account a link leads to. Names and slugs change; the uuid is the account."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from trakt.client import Client
from trakt.errors import InvalidResponse

LONGEST = 200


@dataclass(frozen=True)
class Profile:
    username: str
    slug: str
    uuid: str
    is_vip: bool
    limits: Mapping[str, Any]


def fetch(client: Client) -> Profile:
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
