"""What every request must bring, and how often it may come."""

import json
import threading
import time
from dataclasses import replace

from tests.fake_trakt.replies import Reply, Request, Route, Stop, html
from tests.fake_trakt.world import World

WRITES, READS = (1, 1.0), (500, 300.0)  # so many in so many seconds


class Limits:
    """Windows of time per user or app. `speed` 0 switches them off, 100 makes them 100 x faster."""

    def __init__(self, speed: float) -> None:
        self.speed = speed
        self.clock = time.monotonic
        self._windows: dict[tuple[str, str], tuple[float, int]] = {}
        self._lock = threading.Lock()

    def count(self, who: str, is_write: bool) -> None:
        """Raises the 429 for whoever comes too often."""
        if not self.speed:
            return
        most, period = WRITES if is_write else READS
        period, name = period / self.speed, "POST" if is_write else "GET"
        now = self.clock()
        with self._lock:
            began, used = self._windows.get((who, name), (now, 0))
            if now - began >= period:
                began, used = now, 0
            if used >= most:
                raise Stop(_too_often(name, most, period, began + period - now))
            self._windows[who, name] = (began, used + 1)


def _too_often(name: str, most: int, period: float, wait: float) -> Reply:
    told = {"name": f"AUTHED_API_{name}_LIMIT", "period": period, "limit": most, "remaining": 0}
    seconds = max(1, -(-wait // 1))
    return Reply(429, headers={"Retry-After": f"{seconds:.0f}", "X-Ratelimit": json.dumps(told)})


def check_agent(request: Request) -> None:
    """The edge wants to know who calls; it answers in HTML."""
    agent = request.headers.get("User-Agent", "")
    if not agent or agent.startswith(("python-requests", "Python-urllib", "authlib", "Authlib")):
        raise Stop(html("<h1>Sorry, you have been blocked</h1>", 403))


def check_headers(world: World, request: Request) -> Request:
    """The same request with its app known."""
    app = world.apps.get(request.headers.get("trakt-api-key", ""))
    if app is None or app.removed:
        raise Stop(Reply(403))
    if request.headers.get("trakt-api-version") != "2":
        raise Stop(Reply(400))
    if request.headers.get("Content-Type", "").partition(";")[0] != "application/json":
        raise Stop(Reply(412))
    return replace(request, client_id=app.client_id)


def sign_in(world: World, limits: Limits, request: Request, found: Route) -> Request:
    """The same request with its account known; a token that is sent must be good."""
    bearer = request.headers.get("Authorization", "")
    account = world.bearer(bearer.removeprefix("Bearer "), request.client_id)
    is_write = request.method != "GET"
    if account is None and (bearer or found.token or is_write):
        raise Stop(Reply(401, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'}))
    if account and account.locked:
        raise Stop(Reply(423, headers={"X-Account-Locked": "true"}))
    limits.count(account.username if account else request.client_id, is_write)
    return replace(request, account=account)
