"""Signatures of cookies and CSRF tokens, computed once for each text instead of at every request.

Who may act is not decided here: that is the row of the session, which every request looks up.
"""

from typing import Any

from flask import Flask, Request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_wtf import CSRFProtect

MOST = 256  # of a household's devices


class Cookies(SecureCookieSessionInterface):
    def __init__(self) -> None:
        self._good: dict[str, dict[str, Any]] = {}

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        text = request.cookies.get(self.get_cookie_name(app), "")
        if (values := self._good.get(text)) is not None:
            return self.session_class(values)
        opened = super().open_session(app, request)
        # What holds a list (of things to say) is for one request, and the list may be changed.
        if opened and all(isinstance(value, str | bool) for value in opened.values()):
            _remember(self._good, text, dict(opened))
        return opened


class Tokens(CSRFProtect):  # type: ignore[misc]  # it comes without types
    def __init__(self, app: Flask) -> None:
        self._good: dict[tuple[str, str], bool] = {}
        super().__init__(app)

    def protect(self, apply_exemptions: bool = False) -> None:
        """A token that was found to be this session's stays so, because it has no time limit."""
        pair = (self._get_csrf_token() or "", session.get("csrf_token", ""))
        if pair not in self._good:
            super().protect(apply_exemptions)
            _remember(self._good, pair, True)


def _remember(good: dict[Any, Any], text: Any, value: Any) -> None:
    if len(good) >= MOST:
        good.clear()
    good[text] = value
