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
    client_secret: str | None = field(repr=False)  # PKCE does without
    api_url: str
    auth_url: str
    redirect_uri: str | None  # None: nobody said how browsers reach us


def load(conn: Connection, config: Mapping[str, Any]) -> Application | None:
    """None while no app is entered. The environment's id never meets the admin's secret."""
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
    if application := load(conn, config):
        return application
    raise NotConfigured


def redirect_uri(config: Mapping[str, Any]) -> str | None:
    """Only ever from configuration: a Host header is whatever its sender wrote."""
    if config["TRAKT_REDIRECT_URI"]:
        return str(config["TRAKT_REDIRECT_URI"])
    return config["PUBLIC_URL"] + CALLBACK if config["PUBLIC_URL"] else None


def store(conn: Connection, client_id: str, client_secret: str, key: bytes) -> None:
    """Store what an admin entered, without the blanks that pasting brings; the caller commits."""
    settings.put(conn, CLIENT_ID, client_id.strip())
    if secret := client_secret.strip():
        settings.put(conn, CLIENT_SECRET, encryption.encrypt(secret, key, CONTEXT))
    else:
        delete_secret(conn)


def is_stored(conn: Connection, client_id: str) -> bool:
    """Whether an admin has entered just this one; its secret may stay as it is then."""
    return settings.get(conn, CLIENT_ID) == client_id.strip()


def has_secret(conn: Connection) -> bool:
    """Whether an admin has entered one; whether it can still be read is another question."""
    return bool(settings.get(conn, CLIENT_SECRET))


def delete(conn: Connection) -> None:
    settings.remove(conn, CLIENT_ID)
    delete_secret(conn)


def delete_secret(conn: Connection) -> None:
    settings.remove(conn, CLIENT_SECRET)


def _stored_secret(conn: Connection, key: bytes) -> str:
    """A damaged one reads as none: Trakt then refuses the app, and an admin enters it again."""
    if not (envelope := settings.get(conn, CLIENT_SECRET)):
        return ""
    try:
        return encryption.decrypt(envelope, key, CONTEXT)
    except ValueError:
        log.error("the stored Trakt client secret cannot be read")
        return ""
