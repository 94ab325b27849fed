"""Access tokens of members, refreshed after half of their life, by one thread or process at a time.

A refresh invalidates the old pair, so the new one is committed before it is used, and a caller
that waited for the lock finds it in the database. A link whose refresh token is invalid is marked
and not tried again until the member links anew; after any other error there is a pause.
"""

import logging
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

from db import Connection, DatabaseError, audit, trakt_auth, transaction
from db.trakt_auth import Link, SealedPair
from trakt import errors, oauth
from trakt.application import Application
from trakt.client import Token
from trakt.errors import LinkRevoked, TraktError
from trakt.oauth import Tokens
from utils import encryption, instants, locks

log = logging.getLogger(__name__)
PAUSE = timedelta(minutes=5)  # after a refresh that failed
STORE_TRIES = 3  # each waits as long as the database lets it


def token_source(
    conn: Connection, config: Mapping[str, Any], application: Application, user_id: int
) -> Token:
    """Return the `token` of a `Client`; it commits, so it is called outside transactions."""
    return _TokenSource(conn, config, application, user_id).token


def seal(tokens: Tokens, key: bytes, user_id: int) -> SealedPair:
    access = encryption.encrypt(tokens.access, key, trakt_auth.context("access_token", user_id))
    refresh = encryption.encrypt(tokens.refresh, key, trakt_auth.context("refresh_token", user_id))
    return SealedPair(access, refresh, tokens.expires_at, tokens.refresh_at)


def decrypt_token(link: Link, column: str, key: bytes) -> str:
    """Return the token of a column in clear.

    Raises LinkRevoked if the key does not fit; the stored token stays, as the key may be the fault.
    """
    try:
        context = trakt_auth.context(column, link.user_id)
        return encryption.decrypt(getattr(link, column), key, context)
    except ValueError:
        log.error("the %s of member %d does not open with this key", column, link.user_id)
        raise LinkRevoked("the stored token cannot be read") from None


class _TokenSource:
    def __init__(
        self, conn: Connection, config: Mapping[str, Any], application: Application, user_id: int
    ) -> None:
        self._conn, self._application, self._user_id = conn, application, user_id
        self._key: bytes = config["TRAKT_KEY"]
        self._lock = config["DATA_DIR"] / "locks" / f"trakt-tokens-{user_id}.lock"

    def token(self, stale: str | None) -> str:
        """Return the access token, never `stale`, which Trakt refused; raises TraktError."""
        link, access = self._read()
        if not _is_due(link, access, stale):
            return access
        with locks.acquire(self._lock):
            link, access = self._read()  # the last holder of the lock may have refreshed it
            if not _is_due(link, access, stale):
                return access
            return self._refresh(link, access if access != stale else None)

    def _read(self) -> tuple[Link, str]:
        link = trakt_auth.get(self._conn, self._user_id)
        if link is None or link.needs_reconnect:
            raise LinkRevoked("not linked, or no longer")
        return link, decrypt_token(link, "access_token", self._key)

    def _refresh(self, link: Link, access: str | None) -> str:
        """Return a new access token, or `access`, the old one unless refused, while it is valid."""
        if (error := errors.from_code(link.problem)) and not _may_retry(link):
            return _old_token_or_raise(error, link, access)
        try:
            refresh_token = decrypt_token(link, "refresh_token", self._key)
            tokens = oauth.refresh(self._application, refresh_token, instants.now())
        except LinkRevoked as error:
            return self._replaced_token_or_raise(error, link)
        except TraktError as error:
            self._record_problem(link, error.code)
            return _old_token_or_raise(error, link, access)
        if self._store(link, seal(tokens, self._key, link.user_id)):
            return tokens.access
        oauth.revoke(self._application, tokens.access)  # unlinked, or linked anew, meanwhile
        return self._read()[1]

    def _store(self, link: Link, pair: SealedPair) -> bool:
        """Store the only copy of the new pair; return False if its link ended meanwhile."""
        for _ in range(STORE_TRIES - 1):
            with suppress(DatabaseError):
                return self._replace_tokens(link, pair)
        return self._replace_tokens(link, pair)

    def _replace_tokens(self, link: Link, pair: SealedPair) -> bool:
        with transaction(self._conn):
            return trakt_auth.replace_tokens(self._conn, link, pair)

    def _replaced_token_or_raise(self, error: LinkRevoked, link: Link) -> str:
        """Return the token that was stored meanwhile without our lock, as by linking anew.

        Otherwise the link has ended, which is recorded before the error is raised.
        """
        current, access = self._read()
        if current.refresh_token != link.refresh_token:
            return access
        self._record_problem(link, error.code)
        raise error

    def _record_problem(self, link: Link, problem: str) -> None:
        now = instants.now()
        log.warning("member %d: Trakt gave no new token: %s", link.user_id, problem)
        with transaction(self._conn):
            trakt_auth.set_problem(self._conn, link, problem, now)
            if problem != link.problem:
                audit.add(
                    self._conn, now, "refresh_failed", subject_id=link.user_id, detail=problem
                )


def _is_due(link: Link, access: str, stale: str | None) -> bool:
    """Return True if the token was refused or is due; one from the old app is due at first use."""
    return access == stale or link.refresh_at is None or link.refresh_at <= instants.now()


def _may_retry(link: Link) -> bool:
    return link.problem_since is None or link.problem_since + PAUSE <= instants.now()


def _old_token_or_raise(error: TraktError, link: Link, access: str | None) -> str:
    """Return the old access token while it is valid, else raise the error."""
    if access and link.expires_at and link.expires_at > instants.now():
        return access
    raise error
