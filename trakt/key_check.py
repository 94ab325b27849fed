"""Whether the encryption key is the one that sealed what the database holds."""

from collections.abc import Iterator

from db import Connection, settings, trakt_auth
from trakt import application
from utils import encryption


def fits(conn: Connection, key: bytes) -> bool:
    """One envelope that opens proves the key, whatever became of the others. Changes nothing."""
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
