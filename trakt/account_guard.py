"""What a run writes belongs to the account it began with; who unlinks meanwhile stays unlinked."""

from db import Connection, trakt_auth
from trakt.errors import LinkRevoked


class AccountGuard:
    """Remembers a member's Trakt account; ask it again inside each transaction of a run."""

    def __init__(self, conn: Connection, user_id: int) -> None:
        self.conn, self.user_id = conn, user_id
        self._account = trakt_auth.account(conn, user_id)

    def is_same_account(self) -> bool:
        return trakt_auth.account(self.conn, self.user_id) == self._account

    def check(self) -> None:
        """Raise LinkRevoked once the link leads to another account or is gone."""
        if not self.is_same_account():
            raise LinkRevoked("the link ended meanwhile")
