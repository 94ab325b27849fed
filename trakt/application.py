"""The household's Trakt app: from the environment, else as an admin entered it."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from db import Connection, settings
from trakt.errors import NotConfigured
from utils import encryption

log = logging.getLogger(__name__)
CLIENT_ID, CLIENT_SECRET = "trakt_client_id", "trakt_client_secret"  # names of settings
CONTEXT = f"settings:{CLIENT_SECRET}"
CALLBACK = "/auth/trakt/callback"


@dataclass(frozen=True)
class Application:
    client_id: str
    client_secret: str | None = field(repr=False)  # not needed with PKCE
    api_url: str
    auth_url: str
    redirect_uri: str | None  # None if neither it nor the public URL is configured


def load(conn: Connection, config: Mapping[str, Any]) -> Application | None:
    """Return the app, None if there is none.

    An id from the environment is never combined with a secret that an admin entered.
    """
    if client_id := config["TRAKT_CLIENT_ID"]:
        secret = config["TRAKT_CLIENT_SECRET"]
    else:
        client_id = settings.get(conn, CLIENT_ID)
        secret = _stored_secret(conn, config["TRAKT_KEY"])
    if not client_id:
        return None
    return Application(
        client_id,
        secret or None,
        config["TRAKT_API_URL"],
        config["TRAKT_AUTH_URL"],
        redirect_uri(config),
    )


def require(conn: Connection, config: Mapping[str, Any]) -> Application:
    """Return the app; raises NotConfigured."""
    if application := load(conn, config):
        return application
    raise NotConfigured


def redirect_uri(config: Mapping[str, Any]) -> str | None:
    """Return the configured callback address; a request's Host header could be forged."""
    if config["TRAKT_REDIRECT_URI"]:
        return str(config["TRAKT_REDIRECT_URI"])
    return config["PUBLIC_URL"] + CALLBACK if config["PUBLIC_URL"] else None


def store(conn: Connection, client_id: str, client_secret: str, key: bytes) -> None:
    """Store an app without the blanks around its values; an empty secret deletes the stored one."""
    settings.put(conn, CLIENT_ID, client_id.strip())
    if secret := client_secret.strip():
        settings.put(conn, CLIENT_SECRET, encryption.encrypt(secret, key, CONTEXT))
    else:
        delete_secret(conn)


def is_stored(conn: Connection, client_id: str) -> bool:
    """Return True if an admin entered an app with this id."""
    return settings.get(conn, CLIENT_ID) == client_id.strip()


def has_secret(conn: Connection) -> bool:
    """Return True if a secret is stored, whether or not it can be decrypted."""
    return bool(settings.get(conn, CLIENT_SECRET))


def delete(conn: Connection) -> None:
    settings.remove(conn, CLIENT_ID)
    delete_secret(conn)


def delete_secret(conn: Connection) -> None:
    settings.remove(conn, CLIENT_SECRET)


def _stored_secret(conn: Connection, key: bytes) -> str:
    """Return the stored secret, "" if it is damaged: Trakt's refusal then asks for a new one."""
    if not (envelope := settings.get(conn, CLIENT_SECRET)):
        return ""
    try:
        return encryption.decrypt(envelope, key, CONTEXT)
    except ValueError:
        log.error("the stored Trakt client secret cannot be read")
        return ""
