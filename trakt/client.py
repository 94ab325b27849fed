"""Calls to Trakt: headers, a deadline for each, paging, patience with its limits.

A read that failed is tried again while its time lasts. A write is sent once: whoever gets
`may_have_arrived` looks before sending it again.
"""

import logging
import random
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from trakt import pacing, responses
from trakt.application import Application
from trakt.errors import Blocked, InvalidResponse, SlowDown, TraktError, Unavailable
from trakt.pages import Pages
from utils import http

log = logging.getLogger(__name__)

Token = Callable[[str | None], str]

DEADLINE = 20.0  # seconds for a call with its waiting and its tries
HTTP_423_LOCKED = 423


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
        return self._value("GET", path, params=_texts(params))

    def pages(self, path: str, **params: Any) -> Pages:
        """All pages of a list, one call each; Garbage as soon as they do not add up."""

        def turn(page: int, limit: int) -> http.Answer:
            pacing.reads.rest(self._who)
            known = _texts({**params, "page": page, "limit": limit})
            return self._authorized(self._call("GET", path, params=known))

        return Pages(path, turn)

    def post(self, path: str, body: Any) -> Any:
        return self._value("POST", path, json=body)

    def delete(self, path: str) -> Any:
        return self._value("DELETE", path)

    def auth(self, path: str, body: dict[str, Any]) -> http.Answer:
        """Once, to the host that signs in; what a 2xx or 4xx means is the caller's to say."""
        call = self._call("POST", path, json=body)
        answer = call.send(self._application.auth_url)
        is_blocked = answer.status == 403 and responses.is_html(answer)
        if answer.status >= 500 or is_blocked or answer.status == HTTP_423_LOCKED:
            raise responses.error_from_response(answer, str(call), is_write=True)
        return answer

    def _call(self, method: str, path: str, **sent: Any) -> Call:
        return Call(method, path, pacing.monotonic() + self._deadline, sent)

    def _value(self, method: str, path: str, **sent: Any) -> Any:
        call = self._call(method, path, **sent)
        answer = self._authorized(call)
        if answer.status == 204:
            return None
        try:
            return answer.json()
        except ValueError:
            raise InvalidResponse(f"{call}: no JSON", may_have_arrived=call.is_write) from None

    def _authorized(self, call: Call) -> http.Answer:
        """With the token; when that was refused, once more with the next."""
        access = self._access(None)
        answer = self._tried(call, access)
        if answer.status == 401 and access:
            answer = self._tried(call, self._access(access))
        if answer.status == 401:
            raise responses.error_from_response(answer, str(call), is_write=call.is_write)
        return answer

    def _access(self, stale: str | None) -> str | None:
        try:
            return self._token(stale) if self._token else None
        except TraktError as error:
            error.may_have_arrived = False  # a refresh may have, but not the call it is for
            raise

    def _tried(self, call: Call, access: str | None) -> http.Answer:
        """A 2xx or a 401, perhaps not at the first try."""
        tries = 0
        while True:
            try:
                return self._paced(call, access)
            except (SlowDown, Unavailable) as error:
                tries += 1
                if (pause := call.pause(error, tries)) is None:
                    raise
                log.info("%s; trying again in %.1f s", error, pause)
            pacing.sleep(pause)

    def _paced(self, call: Call, access: str | None) -> http.Answer:
        call.pace.turn(self._who, call.left)
        headers = {
            "Content-Type": "application/json",
            "trakt-api-version": "2",
            "trakt-api-key": self._application.client_id,
            **({"Authorization": f"Bearer {access}"} if access else {}),
        }
        answer = call.send(self._application.api_url, headers=headers)
        if 200 <= answer.status < 300 or answer.status == 401:
            return answer
        error = responses.error_from_response(answer, str(call), is_write=call.is_write)
        if isinstance(error, SlowDown) and error.retry_after:
            call.pace.hold(self._who, error.retry_after)
        raise error


def _texts(params: dict[str, Any]) -> dict[str, str]:
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in params.items()
        if value is not None
    }
