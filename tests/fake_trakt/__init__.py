"""A Trakt on loopback, as strict as the real one: it keeps state, rotates tokens, pages, limits.

    with FakeTrakt() as trakt:
        app = trakt.register("movie-night", redirects=["http://localhost:3000/auth/trakt/callback"])
        ana = trakt.account("ana")
        film = trakt.film(603, "The Lighthouse Keeper", 1999)
        ana.watch(film)
        trakt.fail("/sync/watched/movies", faults.answer(503))

By hand: `python -m tests.fake_trakt --port 9400`. The clock is `utils.instants.now`, so a test
that moves the household's clock moves this one; rate limits run on real time (`trakt.speed`).
"""

from tests.fake_trakt import faults
from tests.fake_trakt.accounts import Account
from tests.fake_trakt.catalogue import Title
from tests.fake_trakt.server import FakeTrakt
from tests.fake_trakt.world import TrackedApp

__all__ = ["Account", "FakeTrakt", "Title", "TrackedApp", "faults"]
