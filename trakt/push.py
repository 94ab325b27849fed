"""Send what waits in the outbox: claimed, sent with no transaction open, and marked by its answer.

The caller holds the member's lock, so a row found claimed belongs to a run that died: it may have
arrived. So may one whose answer was lost. A play is looked up before it is sent again, because
Trakt keeps every copy; ratings and lists take the same thing twice without harm.
"""

from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby

from db import Connection, outbox, transaction, watch_history
from db.outbox import OutboxEntry
from trakt import push_lists, push_plays, push_scrobbles
from trakt.account_guard import AccountGuard
from trakt.client import Client
from trakt.errors import AccountLimit, Invalid, InvalidResponse, TraktError, Unavailable
from trakt.push_outcome import Outcome
from utils import instants

SENDERS = {  # act -> (the list it changes, who sends it); a film that is on comes before history
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
UNTIL_SOMEBODY_ACTS = timedelta(minutes=15)  # until an admin or the member has mended what is wrong
MAX_TRIES = 20  # tries, until an answer without sense parks a row; most of a day
SPLIT_ON = (Invalid, AccountLimit)  # of a batch; each alone may fare better
# What is wrong with the link or the app, not with the row: it waits until somebody acts.
LINK_PROBLEMS = ("not_configured", "app_refused", "reconnect", "locked")


def push(conn: Connection, client: Client, user_id: int) -> None:
    """Until nothing is due; the first failure of the outside ends the run and raises TraktError."""
    with transaction(conn):
        outbox.release_stale_claims(conn, user_id)
    while entries := _claim(conn, user_id):
        batches = list(_batches(entries))
        for place, batch in enumerate(batches):
            try:
                _send(conn, client, batch)
            except TraktError as error:
                rest = [entry for later in batches[place + 1 :] for entry in later]
                _release(conn, rest, error)
                raise


def _claim(conn: Connection, user_id: int) -> list[OutboxEntry]:
    with transaction(conn):
        return outbox.claim(conn, user_id, instants.now())


def _batches(entries: list[OutboxEntry]) -> Iterator[list[OutboxEntry]]:
    """As few requests as keep the order within each of Trakt's lists."""
    for name in dict.fromkeys(name for name, _send_them in SENDERS.values()):
        of_list = [entry for entry in entries if _trakt_list(entry) == name]
        yield from (list(batch) for _key, batch in groupby(of_list, key=_batch_key))


def _trakt_list(entry: OutboxEntry) -> str:
    """A film that was on and has ended comes between what was on before it and after."""
    was_on = entry.act == "watched" and entry.progress is not None
    return SENDERS["stopped" if was_on else entry.act][0]


def _batch_key(entry: OutboxEntry) -> tuple[str, int]:
    """What one request can carry."""
    is_alone = entry.act == "hidden" or _trakt_list(entry) == "scrobble"
    return entry.act, entry.id if is_alone else 0


def _send(conn: Connection, client: Client, batch: list[OutboxEntry]) -> None:
    """Raises what ends the run; what only these rows are to blame for is written beside them."""
    guard = AccountGuard(conn, batch[0].user_id)
    try:
        outcome = SENDERS[batch[0].act][1](conn, client, batch)
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
        outbox.mark_done(conn, outcome.there, "there", now)
        outbox.mark_done(conn, outcome.stale, "dropped", now)
        outbox.mark_failed(conn, outcome.unknown, "not_found", now)
        if guard.is_same_account():
            outcome.settle(conn)
        _bump_if_on_screens(conn, [*outcome.sent, *outcome.there, *outcome.unknown])


def _mark_failed(conn: Connection, batch: list[OutboxEntry], error: TraktError) -> None:
    now = instants.now()
    with transaction(conn):
        if error.code in LINK_PROBLEMS:
            outbox.postpone(conn, batch, now + UNTIL_SOMEBODY_ACTS, error.code)
        elif error.permanent or _is_hopeless(batch, error):
            outbox.mark_failed(conn, batch, error.code, now)
        else:
            until = now + _retry_delay(batch, error)
            outbox.postpone(conn, batch, until, error.code, maybe_sent=_may_have_arrived(error))
        _bump_if_on_screens(conn, batch)


def _bump_if_on_screens(conn: Connection, entries: list[OutboxEntry]) -> None:
    """Receipts of an evening stand on every screen."""
    if any(entry.week for entry in entries):
        watch_history.bump_state_version(conn)


def _release(conn: Connection, batch: list[OutboxEntry], error: TraktError) -> None:
    """Claimed but not tried, because the run ends."""
    with transaction(conn):
        outbox.postpone(conn, batch, instants.now() + _retry_delay(batch, error), error.code)


def _retry_delay(batch: list[OutboxEntry], error: TraktError) -> timedelta:
    if error.retry_after is not None:
        return min(timedelta(seconds=error.retry_after), LONGEST_WAIT)
    tries = max((entry.attempts for entry in batch), default=0)
    return min(FIRST_WAIT * (1 << min(tries, 10)), LONGEST_WAIT)


def _is_hopeless(batch: list[OutboxEntry], error: TraktError) -> bool:
    return isinstance(error, InvalidResponse) and batch[0].attempts >= MAX_TRIES


def _may_have_arrived(error: TraktError) -> bool:
    return isinstance(error, InvalidResponse) or (
        isinstance(error, Unavailable) and error.may_have_arrived
    )
