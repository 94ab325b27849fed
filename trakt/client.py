"""HTTP calls to Trakt's API: pace, token, retries, paging, and a deadline for each call.

A read that failed is repeated within its deadline. A write is sent once: after an error with
`may_have_arrived` the caller looks it up at Trakt before sending it again.
"""

import logging
import random
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from trakt import pacing, responses
from trakt.application import Application
from trakt.errors import Blocked, InvalidResponse, LinkRevoked, SlowDown, TraktError, Unavailable
from trakt.pages import Pages
from utils import http

log = logging.getLogger(__name__)

Token = Callable[[str | None], str]

DEADLINE = 20.0  # seconds for a call with its waits and tries
MAX_TRIES = 4
LONGEST_WAIT = 15.0  # seconds between two tries; a longer Retry-After is left to the caller
FIRST_PAUSE = 0.5  # seconds, doubled after each try


@dataclass(frozen=True)
class Call:
    """A call with the rest of its time; printed without its arguments, which may hold keys."""

    method: str
    path: str
    ends_at: float  # on pacing's clock
    arguments: dict[str, Any] = field(default_factory=dict, repr=False)  # of `http.call`

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def is_write(self) -> bool:
        return self.method != "GET"

    @property
    def pace(self) -> pacing.Pace:
        return pacing.writes if self.is_write else pacing.reads

    @property
    def seconds_left(self) -> float:
        return self.ends_at - pacing.monotonic()

    def send(self, base: str, headers: dict[str, str] | None = None) -> http.Answer:
        """Return the response of one try; raises Unavailable.

        Only the configured host is called, whatever the path is made of.
        """
        hosts, url = {urlsplit(base).netloc}, base + self.path
        try:
            return http.call(
                self.method,
                url,
                hosts=hosts,
                deadline=self.seconds_left,
                headers=headers,
                **self.arguments,
            )
        except http.Unreachable as error:
            arrived = error.may_have_arrived and self.is_write
            raise Unavailable(f"{self}: {error}", may_have_arrived=arrived) from None

    def pause(self, error: TraktError, tries: int) -> float | None:
        """Return the seconds until the next try, None if there is to be none.

        A write is repeated only after SlowDown; Blocked never goes away by repeating at once.
        """
        if isinstance(error, Blocked) or (self.is_write and not isinstance(error, SlowDown)):
            return None
        if tries >= (2 if error.status == 500 else MAX_TRIES):
            return None
        pause = error.retry_after
        if pause is None:
            pause = FIRST_PAUSE * 2 ** (tries - 1) * random.uniform(0.75, 1.5)  # noqa: S311
        return pause if pause <= LONGEST_WAIT and pause < self.seconds_left else None

    def parse(self, response: http.Answer) -> Any:
        """Return the JSON value, None if there is no content; raises InvalidResponse."""
        if response.status == 204:
            return None
        try:
            return response.json()
        except ValueError:
            raise InvalidResponse(f"{self}: no JSON", may_have_arrived=self.is_write) from None


class Client:
    """Trakt's API for one member, or the public part of it without `token`; thread-safe.

    `token(None)` returns the access token; `token(stale)` another one, after Trakt refused that.
    Calls are paced by member, without one by app. Every method raises TraktError.
    """

    def __init__(
        self,
        application: Application,
        token: Token | None = None,
        user_id: int | None = None,
        deadline: float = DEADLINE,
    ) -> None:
        self._application = application
        self._token = token
        self._caller: Hashable = application.client_id if user_id is None else user_id
        self._deadline = deadline

    def get(self, path: str, **params: Any) -> Any:
        """Return the JSON value, None if there is no content; parameters of None are left out."""
        call = self._call("GET", path, params=_query(params))
        return call.parse(self._request(call))

    def pages(self, path: str, **params: Any) -> Pages:
        """Return the pages of a list, fetched as they are iterated over."""

        def fetch(page: int, limit: int) -> http.Answer:
            pacing.reads.wait(self._caller)
            query = _query({**params, "page": page, "limit": limit})
            return self._request(self._call("GET", path, params=query))

        return Pages(path, fetch)

    def post(self, path: str, body: Any) -> Any:
        call = self._call("POST", path, json=body)
        return call.parse(self._request(call))

    def delete(self, path: str) -> Any:
        call = self._call("DELETE", path)
        return call.parse(self._request(call))

    def auth(self, path: str, body: dict[str, Any]) -> http.Answer:
        """Post once to the sign-in host; return any 2xx or 4xx for the caller to interpret."""
        call = self._call("POST", path, json=body)
        response = call.send(self._application.auth_url)
        is_blocked = response.status == 403 and responses.is_html(response)
        if response.status >= 500 or is_blocked or response.status == 423:
            raise responses.error_from_response(response, str(call), is_write=True)
        return response

    def _call(self, method: str, path: str, **arguments: Any) -> Call:
        return Call(method, path, pacing.monotonic() + self._deadline, arguments)

    def _request(self, call: Call) -> http.Answer:
        """Return a 2xx response, asking for another token if the first one is refused."""
        access = self._access(None)
        try:
            return self._send(call, access)
        except LinkRevoked:
            if not access:
                raise
        return self._send(call, self._access(access))

    def _access(self, stale: str | None) -> str | None:
        try:
            return self._token(stale) if self._token else None
        except TraktError as error:
            error.may_have_arrived = False  # a token refresh may have, but not this call
            raise

    def _send(self, call: Call, access: str | None) -> http.Answer:
        """Return a 2xx response, repeating the call as `Call.pause` allows."""
        headers = {
            "Content-Type": "application/json",
            "trakt-api-version": "2",
            "trakt-api-key": self._application.client_id,
            **({"Authorization": f"Bearer {access}"} if access else {}),
        }
        tries = 0
        while True:
            try:
                call.pace.turn(self._caller, call.seconds_left)
                response = call.send(self._application.api_url, headers)
                if 200 <= response.status < 300:
                    return response
                raise responses.error_from_response(response, str(call), is_write=call.is_write)
            except (SlowDown, Unavailable) as error:
                tries += 1
                if error.status == 429:
                    call.pace.hold(self._caller, error.retry_after or 0)
                if (pause := call.pause(error, tries)) is None:
                    raise
                log.info("%s; trying again in %.1f s", error, pause)
            pacing.sleep(pause)


def _query(params: dict[str, Any]) -> dict[str, str]:
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in params.items()
        if value is not None
    }
