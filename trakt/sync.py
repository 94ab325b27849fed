"""One member's sync: read what moved at Trakt, then send what waits. One at a time per member."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from db import Connection, DatabaseError, outbox, trakt_auth, trakt_sync, transaction
from trakt import application, tokens
from trakt.account_guard import AccountGuard
from trakt.client import Client
from trakt.errors import FAILED_HERE, TraktError
from trakt.pull import pull
from trakt.push import push
from utils import instants, locks

__all__ = ["is_running", "member_client", "pull", "push", "push_only", "sync"]


def member_client(conn: Connection, config: Mapping[str, Any], user_id: int) -> Client:
    """Acts for this member; raises NotConfigured without a Trakt app."""
    app = application.require(conn, config)
    return Client(app, tokens.token_source(conn, config, app, user_id), user_id)


def sync(conn: Connection, config: Mapping[str, Any], user_id: int) -> bool:
    """Both ways. False when a run of this member is on already; failures are kept, then raised."""
    with locks.try_acquire(_lock(config, user_id)) as is_ours:
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
            _push(conn, config, client, user_id)
        except Exception as error:
            _record_failure(guard, error.code if isinstance(error, TraktError) else FAILED_HERE)
            raise
        with transaction(conn):
            guard.check()
            trakt_sync.finish_run(conn, user_id, instants.now())
        return True


def push_only(conn: Connection, config: Mapping[str, Any], user_id: int) -> bool:
    """Only what waits; False while a run of this member is on, which sends it as well."""
    with locks.try_acquire(_lock(config, user_id)) as is_ours:
        if is_ours:
            _push(conn, config, member_client(conn, config, user_id), user_id)
        return is_ours


def _push(conn: Connection, config: Mapping[str, Any], client: Client, user_id: int) -> None:
    """One after the other, whoever shares an account: the second finds what the first has sent."""
    eldest = trakt_auth.first_member_of_account(conn, user_id)
    with locks.acquire(config["DATA_DIR"] / "locks" / f"trakt-push-{eldest}.lock"):
        push(conn, client, user_id)


def _record_failure(guard: AccountGuard, problem: str) -> None:
    """Store the failure if the database lets us: it may be what failed."""
    with suppress(DatabaseError), transaction(guard.conn):
        if guard.is_same_account():
            trakt_sync.fail_run(guard.conn, guard.user_id, problem, instants.now())


def is_running(config: Mapping[str, Any], user_id: int) -> bool:
    return locks.is_acquired(_lock(config, user_id))


def _lock(config: Mapping[str, Any], user_id: int) -> Any:
    return config["DATA_DIR"] / "locks" / f"trakt-sync-{user_id}.lock"
