"""Errors of Trakt, with the codes that are stored; utils/messages.py has their sentences.

TraktError
├── NotConfigured    the household has no Trakt app
├── AppRefused       403: the app is unknown, removed, or lacks a permission
├── LinkRevoked      401: the member's link has ended
├── AccountLimit     420: the member's list is full
├── VipOnly          426
├── Locked           423: the member's account is locked or deactivated
├── NotFound         404
├── Invalid          400, 405, 412, 422: the same request cannot succeed
├── Conflict         409: another check-in or scrobble is running, or this one just counted
├── SlowDown         429, or a longer wait than the call may take
├── Unavailable      5xx, no answer, or none in time
│   └── Blocked      403 in HTML, from the edge in front of Trakt
└── InvalidResponse  a response that cannot be read
"""

from collections.abc import Mapping
from typing import Any, ClassVar

FAILED_HERE = "failed_here"  # the stored code of a sync that a bug of Movie Night ended


class TraktError(Exception):
    """`detail` is for the log: a status and a path, never a token or a body."""

    code: ClassVar[str]
    permanent: ClassVar[bool] = True  # repeating the call fails until a member or an admin acts

    def __init__(
        self,
        detail: str = "",
        retry_after: float | None = None,
        may_have_arrived: bool = False,
        status: int | None = None,
    ) -> None:
        super().__init__(f"{self.code}: {detail}" if detail else self.code)
        self.retry_after = retry_after  # seconds, if Trakt named them
        # Trakt may have done this write: it is looked up before it is sent again.
        self.may_have_arrived = may_have_arrived
        self.status = status  # of the response, None if there was none


class NotConfigured(TraktError):
    code = "not_configured"


class AppRefused(TraktError):
    code = "app_refused"


class LinkRevoked(TraktError):
    code = "reconnect"


class AccountLimit(TraktError):
    code = "account_limit"


class VipOnly(TraktError):
    code = "vip_only"


class Locked(TraktError):
    code = "locked"


class NotFound(TraktError):
    code = "not_found"


class Invalid(TraktError):
    code = "invalid"


class Conflict(TraktError):
    """`body` is Trakt's, such as the `expires_at` of the running check-in; {} if it sent none."""

    code = "conflict"

    def __init__(
        self, detail: str = "", body: Mapping[str, Any] | None = None, **known: Any
    ) -> None:
        super().__init__(detail, **known)
        self.body = body or {}


class SlowDown(TraktError):
    code = "slow_down"
    permanent = False


class Unavailable(TraktError):
    code = "unavailable"
    permanent = False


class Blocked(Unavailable):
    code = "blocked"


class InvalidResponse(TraktError):
    code = "garbage"
    permanent = False


def from_code(code: str | None) -> TraktError | None:
    """Return an error with this stored code, None if no error has it."""
    kinds: list[type[TraktError]] = [*TraktError.__subclasses__(), Blocked]
    for kind in kinds:
        if kind.code == code:
            return kind("as before")
    return None
