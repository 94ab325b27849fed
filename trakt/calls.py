"""One call to Trakt: what is sent, for how long, and when it is worth another try."""

import random
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from trakt import pacing
from trakt.errors import Blocked, SlowDown, TraktError, Unavailable
from utils import http

MOST_TRIES = 4
LONGEST_WAIT = 15.0  # seconds; whatever Trakt wants beyond is the caller's to wait
FIRST_PAUSE = 0.5  # seconds, doubling


@dataclass(frozen=True)
class Call:
    """Shown as method and path only: the rest may hold keys."""

    method: str
    path: str
    ends: float  # on pacing's clock
    sent: dict[str, Any] = field(default_factory=dict, repr=False)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def is_write(self) -> bool:
        return self.method != "GET"

    @property
    def pace(self) -> pacing.Pace:
        return pacing.writes if self.is_write else pacing.reads

    @property
    def left(self) -> float:
        """Seconds."""
        return self.ends - pacing.monotonic()

    def send(self, base: str, **more: Any) -> http.Answer:
        """To the configured host, whatever the path may be made of; raises Unavailable."""
        hosts, url = {urlsplit(base).netloc}, base + self.path
        sent = {**self.sent, **more}
        try:
            return http.call(self.method, url, hosts=hosts, deadline=self.left, **sent)
        except http.Unreachable as error:
            arrived = error.may_have_arrived and self.is_write
            raise Unavailable(f"{self}: {error}", may_have_arrived=arrived) from None

    def pause(self, error: TraktError, tries: int) -> float | None:
        """Seconds until the next try, None if there is to be none."""
        if self._is_final(error) or tries >= (2 if error.status == 500 else MOST_TRIES):
            return None
        wait = error.retry_after
        if wait is None:
            wait = FIRST_PAUSE * 2 ** (tries - 1) * random.uniform(0.75, 1.5)  # noqa: S311
        return wait if wait <= LONGEST_WAIT and wait < self.left else None

    def _is_final(self, error: TraktError) -> bool:
        """A write is repeated only if it came too early; the edge does not relent."""
        return isinstance(error, Blocked) or (self.is_write and not isinstance(error, SlowDown))
