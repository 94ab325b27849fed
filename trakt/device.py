"""OAuth device codes: linking by a code that is typed at Trakt, where no redirect is possible."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from rules import Refused
from trakt import oauth
from trakt.application import Application
from trakt.client import Client
from trakt.errors import InvalidResponse
from trakt.oauth import Tokens
from utils.http import Answer

TIMEOUT = 8.0  # seconds; a page waits for it
END_CODES = {  # status of a code that has ended -> code of the refusal
    404: "device_unknown",
    409: "device_used",
    410: "device_expired",
    418: "device_denied",
}


@dataclass(frozen=True)
class Code:
    device_code: str = field(repr=False)  # stays on this server
    user_code: str
    url: str
    interval: int  # seconds between two checks
    expires_at: datetime


class TooFast(Exception):
    """Trakt asked for a longer interval between two polls."""


def request_code(application: Application, now: datetime) -> Code:
    client = Client(application, deadline=TIMEOUT)
    response = client.auth("/oauth/device/code", {"client_id": application.client_id})
    if response.status != 200:
        raise oauth.auth_error(response)
    try:
        return _parse_code(response.json(), now)
    except (ValueError, KeyError, TypeError, OverflowError):
        raise InvalidResponse("device code") from None


def _parse_code(body: Any, now: datetime) -> Code:
    url, user_code, device_code = (
        str(body[name]) for name in ("verification_url", "user_code", "device_code")
    )
    if urlsplit(url).scheme not in ("https", "http") or not (user_code and device_code):
        raise ValueError
    interval = min(max(int(body.get("interval", 5)), 1), 60)
    life = timedelta(seconds=min(max(int(body["expires_in"]), 1), 3600))
    return Code(device_code, user_code[:32], url[:500], interval, now + life)


def poll(application: Application, device_code: str, now: datetime) -> Tokens | None:
    """Return tokens once the code is approved, None before.

    Raises TooFast, Refused if the code has ended, and TraktError.
    """
    client = Client(application, deadline=TIMEOUT)
    response = client.auth(
        "/oauth/device/token", {"code": device_code, **oauth.credentials(application)}
    )
    if response.status == 200:
        return oauth.parse_tokens(response, now)
    if response.status in END_CODES:
        raise Refused(END_CODES[response.status])
    if response.status == 429:
        raise TooFast
    if _is_waiting(response):
        return None
    raise oauth.auth_error(response)


def _is_waiting(response: Answer) -> bool:
    """Return True for a 400, unless its body names another error than "pending"."""
    return response.status == 400 and oauth.error_code(response) in ("", "authorization_pending")
