"""What a run writes is of the account it began with: whoever unlinks meanwhile stays unlinked."""

from collections.abc import Iterator
from contextlib import contextmanager

from db import Connection, trakt_auth, transaction
from trakt.errors import LinkRevoked


class AccountGuard:
    def __init__(self, conn: Connection, user_id: int) -> None:
        self.conn, self.user_id = conn, user_id
        self._account = trakt_auth.account(conn, user_id)

    @property
    def is_same_account(self) -> bool:
        """Whether the member still has the same account; ask inside a transaction."""
        return trakt_auth.account(self.conn, self.user_id) == self._account

    @contextmanager
    def transaction(self, *, lasts: bool = True) -> Iterator[None]:
        """Raises Reconnect instead, once the link is another or none. `lasts`: see db."""
        with transaction(self.conn, lasts=lasts):
            if not self.is_same_account:
                raise LinkRevoked("the link ended meanwhile")
            yield
