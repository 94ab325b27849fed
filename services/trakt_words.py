"""Words for what travels to and from Trakt: steps of a sync, what waits, receipts of an evening."""

from typing import Any

from db.outbox_view import Receipt, Unsent
from db.trakt_auth import Link
from trakt import errors
from utils.titles import stand_in
from utils.translation import N_, ngettext
from utils.translation import gettext as _

STEP_SENTENCES = {
    "watched": N_("Films you have seen: {done} of {total}"),
    "ratings": N_("Your ratings: {done} of {total}"),
    "watchlist": N_("Your watchlist: {done} of {total}"),
}
BEGINNING = N_("Asking Trakt what is new …")
ACTION_SENTENCES = {
    "watched": N_("You have seen {title}"),
    "unwatched": N_("You have not seen {title} after all"),
    "rated": N_("You gave {title} {rating} of 10"),
    "unrated": N_("You took back your rating of {title}"),
    "listed": N_("You want to see {title}"),
    "unlisted": N_("You no longer want to see {title}"),
    "hidden": N_("{title} is not for you"),
    "started": N_("You are watching {title}"),
    "paused": N_("You paused {title}"),
    "stopped": N_("You stopped watching {title}"),
}
STATUSES = {  # of a row of the outbox -> of a receipt
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


def sync_step(name: str, done: int, total: int) -> str:
    """What a running sync is at."""
    return _(STEP_SENTENCES.get(name, BEGINNING)).format(done=done, total=total)


def outbox_entry(waiting: Unsent, link: Link | None = None) -> dict[str, Any]:
    """One row that has not reached Trakt."""
    title = waiting.title or stand_in(waiting.tmdb_id, waiting.kind)
    return {
        "id": waiting.id,
        "sentence": _(ACTION_SENTENCES[waiting.act]).format(title=title, rating=waiting.rating)
        + ".",
        "problem": _problem(waiting, link),
        "code": waiting.problem,
        "is_parked": waiting.status == "parked",
        "is_on_its_way": waiting.status == "claimed",
    }


def _problem(waiting: Unsent, link: Link | None) -> str:
    """A full list is told with the number that Trakt gives for this account."""
    if waiting.problem is None:
        return ""
    limit = link.limits.get("watchlist") if link else None
    most = limit.get("item_count") if isinstance(limit, dict) else None
    if waiting.problem == errors.AccountLimit.code and waiting.act == "listed" and most:
        return _full(most, is_vip=bool(link and link.is_vip))
    return errors.sentence(waiting.problem)


def _full(most: int, *, is_vip: bool) -> str:
    if is_vip:
        text = ngettext(
            "Your Trakt watchlist is full: your VIP account has room for {n} title there."
            " Remove something at Trakt.",
            "Your Trakt watchlist is full: your VIP account has room for {n} titles there."
            " Remove something at Trakt.",
            most,
        )
    else:
        text = ngettext(
            "Your Trakt watchlist is full: a free account has room for {n} title there."
            " Remove something at Trakt, or get more room with Trakt VIP.",
            "Your Trakt watchlist is full: a free account has room for {n} titles there."
            " Remove something at Trakt, or get more room with Trakt VIP.",
            most,
        )
    return text.format(n=most)


def receipt_body(of: Receipt) -> dict[str, Any]:
    """As the contract has it."""
    return {
        "member": of.member,
        "tmdb_id": of.tmdb_id,
        "status": STATUSES[of.status],
        "detail": receipt_detail(of),
    }


def receipt_detail(of: Receipt) -> str:
    if of.status == "dropped":
        return _(DROPPED)
    if of.status is None and of.is_linked:
        return _(NOT_SENT)
    return errors.sentence(of.problem) if of.problem else ""
