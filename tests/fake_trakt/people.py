"""Who somebody is, and what moved since the last look."""

from tests.fake_trakt.playing import running
from tests.fake_trakt.replies import Reply, Request, answer, route
from tests.fake_trakt.world import World
from utils import instants


@route("GET", "/users/settings", token=True)
def settings(_world: World, request: Request) -> Reply:
    account = request.owner
    user = {
        "username": account.username,
        "private": False,
        "name": account.username.title(),
        "vip": account.vip,
        "vip_ep": False,
        "vip_og": False,
        "ids": {"slug": account.slug, "uuid": account.uuid},
        "joined_at": instants.to_text(account.joined_at),
    }
    limits = {
        "list": {"count": 100 if account.vip else 5, "item_count": account.room_of_lists},
        "watchlist": {"item_count": account.room},
        "favorites": {"item_count": 100},
    }
    more = {"account": {"timezone": "UTC"}, "connections": None, "sharing_text": None}
    return answer({"user": user, "limits": limits, **more})


@route("GET", "/users/me", token=True)
def me(_world: World, request: Request) -> Reply:
    account = request.owner
    ids = {"slug": account.slug}
    return answer({"username": account.username, "private": False, "vip": account.vip, "ids": ids})


@route("GET", "/users/me/watching", token=True)
def watching(world: World, request: Request) -> Reply:
    found = running(world, request.owner)
    return answer(found) if found else Reply(204)


@route("GET", "/sync/last_activities", token=True)
def last_activities(world: World, request: Request) -> Reply:
    running(world, request.owner)  # a check-in may have become a play
    return answer(request.owner.activities())
