"""Check-ins and scrobbles: what somebody is watching now."""

from datetime import datetime, timedelta
from typing import Any

from tests.fake_trakt.accounts import Account
from tests.fake_trakt.catalogue import MOVIE, Title
from tests.fake_trakt.replies import Reply, Request, Stop, answer, route
from tests.fake_trakt.world import World
from utils import instants

JUST_COUNTED = timedelta(hours=1)
COUNTS_ABOVE = 80.0


@route("POST", "/checkin", token=True)
def check_in(world: World, request: Request) -> Reply:
    account = request.owner
    title = _title(world, request.json())
    if found := running(world, account):
        return answer({"expires_at": found["expires_at"]}, 409)
    _start(world, account, title, "checkin", 0.0)
    said = {"id": 0, "watched_at": instants.to_text(world.now()), "sharing": {}}
    return answer(said | title.wrapped(), 201)


@route("DELETE", "/checkin", token=True)
def check_out(_world: World, request: Request) -> Reply:
    request.owner.watching = None
    return Reply(204)


@route("POST", "/scrobble/(start|pause|stop)", token=True)
def scrobble(world: World, request: Request, action: str) -> Reply:
    body, account = request.json(), request.owner
    title = _title(world, body, whole=True)
    progress: Any = body.get("progress")
    if type(progress) not in (int, float) or not 0 <= progress <= 100:
        raise Stop(answer({"errors": {"progress": ["must be from 0 to 100"]}}, 422))
    found = running(world, account)
    if found and found["action"] == "checkin":
        return answer({"expires_at": found["expires_at"]}, 409)
    if action == "start":
        _start(world, account, title, "scrobble", progress)
        return _told(title, 0, "start", progress)
    if action == "stop" and progress > COUNTS_ABOVE:
        return _counted(world, account, title, progress)
    if action == "stop" and progress < 1:
        raise Stop(Reply(422))
    account.watching = None
    account.paused[title] = progress
    return _told(title, 0, "pause", progress)


def running(world: World, account: Account) -> dict[str, Any] | None:
    """What is on, as /users/me/watching shows it; a check-in that ran out has become a play."""
    on = account.watching
    if on and on["ends"] <= world.now():
        account.watching = None
        if on["action"] == "checkin":
            account.watch(on["title"], on["started"], "checkin")
        return None
    if not on:
        return None
    return {
        "expires_at": instants.to_text(on["ends"]),
        "started_at": instants.to_text(on["started"]),
        "action": on["action"],
        "type": on["title"].kind,
        **on["title"].wrapped(),
    }


def _start(world: World, account: Account, title: Title, action: str, progress: float) -> None:
    left = timedelta(minutes=title.runtime) * (1 - progress / 100)
    now = world.now()
    account.watching = {"title": title, "action": action, "started": now, "ends": now + left}


def _counted(world: World, account: Account, title: Title, progress: float) -> Reply:
    """A second stop soon after the first is no second play."""
    now = world.now()
    before = [
        play.watched_at
        for play in account.plays.values()
        if play.title is title and play.action == "scrobble" and play.added_at > now - JUST_COUNTED
    ]
    if before:
        return answer(_times(max(before)), 409)
    account.watching = None
    play = account.watch(title, now, "scrobble")
    return _told(title, play.play_id, "scrobble", progress)


def _times(watched_at: datetime) -> dict[str, str]:
    return {
        "watched_at": instants.to_text(watched_at),
        "expires_at": instants.to_text(watched_at + JUST_COUNTED),
    }


def _told(title: Title, play_id: int, action: str, progress: float) -> Reply:
    said = {"id": play_id, "action": action, "progress": progress, "sharing": {}}
    return answer(said | title.wrapped(), 201)


def _title(world: World, body: dict[str, Any], whole: bool = False) -> Title:
    """`whole`: a scrobble wants title, year and ids."""
    item = body.get(MOVIE)
    if not isinstance(item, dict) or (whole and not {"title", "year", "ids"} <= set(item)):
        raise Stop(answer({"errors": {"movie": ["is incomplete"]}}, 422))
    found = world.catalogue.named(MOVIE, item)
    if found is None:
        raise Stop(Reply(404))
    return found
