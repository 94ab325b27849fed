"""Receipts of an evening: the status of each member's play at Trakt."""

from collections import defaultdict
from typing import Any

from db import Connection, outbox_view, settings
from db.outbox_view import Receipt
from services import dates, films
from trakt import errors
from utils import instants, messages
from utils.instants import from_text
from utils.translation import N_
from utils.translation import gettext as _

STATUSES = {  # status of an outbox entry -> status in the API
    None: "not linked",
    "waiting": "waiting",
    "claimed": "waiting",
    "sent": "sent",
    "there": "already there",
    "parked": "failed",
    "dropped": "failed",
}
NOT_SENT = N_("Marked before the account was linked, or with sending switched off.")
DROPPED = N_("Not sent, as you chose.")


def bodies(conn: Connection, week: str, tmdb_id: int | None = None) -> list[dict[str, Any]]:
    """Return the API's receipts of a week, or of one of its films."""
    return [
        {
            "member": receipt.member,
            "tmdb_id": receipt.tmdb_id,
            "status": STATUSES[receipt.status],
            "detail": _detail(receipt),
        }
        for receipt in outbox_view.receipts(conn, week)
        if tmdb_id in (None, receipt.tmdb_id)
    ]


def lines(conn: Connection, week: str, user_id: int) -> dict[int, list[dict[str, Any]]]:
    """Return the lines for each film, as shown to this member.

    A film without a linked viewer or an outbox entry has none.
    """
    by_film: defaultdict[int, list[Receipt]] = defaultdict(list)
    for receipt in outbox_view.receipts(conn, week):
        by_film[receipt.tmdb_id].append(receipt)
    return {
        tmdb_id: [_line(conn, receipt, user_id) for receipt in receipts]
        for tmdb_id, receipts in by_film.items()
        if any(receipt.is_linked or receipt.status for receipt in receipts)
    }


def removals(conn: Connection, week: str, user_id: int) -> list[dict[str, Any]]:
    """Return the lines of plays whose removal has not reached Trakt."""
    return [
        _line(conn, receipt, user_id) | {"title": films.film_title(conn, receipt.tmdb_id)}
        for receipt in outbox_view.removals(conn, week)
    ]


def problem(code: str, *, is_mine: bool) -> str:
    """Return the sentence of a problem; the entry's own member also reads the next step."""
    return messages.trakt(code) if is_mine else messages.trakt_for_others(code)


def _line(conn: Connection, receipt: Receipt, user_id: int) -> dict[str, Any]:
    is_mine = receipt.user_id == user_id
    return {
        "name": receipt.member,
        "words": _words(receipt),
        "why": _why(conn, receipt, is_mine),
        "code": receipt.problem if receipt.status in ("waiting", "parked") else None,
        "is_failed": receipt.status == "parked",
        "again": receipt.outbox_id if is_mine and receipt.status == "parked" else None,
    }


def _words(receipt: Receipt) -> str:
    if receipt.status is None:
        return _("not sent") if receipt.is_linked else _("not linked")
    return messages.outbox_status(receipt.status)


def _why(conn: Connection, receipt: Receipt, is_mine: bool) -> str:
    if receipt.status in ("waiting", "parked") and receipt.problem:
        return f"{problem(receipt.problem, is_mine=is_mine)} {_next_try(conn, receipt)}".rstrip()
    return _detail(receipt) if receipt.status in (None, "dropped") else ""


def _next_try(conn: Connection, receipt: Receipt) -> str:
    """Return the time of the next try, "" if it is past or a member has to act first."""
    error = errors.from_code(receipt.problem)
    if receipt.status != "waiting" or error is None or error.permanent or not receipt.next_try_at:
        return ""
    if from_text(receipt.next_try_at) <= instants.now():
        return ""
    hour = dates.hour(settings.schedule(conn), receipt.next_try_at)
    return _("The next try is at {hour}.").format(hour=hour)


def _detail(receipt: Receipt) -> str:
    if receipt.status == "dropped":
        return _(DROPPED)
    if receipt.status is None and receipt.is_linked:
        return _(NOT_SENT)
    return messages.trakt(receipt.problem) if receipt.problem else ""
