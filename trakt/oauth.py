"""Trakt's OAuth 2 as it is: PKCE, JSON bodies, refresh tokens that work once."""

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

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"  # Trakt's word for an app without an address
PATIENCE = 30.0  # seconds: an answer given up on may have held the only pair of tokens
IMPATIENCE = 5.0  # seconds: somebody waits, and nothing depends on the answer
# "client_id is required" comes as invalid_request, also for an app that Trakt has removed.
APP_REFUSED = ("invalid_client", "invalid_request", "unauthorized_client")
SHORTEST = timedelta(minutes=1)
LONGEST = timedelta(days=365)


@dataclass(frozen=True)
class Start:
    """Where to send the browser, and what to remember until it is back."""

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
    """Refused when nobody has said how browsers reach this server."""
    from authlib.integrations.requests_client import OAuth2Session

    if application.redirect_uri is None:
        raise Refused("trakt_no_redirect")
    # Authlib writes the question only. It would send the rest as forms, to wherever a redirect
    # points and without an end to waiting; Trakt wants JSON, and `Client.auth` has a deadline.
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
    """A sign-in's code for tokens; a code that is not (or no longer) good is Refused."""
    try:
        return _ask(
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
    """A new pair for an old refresh token, which is dead from then on; Reconnect if it was.

    Once Trakt has asked for peace, SlowDown comes without asking it, whoever's token it is.
    """
    pacing.refreshes.turn(application.client_id, patience=0)
    try:
        return _ask(
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
    """Best effort: whether Trakt took note."""
    try:
        client = Client(application, deadline=IMPATIENCE)
        answer = client.auth("/oauth/revoke", {"token": access_token, **credentials(application)})
    except TraktError:
        return False
    return answer.status == 200


def credentials(application: Application) -> dict[str, str]:
    """In the body: Trakt takes no Basic authorization."""
    secret = application.client_secret
    return {"client_id": application.client_id, **({"client_secret": secret} if secret else {})}


def parse(answer: Answer, now: datetime) -> Tokens:
    """The tokens of a 200; raises Garbage. Half of their life is the time to refresh."""
    try:
        body = answer.json()
        access, again, seconds = body["access_token"], body["refresh_token"], body["expires_in"]
        life = min(max(timedelta(seconds=int(seconds)), SHORTEST), LONGEST)
    except (ValueError, KeyError, TypeError, OverflowError):
        raise InvalidResponse("tokens") from None
    if not (_is_token(access) and _is_token(again)):
        raise InvalidResponse("tokens")
    return Tokens(access, again, now + life, now + life / 2)


def failure(answer: Answer) -> TraktError:
    """What a refusal of the auth host means."""
    error = error_code(answer)
    detail = f"auth {answer.status} {error}".strip()
    if error == "invalid_grant":
        return LinkRevoked(detail)
    if error in APP_REFUSED:
        return AppRefused(detail)
    return responses.error_from_response(answer, "auth", is_write=True)


def error_code(answer: Answer) -> str:
    """OAuth's `error`, "" where the body holds none."""
    try:
        error = answer.json()["error"]
    except (ValueError, KeyError, TypeError):
        return ""
    return error if isinstance(error, str) and error.isidentifier() else ""


def _ask(application: Application, now: datetime, **grant: Any) -> Tokens:
    client = Client(application, deadline=PATIENCE)
    answer = client.auth("/oauth/token", {**grant, **credentials(application)})
    if answer.status != 200:
        raise failure(answer)
    return parse(answer, now)


def _is_token(value: object) -> bool:
    return isinstance(value, str) and value.isascii() and value.isprintable() and bool(value)
