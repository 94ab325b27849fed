"""What an answer's status means; the table is Trakt's."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from trakt.errors import (
    AccountLimit,
    AppRefused,
    Blocked,
    Conflict,
    Invalid,
    InvalidResponse,
    LinkRevoked,
    Locked,
    NotFound,
    SlowDown,
    TraktError,
    Unavailable,
    VipOnly,
)
from utils import instants
from utils.http import Answer

KINDS: Mapping[int, type[TraktError]] = {
    401: LinkRevoked,
    404: NotFound,
    409: Conflict,
    420: AccountLimit,
    423: Locked,
    426: VipOnly,
    429: SlowDown,
}


def error_from_response(answer: Answer, call: str, *, is_write: bool) -> TraktError:
    """The error that an answer other than 2xx stands for; `call` is its method and path."""
    status = answer.status
    known: dict[str, Any] = {"detail": f"{call} {status}", "status": status}
    if status == 409:
        return Conflict(body=_details(answer), **known)
    if status == 403:
        # In HTML it comes from the edge, which knows no app and may let us pass later.
        return Blocked(**known) if is_html(answer) else AppRefused(**known)
    if status >= 500:
        wait = retry_after(answer)
        return Unavailable(retry_after=wait, may_have_arrived=is_write, **known)
    if status >= 400:
        return KINDS.get(status, Invalid)(retry_after=retry_after(answer), **known)
    return InvalidResponse(**known)  # a redirect: somebody else's sign-in page


def is_html(answer: Answer) -> bool:
    return "html" in answer.headers.get("Content-Type", "").lower()


def retry_after(answer: Answer) -> float | None:
    """Seconds, from a number or a date; None when there is neither."""
    text = answer.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])  # never infinite
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max((_aware(until) - instants.now()).total_seconds(), 0.0)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _details(answer: Answer) -> Mapping[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
