"""Cache of verified signatures of session cookies and CSRF tokens.

It grants no access: every request looks up the session's row (http/auth.py).
"""

from typing import Any

from flask import Flask, Request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_wtf import CSRFProtect

MAX_ENTRIES = 256  # more than a household has devices


class CachedSessionInterface(SecureCookieSessionInterface):
    def __init__(self) -> None:
        self._verified: dict[str, dict[str, Any]] = {}

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        text = request.cookies.get(self.get_cookie_name(app), "")
        if (values := self._verified.get(text)) is not None:
            return self.session_class(values)
        opened = super().open_session(app, request)
        # A session with a list (flash messages) is not cached: the list is shared and mutable.
        if opened and all(isinstance(value, str | bool) for value in opened.values()):
            _store(self._verified, text, dict(opened))
        return opened


class CachedCsrf(CSRFProtect):  # type: ignore[misc]  # flask_wtf has no types
    def __init__(self, app: Flask) -> None:
        self._verified: dict[tuple[str, str], bool] = {}
        super().__init__(app)

    def protect(self, apply_exemptions: bool = False) -> None:
        """Check the CSRF token; a verified one stays valid, as it has no time limit."""
        pair = (self._get_csrf_token() or "", session.get("csrf_token", ""))
        if pair not in self._verified:
            super().protect(apply_exemptions)
            _store(self._verified, pair, True)


def _store(cache: dict[Any, Any], key: Any, value: Any) -> None:
    if len(cache) >= MAX_ENTRIES:
        cache.clear()
    cache[key] = value
