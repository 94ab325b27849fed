"""Calls to Trakt: headers, a deadline for each, paging, patience with its limits.

A read that failed is tried again while its time lasts. A write is sent once: whoever gets
`may_have_arrived` looks before sending it again.
"""

import logging
import random
from collections.abc import Callable, Hashable
from typing import Any
from urllib.parse import urlsplit

from trakt import pacing, statuses
from trakt.application import Application
from trakt.errors import Blocked, Garbage, SlowDown, TraktError, Unavailable
from trakt.pages import Pages
from utils import http

log = logging.getLogger(__name__)

Token = Callable[[str | None], str]
Sent = dict[str, Any]

DEADLINE = 20.0  # seconds for a call with its waiting and its tries
MOST_TRIES = 4
LONGEST_WAIT = 15.0  # seconds; whatever Trakt wants beyond is the caller's to wait
FIRST_PAUSE = 0.5  # seconds, doubling
HTTP_423_LOCKED = 423


class Client:
    """For one member, or without `token` for what Trakt tells everybody; cheap, and thread-safe.

    `token(None)` is the access token to use; `token(stale)` another one than that, which Trakt
    refused. Every method raises TraktError.
    """

    def __init__(
        self,
        application: Application,
        token: Token | None = None,
        member: int | None = None,
        deadline: float = DEADLINE,
    ) -> None:
        self._application = application
        self._token = token
        self._who: Hashable = application.client_id if member is None else member
        self._deadline = deadline

    def get(self, path: str, **params: Any) -> Any:
        """The value, None where there is none; parameters that are None are left out."""
        return _value(self._read(path, params), f"GET {path}", is_write=False)

    def pages(self, path: str, **params: Any) -> Pages:
        """All pages of a list, one call each; Garbage as soon as they do not add up."""

        def turn(page: int, limit: int) -> http.Answer:
            pacing.reads.rest(self._who)
            return self._read(path, {**params, "page": page, "limit": limit})

        return Pages(path, turn)

    def post(self, path: str, body: Any) -> Any:
        answer = self._persist("POST", path, (SlowDown,), {"json": body})
        return _value(answer, f"POST {path}", is_write=True)

    def delete(self, path: str) -> Any:
        answer = self._persist("DELETE", path, (SlowDown,), {})
        return _value(answer, f"DELETE {path}", is_write=True)

    def auth(self, path: str, body: dict[str, Any]) -> http.Answer:
        """Once, to the host that signs in; what a 2xx or 4xx means is the caller's to say."""
        ends = pacing.monotonic() + self._deadline
        answer = _call("POST", self._application.auth_url, path, ends, {"json": body})
        is_blocked = answer.status == 403 and statuses.is_html(answer)
        if answer.status >= 500 or is_blocked or answer.status == HTTP_423_LOCKED:
            raise statuses.error_of(answer, f"POST {path}", is_write=True)
        return answer

    def _read(self, path: str, params: Sent) -> http.Answer:
        known = {name: _text(value) for name, value in params.items() if value is not None}
        return self._persist("GET", path, (SlowDown, Unavailable), {"params": known})

    def _persist(
        self, method: str, path: str, again: tuple[type[TraktError], ...], sent: Sent
    ) -> http.Answer:
        """Until it succeeds, fails with something other than `again`, or time is up."""
        ends, tries = pacing.monotonic() + self._deadline, 0
        while True:
            try:
                return self._signed(method, path, ends, sent)
            except again as error:
                tries += 1
                pause = _pause(error, tries)
                if pause is None or pacing.monotonic() + pause >= ends:
                    raise
                log.info("%s; trying again in %.1f s", error, pause)
            pacing.sleep(pause)

    def _signed(self, method: str, path: str, ends: float, sent: Sent) -> http.Answer:
        """With the token; when that was refused, once more with the next."""
        access = self._token(None) if self._token else None
        answer = self._paced(method, path, ends, sent, access)
        if answer.status == 401 and self._token:
            access = self._token(access)
            answer = self._paced(method, path, ends, sent, access)
        if 200 <= answer.status < 300:
            return answer
        error = statuses.error_of(answer, f"{method} {path}", is_write=method != "GET")
        if isinstance(error, SlowDown) and error.retry_after:
            _pace(method).hold(self._who, error.retry_after)
        raise error

    def _paced(
        self, method: str, path: str, ends: float, sent: Sent, access: str | None
    ) -> http.Answer:
        _pace(method).turn(self._who, ends - pacing.monotonic())
        headers = {
            "Content-Type": "application/json",
            "trakt-api-version": "2",
            "trakt-api-key": self._application.client_id,
            **({"Authorization": f"Bearer {access}"} if access else {}),
        }
        return _call(method, self._application.api_url, path, ends, {**sent, "headers": headers})


def _call(method: str, base: str, path: str, ends: float, sent: Sent) -> http.Answer:
    """To the configured host, whatever the path may be made of."""
    call, left = f"{method} {path}", ends - pacing.monotonic()
    if left <= 0:
        raise Unavailable(f"{call}: no time left")
    try:
        return http.call(method, base + path, hosts={urlsplit(base).netloc}, deadline=left, **sent)
    except http.Unreachable as error:
        arrived = error.may_have_arrived and method != "GET"
        raise Unavailable(f"{call}: {error}", may_have_arrived=arrived) from None


def _pause(error: TraktError, tries: int) -> float | None:
    """Seconds until the next try, None if there is to be none."""
    if isinstance(error, Blocked) or tries >= (2 if error.status == 500 else MOST_TRIES):
        return None
    if error.retry_after is not None:
        return error.retry_after if error.retry_after <= LONGEST_WAIT else None
    return float(FIRST_PAUSE * 2 ** (tries - 1) * random.uniform(0.75, 1.5))  # noqa: S311


def _pace(method: str) -> pacing.Pace:
    return pacing.reads if method == "GET" else pacing.writes


def _value(answer: http.Answer, call: str, *, is_write: bool) -> Any:
    if answer.status == 204:
        return None
    try:
        return answer.json()
    except ValueError:
        raise Garbage(f"{call}: no JSON", may_have_arrived=is_write) from None


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
