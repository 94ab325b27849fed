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
    "started": ("scrobble", push_scrobbles.send),
    "paused": ("scrobble", push_scrobbles.send),
    "stopped": ("scrobble", push_scrobbles.send),
    "watched": ("history", push_plays.watched),
    "unwatched": ("history", push_plays.unwatched),
    "rated": ("ratings", push_lists.rated),
    "unrated": ("ratings", push_lists.unrated),
    "listed": ("watchlist", push_lists.listed),
    "unlisted": ("watchlist", push_lists.unlisted),
    "hidden": ("hidden", push_lists.hidden),
}
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
FOR_SOMEBODY = timedelta(minutes=15)  # until an admin or the member has mended what is wrong
PATIENCE = 20  # tries, until an answer without sense parks a row; most of a day
SPOILT_BY_ONE = (Invalid, AccountLimit)  # of a batch; each alone may fare better
# What is wrong with the link or the app, not with the row: it waits until somebody acts.
OF_THE_LINK = ("not_configured", "app_refused", "reconnect", "locked")


def push(conn: Connection, client: Client, user_id: int) -> None:
    """Until nothing is due; the first failure of the outside ends the run and raises TraktError."""
    with transaction(conn):
        outbox.release_stale_claims(conn, user_id)
    while letters := _claimed(conn, user_id):
        batches = list(_batches(letters))
        for place, batch in enumerate(batches):
            try:
                _send(conn, client, batch)
            except TraktError as error:
                rest = [letter for later in batches[place + 1 :] for letter in later]
                _put_back(conn, rest, error)
                raise


def _claimed(conn: Connection, user_id: int) -> list[OutboxEntry]:
    with transaction(conn):
        return outbox.claim(conn, user_id, instants.now())


def _batches(letters: list[OutboxEntry]) -> Iterator[list[OutboxEntry]]:
    """As few requests as keep the order within each of Trakt's lists."""
    for name in dict.fromkeys(name for name, _send_them in SENDERS.values()):
        of_list = [letter for letter in letters if _list_of(letter) == name]
        yield from (list(batch) for _key, batch in groupby(of_list, key=_together))


def _list_of(letter: OutboxEntry) -> str:
    """A film that was on and has ended comes between what was on before it and after."""
    was_on = letter.act == "watched" and letter.progress is not None
    return SENDERS["stopped" if was_on else letter.act][0]


def _together(letter: OutboxEntry) -> tuple[str, int]:
    """What one request can carry."""
    is_alone = letter.act == "hidden" or _list_of(letter) == "scrobble"
    return letter.act, letter.id if is_alone else 0


def _send(conn: Connection, client: Client, batch: list[OutboxEntry]) -> None:
    """Raises what ends the run; what only these rows are to blame for is written beside them."""
    guard = AccountGuard(conn, batch[0].user_id)
    try:
        outcome = SENDERS[batch[0].act][1](conn, client, batch)
    except TraktError as error:
        if isinstance(error, SPOILT_BY_ONE) and len(batch) > 1:
            for letter in batch:
                _send(conn, client, [letter])
            return
        _failed(conn, batch, error)
        if not error.permanent or error.code in OF_THE_LINK:
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
        _show(conn, [*outcome.sent, *outcome.there, *outcome.unknown])


def _failed(conn: Connection, batch: list[OutboxEntry], error: TraktError) -> None:
    now = instants.now()
    with transaction(conn):
        if error.code in OF_THE_LINK:
            outbox.postpone(conn, batch, now + FOR_SOMEBODY, error.code)
        elif error.permanent or _is_hopeless(batch, error):
            outbox.mark_failed(conn, batch, error.code, now)
        else:
            until = now + _wait(batch, error)
            outbox.postpone(conn, batch, until, error.code, maybe_sent=_may_have_arrived(error))
        _show(conn, batch)


def _show(conn: Connection, letters: list[OutboxEntry]) -> None:
    """Receipts of an evening stand on every screen."""
    if any(letter.week for letter in letters):
        watch_history.bump_state_version(conn)


def _put_back(conn: Connection, batch: list[OutboxEntry], error: TraktError) -> None:
    """Claimed but not tried, because the run ends."""
    with transaction(conn):
        outbox.postpone(conn, batch, instants.now() + _wait(batch, error), error.code)


def _wait(batch: list[OutboxEntry], error: TraktError) -> timedelta:
    if error.retry_after is not None:
        return min(timedelta(seconds=error.retry_after), LONGEST_WAIT)
    tries = max((letter.attempts for letter in batch), default=0)
    return min(FIRST_WAIT * (1 << min(tries, 10)), LONGEST_WAIT)


def _is_hopeless(batch: list[OutboxEntry], error: TraktError) -> bool:
    return isinstance(error, InvalidResponse) and batch[0].attempts >= PATIENCE


def _may_have_arrived(error: TraktError) -> bool:
    return isinstance(error, InvalidResponse) or (
        isinstance(error, Unavailable) and error.may_have_arrived
    )
