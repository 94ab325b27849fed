"""The lines under an evening: what became of each person's play at Trakt."""

from collections import defaultdict
from typing import Any

from db import Connection, outbox_view
from db.outbox_view import Receipt
from services import dates, films, trakt_words
from trakt import errors
from utils import instants
from utils.instants import from_text
from utils.translation import N_
from utils.translation import gettext as _

WORDS = {  # of a row of the outbox -> at the end of its line
    "waiting": N_("waiting"),
    "claimed": N_("on its way"),
    "sent": N_("sent"),
    "there": N_("already there"),
    "parked": N_("not sent"),
    "dropped": N_("not sent"),
}

REASONS = {  # codes of trakt/errors.py, as the others are told them
    "not_configured": N_("Trakt is not set up here"),
    "app_refused": N_("Trakt refuses this household’s app"),
    "blocked": N_("Trakt turns this server away for now"),
    "reconnect": N_("the link with Trakt has ended"),
    "account_limit": N_("the list at Trakt is full"),
    "vip_only": N_("Trakt keeps this for VIP members"),
    "locked": N_("Trakt has locked the account"),
    "not_found": N_("Trakt does not know this film"),
    "invalid": N_("Trakt did not accept it"),
    "conflict": N_("Trakt shows them watching something else"),
    "slow_down": N_("Trakt asks us to wait a while"),
    "unavailable": N_("Trakt does not answer right now"),
    "garbage": N_("Trakt’s answer made no sense"),
}


def lines(conn: Connection, week: str, user_id: int) -> dict[int, list[dict[str, Any]]]:
    """Of each film, as this member reads them; none where nobody has anything to do with Trakt."""
    by_film: defaultdict[int, list[Receipt]] = defaultdict(list)
    for receipt in outbox_view.receipts(conn, week):
        by_film[receipt.tmdb_id].append(receipt)
    return {
        tmdb_id: [_line(receipt, user_id) for receipt in receipts]
        for tmdb_id, receipts in by_film.items()
        if any(receipt.is_linked or receipt.status for receipt in receipts)
    }


def removals(conn: Connection, week: str, user_id: int) -> list[dict[str, Any]]:
    """What was taken back here and not at Trakt yet, as this member reads it."""
    return [
        _line(receipt, user_id) | {"title": films.film_title(conn, receipt.tmdb_id)}
        for receipt in outbox_view.removals(conn, week)
    ]


def reason(code: str, *, is_mine: bool) -> str:
    """Why something has not reached Trakt; whose it is, learns the next step as well."""
    return errors.sentence(code) if is_mine else _(REASONS[code]) + "."


def _line(of: Receipt, user_id: int) -> dict[str, Any]:
    is_mine = of.user_id == user_id
    return {
        "name": of.member,
        "words": _words(of),
        "why": _why(of, is_mine),
        "code": of.problem if of.status in ("waiting", "parked") else None,
        "is_failed": of.status == "parked",
        "again": of.outbox_id if is_mine and of.status == "parked" else None,
    }


def _words(of: Receipt) -> str:
    if of.status is None:
        return _("not sent") if of.is_linked else _("not linked")
    return _(WORDS[of.status])


def _why(of: Receipt, is_mine: bool) -> str:
    if of.status in ("waiting", "parked") and of.problem:
        return f"{reason(of.problem, is_mine=is_mine)} {_when(of)}".rstrip()
    return trakt_words.receipt_detail(of) if of.status in (None, "dropped") else ""


def _when(of: Receipt) -> str:
    """The next try, where one is ahead that nobody has to do anything for."""
    error = errors.of(of.problem)
    if of.status != "waiting" or error is None or error.permanent or not of.next_try_at:
        return ""
    if from_text(of.next_try_at) <= instants.now():
        return ""
    return _("The next try is at {hour}.").format(hour=dates.hour(of.next_try_at))
