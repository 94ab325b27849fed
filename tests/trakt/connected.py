"""A household with a Trakt app, beside a fake Trakt; both run on the tests' clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
import requests
from werkzeug.test import TestResponse

import db
from db import Connection, trakt_auth
from db.trakt_auth import Link
from services import sync_queue
from tests.conftest import Clock, Household, Person
from tests.fake_trakt import Account, FakeTrakt

PUBLIC_URL = "https://film.example"
CALLBACK = f"{PUBLIC_URL}/auth/trakt/callback"


class Connected:
    def __init__(self, household: Household, trakt: FakeTrakt, clock: Clock) -> None:
        self.app, self.trakt, self.clock = household.app, trakt, clock
        self.registered = trakt.register(redirects=[CALLBACK])
        self.app.config.update(
            PUBLIC_URL=PUBLIC_URL,
            TRAKT_CLIENT_ID=self.registered.client_id,
            TRAKT_CLIENT_SECRET=self.registered.secret,
            TRAKT_API_URL=trakt.api_url,
            TRAKT_AUTH_URL=trakt.auth_url,
        )

    def sign_in_at_trakt(self, person: Person, account: Account, answer: str = "approve") -> str:
        """Off to Trakt and its page answered: the path and query that the browser comes back to."""
        gone = person.client.get("/auth/trakt/login")
        assert gone.status_code == 303, gone.text
        account.consent = answer
        back = requests.get(gone.headers["Location"], allow_redirects=False, timeout=5)
        account.consent = ""
        assert back.status_code == 302, back.text
        address = back.headers["Location"]
        assert address.startswith(CALLBACK)
        return address.removeprefix(PUBLIC_URL)

    def link(self, person: Person, account: Account) -> TestResponse:
        """Answers once the first sync, which begins by itself, has ended as well."""
        answer = person.client.get(self.sign_in_at_trakt(person, account))
        assert sync_queue.executor(self.app).wait(20)
        return answer

    def linked(self, person: Person, username: str = "ana-films") -> Account:
        """A member with a link, without the way there being looked at."""
        account = self.trakt.account(username)
        assert self.link(person, account).status_code == 303
        return account

    @contextmanager
    def conn(self) -> Iterator[Connection]:
        with self.app.app_context():
            yield db.get_db()

    def row(self, person: Person) -> Link | None:
        with self.conn() as conn:
            return trakt_auth.get(conn, person.id)

    def count(self, table: str) -> int:
        with self.conn() as conn:
            return int(conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def audit(self) -> list[tuple[str, int | None, int | None, str]]:
        with self.conn() as conn:
            rows = conn.execute(
                "SELECT action, actor_id, subject_id, detail FROM audit_log"
                " WHERE action IN ('linked', 'unlinked', 'link_refused', 'refresh_failed')"
                " ORDER BY id"
            )
            return [tuple(row) for row in rows]

    def tokens(self) -> int:
        """Return the number of token requests."""
        return self.trakt.count("/oauth/token")


def path_of(url: str) -> str:
    return urlsplit(url).path


@pytest.fixture
def connected(household: Household, fake_trakt: FakeTrakt, clock: Clock) -> Connected:
    return Connected(household, fake_trakt, clock)
