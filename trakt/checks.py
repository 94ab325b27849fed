"""Read-only checks: of the household's app, of a member's link, and of the encryption key."""

import secrets
from collections.abc import Iterator, Mapping
from typing import Any

from db import Connection, settings, trakt_auth
from db.trakt_auth import Link
from rules import Refused
from trakt import accounts, application, oauth, responses, tokens
from trakt.accounts import Profile
from trakt.application import Application
from trakt.client import Client
from trakt.errors import Invalid, LinkRevoked
from utils import encryption, instants

TIMEOUT = 8.0  # seconds for each of the two calls; an admin is waiting
SECRET_REFUSED = ("invalid_client", "unauthorized_client")


def check_app(app: Application) -> None:
    """Check the id with a public call, and the secret with a sign-in that must fail.

    Raises Refused for an id or a secret that Trakt does not accept, TraktError for the rest.
    """
    client = Client(app, deadline=TIMEOUT)
    try:
        client.get("/movies/trending", limit=1)
    except (LinkRevoked, Invalid):  # without a token, a 401 can only mean the key
        raise Refused("trakt_id_refused") from None
    if app.client_secret:
        _check_secret(client, app)


def _check_secret(client: Client, app: Application) -> None:
    """Exchange a made-up code, as Trakt checks the app before the code."""
    made_up = {
        "grant_type": "authorization_code",
        "code": secrets.token_urlsafe(32),
        "code_verifier": secrets.token_urlsafe(64),
        "redirect_uri": app.redirect_uri or oauth.OUT_OF_BAND,
    }
    response = client.auth("/oauth/token", {**made_up, **oauth.credentials(app)})
    if response.status == 401 or oauth.error_code(response) in SECRET_REFUSED:
        raise Refused("trakt_secret_refused")
    if response.status in (403, 429):
        raise responses.error_from_response(response, "the check of the app", is_write=False)


def check_link(
    conn: Connection, config: Mapping[str, Any], app: Application, user_id: int
) -> Profile:
    """Return the account of a link that works; nothing is refreshed or stored.

    Raises Refused or TraktError, LinkRevoked if the link has ended.
    """
    link = _link(conn, user_id)
    if link.needs_reconnect:
        raise LinkRevoked("ended before")
    if link.problem in accounts.REFUSALS:
        raise Refused(link.problem)

    def stored_token(stale: str | None) -> str:
        """Return the stored token; after a refusal, the one another process has put in its place.

        Raises Refused if the token has only expired, LinkRevoked if Trakt refused a valid one.
        """
        link = _link(conn, user_id)
        access = tokens.decrypt_token(link, "access_token", config["TRAKT_KEY"])
        if access != stale:
            return access
        if link.expires_at is None or link.expires_at <= instants.now():
            raise Refused("trakt_token_over")
        raise LinkRevoked("the stored token was refused")

    return accounts.fetch_profile(Client(app, stored_token, user_id, accounts.TIMEOUT))


def _link(conn: Connection, user_id: int) -> Link:
    if link := trakt_auth.get(conn, user_id):
        return link
    raise Refused("trakt_not_linked")


def key_fits(conn: Connection, key: bytes) -> bool:
    """Return True if the key opens any stored envelope, or if there is none."""
    sealed = list(_envelopes(conn))
    return not sealed or any(_opens(envelope, key, context) for envelope, context in sealed)


def _envelopes(conn: Connection) -> Iterator[tuple[str, str]]:
    yield from trakt_auth.envelopes(conn)
    if secret := settings.get(conn, application.CLIENT_SECRET):
        yield secret, application.CONTEXT


def _opens(envelope: str, key: bytes, context: str) -> bool:
    try:
        encryption.decrypt(envelope, key, context)
    except ValueError:
        return False
    return True
