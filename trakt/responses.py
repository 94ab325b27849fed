"""Trakt's responses: the error that a status stands for, and the outcome of a write."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

from db import Connection
from db.outbox import OutboxEntry
from trakt import items
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

ERRORS: Mapping[int, type[TraktError]] = {
    401: LinkRevoked,
    404: NotFound,
    409: Conflict,
    420: AccountLimit,
    423: Locked,
    426: VipOnly,
    429: SlowDown,
}


@dataclass
class Outcome:
    """The entries of a batch by what became of them."""

    sent: list[OutboxEntry] = field(default_factory=list)
    already_present: list[OutboxEntry] = field(default_factory=list)
    not_found: list[OutboxEntry] = field(default_factory=list)  # Trakt does not know the title
    dropped: list[OutboxEntry] = field(default_factory=list)  # too old to be worth sending
    # Writes what follows from the sent entries, in the transaction that marks them.
    apply: Callable[[Connection], None] = lambda _conn: None


def outcome_from_response(entries: list[OutboxEntry], body: Any) -> Outcome:
    """Return all entries as sent, except for titles that a 2xx response names as not found."""
    missing = not_found(body)
    return Outcome(
        sent=[entry for entry in entries if (entry.kind, entry.tmdb_id) not in missing],
        not_found=[entry for entry in entries if (entry.kind, entry.tmdb_id) in missing],
    )


def not_found(body: Any) -> set[tuple[str, int]]:
    """Return (kind, TMDB id) of the titles that a 2xx response to a write names as not found."""
    if not isinstance(body, Mapping):
        raise InvalidResponse("a write was answered without a body")
    missing = body.get("not_found")
    found: set[tuple[str, int]] = set()
    for trakt_kind, kind in items.KINDS.items():
        rows = missing.get(f"{trakt_kind}s") if isinstance(missing, Mapping) else None
        for row in rows if isinstance(rows, list) else []:
            ids = row.get("ids") if isinstance(row, Mapping) else None
            tmdb_id = items.whole_number(ids.get("tmdb")) if isinstance(ids, Mapping) else None
            if tmdb_id:
                found.add((kind, tmdb_id))
    return found


def error_from_response(response: Answer, call: str, *, is_write: bool) -> TraktError:
    """Return the error for a response other than 2xx; `call` is its method and path."""
    status = response.status
    known: dict[str, Any] = {"detail": f"{call} {status}", "status": status}
    if status == 409:
        return Conflict(body=_json_object(response), **known)
    if status == 403:
        # HTML comes from the edge in front of Trakt, which may let the same call pass later.
        return Blocked(**known) if is_html(response) else AppRefused(**known)
    if status >= 500:
        wait = retry_after(response)
        return Unavailable(retry_after=wait, may_have_arrived=is_write, **known)
    if status >= 400:
        return ERRORS.get(status, Invalid)(retry_after=retry_after(response), **known)
    return InvalidResponse(**known)  # a redirect, such as to the sign-in page of a network


def is_html(response: Answer) -> bool:
    return "html" in response.headers.get("Content-Type", "").lower()


def retry_after(response: Answer) -> float | None:
    """Return the header's number or date as seconds, None if it holds neither."""
    text = response.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])  # never infinite
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    aware = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max((aware - instants.now()).total_seconds(), 0.0)


def _json_object(response: Answer) -> Mapping[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
