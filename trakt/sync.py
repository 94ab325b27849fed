"""A member's sync: pull what changed at Trakt, then push the outbox. One run at a time."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any

from db import Connection, DatabaseError, outbox, trakt_auth, trakt_sync, transaction
from trakt import application, tokens
from trakt.accounts import AccountGuard
from trakt.client import Client
from trakt.errors import FAILED_HERE, TraktError
from trakt.pull import pull
from trakt.push import push
from utils import instants, locks


def member_client(conn: Connection, config: Mapping[str, Any], user_id: int) -> Client:
    """Return a client for a linked member; raises NotConfigured without a Trakt app."""
    app = application.require(conn, config)
    return Client(app, tokens.token_source(conn, config, app, user_id), user_id)


def sync(conn: Connection, config: Mapping[str, Any], user_id: int) -> bool:
    """Pull, then push; return False if another run of the member is in progress.

    An error is stored as the run's problem, then raised.
    """
    with locks.try_acquire(_run_lock(config, user_id)) as is_ours:
        if not is_ours:
            return False
        guard = AccountGuard(conn, user_id)
        with transaction(conn):
            guard.check()
            trakt_sync.start_run(conn, user_id, instants.now())
            outbox.make_due_now(conn, user_id, instants.now())
        try:
            client = member_client(conn, config, user_id)
            pull(conn, client, user_id, instants.now())
            with _acquire_account(conn, config, user_id):
                push(conn, client, user_id)
        except Exception as error:
            _record_failure(guard, error.code if isinstance(error, TraktError) else FAILED_HERE)
            raise
        with transaction(conn):
            guard.check()
            trakt_sync.finish_run(conn, user_id, instants.now())
        return True


def push_only(conn: Connection, config: Mapping[str, Any], user_id: int) -> bool:
    """Push the outbox; return False if a run in progress will do so."""
    with locks.try_acquire(_run_lock(config, user_id)) as is_ours:
        if is_ours:
            client = member_client(conn, config, user_id)
            with _acquire_account(conn, config, user_id):
                push(conn, client, user_id)
        return is_ours


def is_running(config: Mapping[str, Any], user_id: int) -> bool:
    return locks.is_acquired(_run_lock(config, user_id))


def _run_lock(config: Mapping[str, Any], user_id: int) -> Path:
    return Path(config["DATA_DIR"], "locks", f"trakt-sync-{user_id}.lock")


def _acquire_account(
    conn: Connection, config: Mapping[str, Any], user_id: int
) -> AbstractContextManager[None]:
    """Wait until no other member of the account pushes: this run then finds what they sent."""
    first_id = trakt_auth.first_member_of_account(conn, user_id)
    return locks.acquire(Path(config["DATA_DIR"], "locks", f"trakt-push-{first_id}.lock"))


def _record_failure(guard: AccountGuard, problem: str) -> None:
    """Store the problem, unless the database itself fails."""
    with suppress(DatabaseError), transaction(guard.conn):
        if guard.is_same_account():
            trakt_sync.fail_run(guard.conn, guard.user_id, problem, instants.now())
