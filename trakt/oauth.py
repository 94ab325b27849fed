"""Trakt's OAuth 2: PKCE, JSON bodies, and refresh tokens that work once."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from rules import Refused
from trakt import pacing, responses
from trakt.application import Application
from trakt.client import Client
from trakt.errors import AppRefused, InvalidResponse, LinkRevoked, SlowDown, TraktError
from utils.http import Answer

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"  # the redirect address of an app that has none
TOKEN_TIMEOUT = 30.0  # seconds; a response that came too late may have held the only pair of tokens
REVOKE_TIMEOUT = 5.0  # seconds; a member waits, and nothing depends on the response
# "client_id is required" comes as invalid_request, also for an app that Trakt has removed.
APP_REFUSED = ("invalid_client", "invalid_request", "unauthorized_client")
MIN_LIFETIME = timedelta(minutes=1)
MAX_LIFETIME = timedelta(days=365)


@dataclass(frozen=True)
class Start:
    """The address for the browser, and the state and verifier to store until it returns."""

    url: str
    state: str
    verifier: str = field(repr=False)


@dataclass(frozen=True)
class Tokens:
    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_at: datetime
    refresh_at: datetime


def start(application: Application) -> Start:
    """Return the start of a sign-in; raises Refused without a redirect address."""
    from authlib.integrations.requests_client import OAuth2Session

    if application.redirect_uri is None:
        raise Refused("trakt_no_redirect")
    # Authlib only builds the address. It would send the tokens' requests as forms, follow redirects
    # and wait without end; Trakt wants JSON, and `Client.auth` has a deadline.
    session = OAuth2Session(
        application.client_id,
        redirect_uri=application.redirect_uri,
        code_challenge_method="S256",
    )
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(64)
    url, _state = session.create_authorization_url(
        f"{application.auth_url}/oauth/authorize", state=state, code_verifier=verifier
    )
    return Start(url, state, verifier)


def exchange(application: Application, code: str, verifier: str, now: datetime) -> Tokens:
    """Exchange a sign-in's code for tokens; raises Refused if the code is not valid."""
    try:
        return _request_tokens(
            application,
            now,
            grant_type="authorization_code",
            code=code,
            redirect_uri=application.redirect_uri,
            code_verifier=verifier,
        )
    except LinkRevoked:
        raise Refused("trakt_code_refused") from None


def refresh(application: Application, refresh_token: str, now: datetime) -> Tokens:
    """Exchange a refresh token, which is invalid from then on, for a new pair.

    Raises LinkRevoked if it was invalid already. After a SlowDown the next ones are raised without
    a call until Trakt's pause is over, for every member of the app.
    """
    pacing.refreshes.turn(application.client_id, patience=0)
    try:
        return _request_tokens(
            application,
            now,
            grant_type="refresh_token",
            refresh_token=refresh_token,
            redirect_uri=application.redirect_uri or OUT_OF_BAND,
        )
    except SlowDown as error:
        pacing.refreshes.hold(application.client_id, error.retry_after or 0)
        raise


def revoke(application: Application, access_token: str) -> bool:
    """Revoke a token if Trakt can be reached; return True if it was revoked."""
    try:
        client = Client(application, deadline=REVOKE_TIMEOUT)
        body = {"token": access_token, **credentials(application)}
        return client.auth("/oauth/revoke", body).status == 200
    except TraktError:
        return False


def credentials(application: Application) -> dict[str, str]:
    """Return the app's fields of a body, as Trakt accepts no Basic authorization."""
    secret = application.client_secret
    return {"client_id": application.client_id, **({"client_secret": secret} if secret else {})}


def parse_tokens(response: Answer, now: datetime) -> Tokens:
    """Return the tokens of a 200, due for a refresh after half of their life.

    Raises InvalidResponse.
    """
    try:
        body = response.json()
        access, renewal, seconds = body["access_token"], body["refresh_token"], body["expires_in"]
        lifetime = min(max(timedelta(seconds=int(seconds)), MIN_LIFETIME), MAX_LIFETIME)
    except (ValueError, KeyError, TypeError, OverflowError):
        raise InvalidResponse("tokens") from None
    if not (_is_token(access) and _is_token(renewal)):
        raise InvalidResponse("tokens")
    return Tokens(access, renewal, now + lifetime, now + lifetime / 2)


def auth_error(response: Answer) -> TraktError:
    """Return the error for a response of the sign-in host other than 200."""
    error = error_code(response)
    detail = f"auth {response.status} {error}".strip()
    if error == "invalid_grant":
        return LinkRevoked(detail)
    if error in APP_REFUSED:
        return AppRefused(detail)
    return responses.error_from_response(response, "auth", is_write=True)


def error_code(response: Answer) -> str:
    """Return OAuth's `error`, "" if the body holds none."""
    try:
        error = response.json()["error"]
    except (ValueError, KeyError, TypeError):
        return ""
    return error if isinstance(error, str) and error.isidentifier() else ""


def _request_tokens(application: Application, now: datetime, **grant: Any) -> Tokens:
    client = Client(application, deadline=TOKEN_TIMEOUT)
    response = client.auth("/oauth/token", {**grant, **credentials(application)})
    if response.status != 200:
        raise auth_error(response)
    return parse_tokens(response, now)


def _is_token(value: object) -> bool:
    return isinstance(value, str) and value.isascii() and value.isprintable() and bool(value)
