"""Who links an account: a member their own, in a browser, or the machine's owner for a member."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from blueprints.http import auth
from blueprints.http.auth import current_member, member_transaction
from db import Connection, audit, get_db, transaction, users
from rules import Refused


@dataclass(frozen=True)
class Actor:
    user_id: int  # whose link it becomes
    transaction: Callable[[], AbstractContextManager[Connection]]  # Refused once they may no longer
    note: Callable[..., None]  # as audit.note


def current_member_actor() -> Actor:
    return Actor(current_member().id, member_transaction, auth.record_audit)


def owner_actor(user_id: int) -> Actor:
    """On the command line, where nobody is signed in."""

    @contextmanager
    def as_owner() -> Iterator[Connection]:
        with transaction(conn := get_db()):
            member = users.get(conn, user_id)
            if member.is_retired:
                raise Refused("retired", name=member.name)
            yield conn

    return Actor(user_id, as_owner, audit.note)
