"""Linking by a code that is typed at Trakt, for screens and homes that no redirect reaches."""

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

PATIENCE = 8.0  # seconds; somebody looks at the page
ENDS = {
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
    """Trakt wants to be asked more rarely."""


def request_code(application: Application, now: datetime) -> Code:
    client = Client(application, deadline=PATIENCE)
    answer = client.auth("/oauth/device/code", {"client_id": application.client_id})
    if answer.status != 200:
        raise oauth.failure(answer)
    try:
        body = answer.json()
        return _code(body, now)
    except (ValueError, KeyError, TypeError, OverflowError):
        raise InvalidResponse("device code") from None


def _code(body: Any, now: datetime) -> Code:
    url, user_code, device_code = (
        str(body[name]) for name in ("verification_url", "user_code", "device_code")
    )
    if urlsplit(url).scheme not in ("https", "http") or not (user_code and device_code):
        raise ValueError
    interval = min(max(int(body.get("interval", 5)), 1), 60)
    life = timedelta(seconds=min(max(int(body["expires_in"]), 1), 3600))
    return Code(device_code, user_code[:32], url[:500], interval, now + life)


def poll(application: Application, device_code: str, now: datetime) -> Tokens | None:
    """Tokens once it was approved, None while it waits; TooFast; Refused when it has ended."""
    client = Client(application, deadline=PATIENCE)
    answer = client.auth(
        "/oauth/device/token", {"code": device_code, **oauth.credentials(application)}
    )
    if answer.status == 200:
        return oauth.parse(answer, now)
    if answer.status in ENDS:
        raise Refused(ENDS[answer.status])
    if answer.status == 429:
        raise TooFast
    if _is_waiting(answer):
        return None
    raise oauth.failure(answer)


def _is_waiting(answer: Answer) -> bool:
    """A 400 says "not yet", unless its body names a real error."""
    return answer.status == 400 and oauth.error_code(answer) in ("", "authorization_pending")
