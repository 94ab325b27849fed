"""Who links an account: a member their own, in a browser, or the machine's owner for a member."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from blueprints import audited
from blueprints.gate import as_me, me
from db import Connection, audit, get_db, transaction, users
from rules import Refused


@dataclass(frozen=True)
class Actor:
    user_id: int  # whose link it becomes
    transaction: Callable[[], AbstractContextManager[Connection]]  # Refused once they may no longer
    note: Callable[..., None]  # as audit.note


def signed_in() -> Actor:
    return Actor(me().id, as_me, audited.note)


def owner_for(user_id: int) -> Actor:
    """On the command line, where nobody is signed in."""

    @contextmanager
    def as_owner() -> Iterator[Connection]:
        with transaction(conn := get_db()):
            member = users.get(conn, user_id)
            if member.is_retired:
                raise Refused("retired", name=member.name)
            yield conn

    return Actor(user_id, as_owner, audit.note)
