"""The fake on two real sockets, one for the API and one for signing in."""

import hashlib
from collections import Counter, deque
from dataclasses import dataclass
from typing import Self

from tests.fake_trakt import consent, discovery, listing, oauth, people, playing, reading, writing
from tests.fake_trakt.faults import Fault
from tests.fake_trakt.gate import Limits, check_agent, check_headers, sign_in
from tests.fake_trakt.replies import API, AUTH, Reply, Request, Route, Stop, find_route
from tests.fake_trakt.sockets import Door
from tests.fake_trakt.world import World

ROOMS = (
    consent,
    discovery,
    listing,
    oauth,
    people,
    playing,
    reading,
    writing,
)  # imported for their routes
PAGES = ("/oauth/authorize", "/activate")  # for browsers, whatever they call themselves


@dataclass(frozen=True)
class Entry:
    """One request as it was answered; `status` 0 if the answer was lost."""

    method: str
    path: str
    query: dict[str, str]
    username: str
    status: int
    sent: int  # bytes of the request's body
    received: int  # bytes of the answer's body


class FakeTrakt(World):
    """Start it with `with`, or `start()` and `stop()`; port 0 takes a free one."""

    def __init__(self, port: int = 0, speed: float = 0.0) -> None:
        super().__init__()
        self.limits = Limits(speed)
        self.log: list[Entry] = []
        self._faults: list[tuple[str, str, deque[Fault]]] = []
        self._api = Door(port, lambda request: self._answer(API, request))
        self._auth = Door(port and port + 1, lambda request: self._answer(AUTH, request))

    @property
    def api_url(self) -> str:
        return self._api.url

    @property
    def auth_url(self) -> str:
        return self._auth.url

    def start(self) -> Self:
        self._api.start()
        self._auth.start()
        return self

    def stop(self) -> None:
        self._api.stop()
        self._auth.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_exc: object) -> None:
        self.stop()

    def fail(self, path: str, *faults: Fault, method: str = "", times: int = 1) -> None:
        """The next requests to paths that begin so get these faults, in this order."""
        with self.lock:
            self._faults.append((method, path, deque(faults * times)))

    def heal(self) -> None:
        """No more faults."""
        with self.lock:
            self._faults.clear()

    def count(self, path: str = "", method: str = "", username: str = "") -> int:
        """How many requests so far to paths that begin so."""
        return len(self.requests(path, method, username))

    def requests(self, path: str = "", method: str = "", username: str = "") -> list[Entry]:
        with self.lock:
            return [
                entry
                for entry in self.log
                if entry.path.startswith(path)
                and method in ("", entry.method)
                and username in ("", entry.username)
            ]

    def tally(self) -> Counter[str]:
        """Requests by method and path."""
        with self.lock:
            return Counter(f"{entry.method} {entry.path}" for entry in self.log)

    def _answer(self, table: list[Route], request: Request) -> tuple[Reply, Fault]:
        with self.lock:
            fault = self._next_fault(request)
            who, reply = self._done(table, request, fault)
            reply = fault.edit(reply) if fault.edit else reply
            if fault.then:
                fault.then()
            status = 0 if fault.delivery == "lost" else reply.status
            query = dict(request.query)
            entry = Entry(request.method, request.path, query, who, status,
                          len(request.body), len(reply.body))  # fmt: skip
            self.log.append(entry)
        return reply, fault

    def _next_fault(self, request: Request) -> Fault:
        for method, path, queue in self._faults:
            if queue and request.path.startswith(path) and method in ("", request.method):
                return queue.popleft()
        return Fault()

    def _done(self, table: list[Route], request: Request, fault: Fault) -> tuple[str, Reply]:
        """Who asked, as far as it is known, and what comes of it."""
        try:
            found, groups = self._found(table, request)
            if table is API:
                request = check_headers(self, request)
                request = sign_in(self, self.limits, request, found)
            who = request.account.username if request.account else ""
            reply = fault.instead or found.handler(self, request, *groups)
        except Stop as stop:
            return "", stop.reply
        return who, _tagged(request, reply)

    def _found(self, table: list[Route], request: Request) -> tuple[Route, tuple[str, ...]]:
        if not request.path.startswith(PAGES):
            check_agent(request)
        return find_route(table, request.method, request.path)


def _tagged(request: Request, reply: Reply) -> Reply:
    """An ETag for each answer with a body, and 304 for who has it already."""
    if request.method != "GET" or reply.status != 200 or not reply.body:
        return reply
    tag = f'W/"{hashlib.sha256(reply.body).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        return Reply(304, headers={"ETag": tag})
    return reply.with_headers(ETag=tag)
