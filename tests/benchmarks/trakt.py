"""The fake Trakt in a process of its own, and households that are linked to accounts there.

`python -m tests.benchmarks.trakt SPEED WATCHED...`: an account for each number of watched films.
"""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple, Self

import db
from db import trakt_auth
from tests.benchmarks.household import FIRST_FILM
from tests.benchmarks.processes import HOUSE
from tests.fake_trakt import Account, FakeTrakt
from trakt import tokens
from trakt.oauth import Tokens
from utils import instants, keys

RATED, WISHED = 5, 40  # of so many watched films one is rated, one more is wished for
KEY = "token-key"


class Asked(NamedTuple):
    """A request as the fake answered it."""

    method: str
    path: str
    username: str
    status: int
    sent: int
    received: int


class Trakt:
    """Started with `with`."""

    def __init__(self, *watched: int, speed: float = 0.0) -> None:
        """`speed` is of its rate limits; 0 switches them off."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(speed), *map(str, watched)],
            cwd=HOUSE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.told: dict[str, Any] = self._answer()

    @property
    def environment(self) -> dict[str, str]:
        names = ("TRAKT_API_URL", "TRAKT_AUTH_URL", "TRAKT_CLIENT_ID", "TRAKT_CLIENT_SECRET")
        return {name: self.told[name] for name in names}

    def config(self, folder: Path) -> dict[str, Any]:
        """What the app's configuration tells trakt/."""
        more = {"DATA_DIR": folder, "TRAKT_KEY": keys.load_or_make(folder / KEY)}
        return {**self.environment, **more, "TRAKT_REDIRECT_URI": "", "PUBLIC_URL": ""}

    def asked(self) -> list[Asked]:
        """Every request since the last time."""
        assert self._process.stdin
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return [Asked(*entry) for entry in self._answer()]

    def link(self, folder: Path, members: list[int]) -> None:
        """Each to an account, in that order."""
        key, now = keys.load_or_make(folder / KEY), instants.now()
        conn = db.connect(folder / "movie-night.db")
        with db.transaction(conn):
            for user_id, (name, access, refresh) in zip(
                members, self.told["accounts"], strict=False
            ):
                late = now + timedelta(days=7)
                pair = tokens.seal(Tokens(access, refresh, late, late), key, user_id)
                trakt_auth.store_link(conn, user_id, pair, now)
                trakt_auth.set_account(
                    conn, user_id, username=name, slug=name, uuid=name, is_vip=False, limits={}
                )
        conn.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(timeout=20)

    def _answer(self) -> Any:
        assert self._process.stdout
        return json.loads(self._process.stdout.readline())


def furnish(trakt: FakeTrakt, account: Account, watched: int) -> None:
    """Films that the benchmark's households know by the same TMDB ids."""
    long_ago = trakt.now() - timedelta(days=400)
    films = trakt.catalogue.titles
    for number in range(len(films), watched + watched // WISHED):
        trakt.film(FIRST_FILM + number, f"The Long Night No. {number}", 1950 + number % 70)
    for number, film in enumerate(films[:watched]):
        account.watch(film, long_ago + timedelta(minutes=number))
    for film in films[: watched // RATED]:
        account.rate(film, 1 + film.trakt % 10, long_ago)
    for film in films[watched : watched + watched // WISHED]:
        account.wish(film, long_ago)


def serve(speed: float, numbers: list[int]) -> None:
    """Told of by a line of JSON; each line that comes in is answered with the log so far."""
    with FakeTrakt(speed=speed) as trakt:
        app = trakt.register()
        accounts = [trakt.account(f"member-{place}", vip=True) for place in range(len(numbers))]
        for account, watched in zip(accounts, numbers, strict=True):
            furnish(trakt, account, watched)
        grants = [trakt.grant(account, app.client_id) for account in accounts]
        told = {
            "TRAKT_API_URL": trakt.api_url,
            "TRAKT_AUTH_URL": trakt.auth_url,
            "TRAKT_CLIENT_ID": app.client_id,
            "TRAKT_CLIENT_SECRET": app.secret,
            "accounts": [[one.account.username, one.access, one.refresh] for one in grants],
        }
        print(json.dumps(told), flush=True)  # noqa: T201
        for _line in sys.stdin:
            with trakt.lock:
                log = [(e.method, e.path, e.username, e.status, e.sent, e.received)
                       for e in trakt.log]  # fmt: skip
                trakt.log.clear()
            print(json.dumps(log), flush=True)  # noqa: T201


if __name__ == "__main__":
    serve(float(sys.argv[1]), [int(number) for number in sys.argv[2:]])
