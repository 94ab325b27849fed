"""The household with a TMDB key, and a TMDB that answers it."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from services import tmdb_fetch
from tests.fake_tmdb import FakeTmdb


@pytest.fixture
def tmdb(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeTmdb]:
    """Ask for it before `household`: the app reads its address when it is made."""
    with FakeTmdb() as fake:
        for name, value in fake.settings.items():
            monkeypatch.setenv(name, value)
        yield fake


@pytest.fixture
def fetch(tmdb: FakeTmdb, app: Flask) -> Callable[[], None]:
    """Do what the worker of `flask serve` would do meanwhile."""

    def work_off() -> None:
        with app.app_context():
            tmdb_fetch.run_pending()

    return work_off
