"""A member's access token, refreshed when half of its life is over: by one at a time, and once.

A refresh kills the pair it came from, so the new one is committed before anybody uses it, and
whoever waited for the lock finds it there. A dead link is marked and left alone until the member
links anew; after any other failure Trakt is left in peace for a while.
"""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

from db import Connection, DatabaseError, audit, trakt_auth, transaction
from db.trakt_auth import Link, SealedPair
from trakt import errors, oauth
from trakt.application import Application
from trakt.errors import LinkRevoked, TraktError
from trakt.oauth import Tokens
from utils import encryption, instants, locks

log = logging.getLogger(__name__)
Token = Callable[[str | None], str]
PAUSE = timedelta(minutes=5)  # after a refresh that failed
SAVES = 3  # tries, as long as the database lets each wait


def token_source(
    conn: Connection, config: Mapping[str, Any], application: Application, user_id: int
) -> Token:
    """What `trakt.client.Client` asks for tokens. It commits: call it outside a transaction."""
    return _TokenRefresher(conn, config, application, user_id).token


def seal(tokens: Tokens, key: bytes, user_id: int) -> SealedPair:
    access = _sealed(tokens.access, key, "access_token", user_id)
    refresh = _sealed(tokens.refresh, key, "refresh_token", user_id)
    return SealedPair(access, refresh, tokens.expires_at, tokens.refresh_at)


def decrypt_token(link: Link, column: str, key: bytes) -> str:
    """A token in clear. One that does not open is kept: this key may only be the wrong one."""
    try:
        context = trakt_auth.context(column, link.user_id)
        return encryption.decrypt(getattr(link, column), key, context)
    except ValueError:
        log.error("the %s of member %d does not open with this key", column, link.user_id)
        raise LinkRevoked("the stored token cannot be read") from None


def _sealed(token: str, key: bytes, column: str, user_id: int) -> str:
    return encryption.encrypt(token, key, trakt_auth.context(column, user_id))


class _TokenRefresher:
    def __init__(
        self, conn: Connection, config: Mapping[str, Any], application: Application, user_id: int
    ) -> None:
        self._conn, self._application, self._user_id = conn, application, user_id
        self._key: bytes = config["TRAKT_KEY"]
        self._lock = config["DATA_DIR"] / "locks" / f"trakt-tokens-{user_id}.lock"

    def token(self, stale: str | None) -> str:
        """The current access token, never `stale`, which Trakt refused; raises TraktError."""
        link, access = self._read()
        if not _is_due(link, access, stale):
            return access
        with locks.acquire(self._lock):
            link, access = self._read()  # whoever held the lock may have refreshed it
            if not _is_due(link, access, stale):
                return access
            return self._refresh(link, access if access != stale else None)

    def _read(self) -> tuple[Link, str]:
        link = trakt_auth.get(self._conn, self._user_id)
        if link is None or link.needs_reconnect:
            raise LinkRevoked("not linked, or no longer")
        return link, decrypt_token(link, "access_token", self._key)

    def _refresh(self, link: Link, good: str | None) -> str:
        """`good` is the old access token, as long as nobody saw it refused."""
        if (error := errors.from_code(link.problem)) and not _may_retry(link):
            return _old_token_or_raise(error, link, good)
        try:
            old = decrypt_token(link, "refresh_token", self._key)
            tokens = oauth.refresh(self._application, old, instants.now())
        except LinkRevoked as error:
            return self._look_again(link, error)
        except TraktError as error:
            self._note(link, error.code)
            return _old_token_or_raise(error, link, good)
        if self._save(link, tokens):
            return tokens.access
        oauth.revoke(self._application, tokens.access)  # unlinked, or linked anew, meanwhile
        return self._read()[1]

    def _save(self, link: Link, tokens: Tokens) -> bool:
        """Whether its place was still this link's; nobody but us has a copy of the pair."""
        pair = seal(tokens, self._key, link.user_id)
        for _ in range(SAVES - 1):
            with suppress(DatabaseError):
                return self._renew(link, pair)
        return self._renew(link, pair)

    def _renew(self, link: Link, pair: SealedPair) -> bool:
        with transaction(self._conn):
            return trakt_auth.replace_tokens(self._conn, link, pair)

    def _look_again(self, link: Link, error: LinkRevoked) -> str:
        """The pair is dead, unless somebody beside our lock has put another in its place."""
        found, access = self._read()
        if found.refresh_token != link.refresh_token:
            return access
        self._note(link, error.code)
        raise error

    def _note(self, link: Link, problem: str) -> None:
        now = instants.now()
        log.warning("member %d: Trakt gave no new token: %s", link.user_id, problem)
        with transaction(self._conn):
            trakt_auth.set_problem(self._conn, link, problem, now)
            if problem != link.problem:
                audit.note(
                    self._conn, now, "refresh_failed", subject_id=link.user_id, detail=problem
                )


def _is_due(link: Link, access: str, stale: str | None) -> bool:
    """A link that came from the old app has no time to refresh: it is due at first use."""
    return access == stale or link.refresh_at is None or link.refresh_at <= instants.now()


def _may_retry(link: Link) -> bool:
    return link.problem_since is None or link.problem_since + PAUSE <= instants.now()


def _old_token_or_raise(error: TraktError, link: Link, good: str | None) -> str:
    """The old access token while it lasts."""
    if good and link.expires_at and link.expires_at > instants.now():
        return good
    raise error
