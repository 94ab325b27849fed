"""Sending of the outbox: claim entries, send them with no transaction open, mark the outcome.

The caller holds the member's lock, so an entry found claimed belongs to a run that died: it may
have been sent. So may one whose response was lost. A play is looked up before it is sent
again, because Trakt stores every copy; ratings and lists may be sent twice without harm.
"""

from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby

from db import Connection, outbox, transaction, watch_history
from db.outbox import OutboxEntry
from trakt import push_lists, push_plays, push_scrobbles
from trakt.accounts import AccountGuard
from trakt.client import Client
from trakt.errors import AccountLimit, Invalid, InvalidResponse, TraktError, Unavailable
from trakt.responses import Outcome
from utils import instants

# Act -> (the list at Trakt that it changes, its sender). Scrobbles are sent before the history.
SENDERS = {
    "started": ("scrobble", push_scrobbles.send_scrobble),
    "paused": ("scrobble", push_scrobbles.send_scrobble),
    "stopped": ("scrobble", push_scrobbles.send_scrobble),
    "watched": ("history", push_plays.send_watched),
    "unwatched": ("history", push_plays.send_unwatched),
    "rated": ("ratings", push_lists.send_rated),
    "unrated": ("ratings", push_lists.send_unrated),
    "listed": ("watchlist", push_lists.send_listed),
    "unlisted": ("watchlist", push_lists.send_unlisted),
    "hidden": ("hidden", push_lists.send_hidden),
}
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
LINK_WAIT = timedelta(minutes=15)  # between two tries while the link or the app has a problem
MAX_TRIES = 20  # most of a day, until a response that cannot be read fails an entry for good
SPLIT_ON = (Invalid, AccountLimit)  # errors of a batch whose entries may succeed one by one
# Problems of the link or the app, not of the entry, which waits until the member or an admin acts.
LINK_PROBLEMS = ("not_configured", "app_refused", "reconnect", "locked")


def push(conn: Connection, client: Client, user_id: int) -> None:
    """Send all due entries of a member.

    Raises TraktError at the first error that is not of an entry alone; the rest is postponed.
    """
    with transaction(conn):
        outbox.release_stale_claims(conn, user_id)
    while entries := _claim(conn, user_id):
        batches = list(_batches(entries))
        for place, batch in enumerate(batches):
            try:
                _send(conn, client, batch)
            except TraktError as error:
                rest = [entry for later in batches[place + 1 :] for entry in later]
                with transaction(conn):
                    until = instants.now() + _retry_delay(rest, error)
                    outbox.postpone(conn, rest, until, error.code)
                raise


def _claim(conn: Connection, user_id: int) -> list[OutboxEntry]:
    with transaction(conn):
        return outbox.claim(conn, user_id, instants.now())


def _batches(entries: list[OutboxEntry]) -> Iterator[list[OutboxEntry]]:
    """Yield as few batches as preserve the order within each of Trakt's lists."""
    for name in dict.fromkeys(name for name, _sender in SENDERS.values()):
        of_list = [entry for entry in entries if _trakt_list(entry) == name]
        yield from (list(batch) for _key, batch in groupby(of_list, key=_batch_key))


def _trakt_list(entry: OutboxEntry) -> str:
    """Return the list; a play of a film that was on is the last scrobble of that film."""
    was_on = entry.act == "watched" and entry.progress is not None
    return SENDERS["stopped" if was_on else entry.act][0]


def _batch_key(entry: OutboxEntry) -> tuple[str, int]:
    """Return a key that neighbours share if one request can carry them."""
    is_alone = entry.act == "hidden" or _trakt_list(entry) == "scrobble"
    return entry.act, entry.id if is_alone else 0


def _send(conn: Connection, client: Client, batch: list[OutboxEntry]) -> None:
    """Send a batch and mark its entries; raises the TraktErrors that end the run."""
    guard = AccountGuard(conn, batch[0].user_id)
    _list, sender = SENDERS[batch[0].act]
    try:
        outcome = sender(conn, client, batch)
    except TraktError as error:
        if isinstance(error, SPLIT_ON) and len(batch) > 1:
            for entry in batch:
                _send(conn, client, [entry])
            return
        _mark_failed(conn, batch, error)
        if not error.permanent or error.code in LINK_PROBLEMS:
            raise
    else:
        _mark(guard, outcome)


def _mark(guard: AccountGuard, outcome: Outcome) -> None:
    conn, now = guard.conn, instants.now()
    with transaction(conn):
        outbox.mark_done(conn, outcome.sent, "sent", now)
        outbox.mark_done(conn, outcome.already_present, "there", now)
        outbox.mark_done(conn, outcome.dropped, "dropped", now)
        outbox.mark_failed(conn, outcome.not_found, "not_found", now)
        if guard.is_same_account():
            outcome.apply(conn)
        _bump_if_shown(conn, [*outcome.sent, *outcome.already_present, *outcome.not_found])


def _mark_failed(conn: Connection, batch: list[OutboxEntry], error: TraktError) -> None:
    """Postpone the entries, or fail them for good if repeating cannot help."""
    now, is_unreadable = instants.now(), isinstance(error, InvalidResponse)
    with transaction(conn):
        if error.code in LINK_PROBLEMS:
            outbox.postpone(conn, batch, now + LINK_WAIT, error.code)
        elif error.permanent or (is_unreadable and batch[0].attempts >= MAX_TRIES):
            outbox.mark_failed(conn, batch, error.code, now)
        else:
            maybe_sent = is_unreadable or (
                isinstance(error, Unavailable) and error.may_have_arrived
            )
            until = now + _retry_delay(batch, error)
            outbox.postpone(conn, batch, until, error.code, maybe_sent=maybe_sent)
        _bump_if_shown(conn, batch)


def _bump_if_shown(conn: Connection, entries: list[OutboxEntry]) -> None:
    """Bump the state's version for entries of an evening, whose receipts are on every screen."""
    if any(entry.week for entry in entries):
        watch_history.bump_state_version(conn)


def _retry_delay(batch: list[OutboxEntry], error: TraktError) -> timedelta:
    if error.retry_after is not None:
        return min(timedelta(seconds=error.retry_after), LONGEST_WAIT)
    tries = max((entry.attempts for entry in batch), default=0)
    return min(FIRST_WAIT * (1 << min(tries, 10)), LONGEST_WAIT)
