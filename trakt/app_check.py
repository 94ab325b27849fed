"""Whether Trakt takes the household's app: one public question, and a sign-in that must fail."""

import secrets

from rules import Refused
from trakt import oauth, statuses
from trakt.application import Application
from trakt.client import Client
from trakt.errors import Invalid, LinkRevoked

PATIENCE = 8.0  # seconds for each of the two; an admin is waiting
SECRET_REFUSED = ("invalid_client", "unauthorized_client")


def check(application: Application) -> None:
    """Raises Refused for an id or a secret that Trakt does not take, TraktError for the rest."""
    client = Client(application, deadline=PATIENCE)
    try:
        client.get("/movies/trending", limit=1)
    except (LinkRevoked, Invalid):  # without a token, a 401 can only mean the key
        raise Refused("trakt_id_refused") from None
    if application.client_secret:
        _check_secret(client, application)


def _check_secret(client: Client, application: Application) -> None:
    """With a code that nobody has: Trakt looks at the app before it looks at the code."""
    made_up = {
        "grant_type": "authorization_code",
        "code": secrets.token_urlsafe(32),
        "code_verifier": secrets.token_urlsafe(64),
        "redirect_uri": application.redirect_uri or oauth.OUT_OF_BAND,
    }
    answer = client.auth("/oauth/token", {**made_up, **oauth.credentials(application)})
    if answer.status == 401 or oauth.error_code(answer) in SECRET_REFUSED:
        raise Refused("trakt_secret_refused")
    if answer.status in (403, 429):
        raise statuses.error_from_response(answer, "the check of the app", is_write=False)
