"""The fixture of the fake Trakt, for tests/trakt and tests/browser alike."""

from collections.abc import Iterator

import pytest

from tests.fake_trakt import FakeTrakt


@pytest.fixture
def fake_trakt() -> Iterator[FakeTrakt]:
    """Running, with nobody in it yet; its rate limits are off until `limits.speed` is set."""
    with FakeTrakt() as trakt:
        yield trakt
