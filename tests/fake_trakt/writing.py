"""Changes to an account: plays, ratings, lists. What is unknown is told inside a success."""

from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime
from typing import Any

from tests.fake_trakt.accounts import Account
from tests.fake_trakt.catalogue import MOVIE, SHOW, Title
from tests.fake_trakt.replies import Reply, Request, Stop, answer, route
from tests.fake_trakt.world import World
from utils import instants

KINDS = {"movies": MOVIE, "shows": SHOW}
UNKNOWN_DATE = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST_NOTES = 500

Items = list[tuple[Title, dict[str, Any]]]
Add = Callable[[Title, str | None], object]  # with its notes


@route("POST", "/sync/history", token=True)
def add_plays(world: World, request: Request) -> Reply:
    found, missing = _sorted(world, request)
    times = [_watched_at(world, item) for _, item in found]  # all of them, or none
    for (title, _), at in zip(found, times, strict=True):
        request.owner.watch(title, at)
    movies = sum(title.kind == MOVIE for title, _ in found)
    added = {"movies": movies, "episodes": len(found) - movies}
    updated = {"movies": 0, "episodes": 0}
    return answer({"added": added, "updated": updated, "not_found": missing}, 201)


@route("POST", "/sync/history/remove", token=True)
def remove_plays(world: World, request: Request) -> Reply:
    """By title all of its plays go, by id just that one."""
    body, account = request.json(), request.owner
    found, missing = _sorted(world, request)
    gone = sum(account.forget_all(title) for title, _ in found)
    unknown = []
    for play_id in body.get("ids", []):
        if account.forget(play_id):
            gone += 1
        else:
            unknown.append(play_id)
    return answer({"deleted": {"movies": gone, "episodes": 0},
                   "not_found": missing | {"ids": unknown}})  # fmt: skip


@route("POST", "/sync/ratings", token=True)
def add_ratings(world: World, request: Request) -> Reply:
    found, missing = _sorted(world, request)
    for _, item in found:
        if type(item.get("rating")) is not int or not 1 <= item["rating"] <= 10:
            raise Stop(answer({"errors": {"rating": ["must be an integer from 1 to 10"]}}, 422))
    times = [_instant(item.get("rated_at"), world) for _, item in found]
    for (title, item), at in zip(found, times, strict=True):
        request.owner.rate(title, item["rating"], at)
    return answer({"added": _counted(found), "not_found": missing}, 201)


@route("POST", "/sync/ratings/remove", token=True)
def remove_ratings(world: World, request: Request) -> Reply:
    found, missing = _sorted(world, request)
    gone = [pair for pair in found if request.owner.unrate(pair[0])]
    return answer({"deleted": _counted(gone), "not_found": missing})


@route("POST", "/sync/watchlist", token=True)
def add_wishes(world: World, request: Request) -> Reply:
    account = request.owner
    return put(world, request, account.wishes, account.room,
               lambda title, notes: account.wish(title, notes=notes))  # fmt: skip


def put(world: World, request: Request, items: Collection[Any], room: int, add: Add) -> Reply:
    """On a list of `room` items, by `add`, those that are new; none when not all find room."""
    account = request.owner
    found, missing = _sorted(world, request)
    if any(item.get("notes") for _, item in found) and not account.vip:
        raise Stop(Reply(426, headers={"X-Upgrade-URL": "https://vip.test/"}))
    if any(len(item.get("notes") or "") > LONGEST_NOTES for _, item in found):
        raise Stop(Reply(422))
    new = [pair for pair in found if pair[0] not in items]
    if len(items) + len(new) > room:
        raise Stop(_full(account, room))
    for title, item in new:
        add(title, item.get("notes"))
    old = [pair for pair in found if pair not in new]
    lists = _list_state(world, items)
    return answer(
        {"added": _counted(new), "existing": _counted(old), "not_found": missing, "list": lists},
        201,
    )


@route("POST", "/sync/watchlist/remove", token=True)
def remove_wishes(world: World, request: Request) -> Reply:
    account = request.owner
    found, missing = _sorted(world, request)
    gone = [pair for pair in found if account.unwish(pair[0])]
    lists = _list_state(world, account.wishes)
    return answer({"deleted": _counted(gone), "not_found": missing, "list": lists})


def _sorted(world: World, request: Request) -> tuple[Items, dict[str, Any]]:
    """The titles that are known, and those that are not, as `not_found` shows them."""
    body = request.json()
    found: Items = []
    missing: dict[str, Any] = {"movies": [], "shows": [], "seasons": [], "episodes": []}
    for kinds, item in _items(body):
        title = world.catalogue.named(KINDS[kinds], item) if kinds in KINDS else None
        if title:
            found.append((title, item))
        else:
            missing[kinds].append({key: item[key] for key in ("ids", "title", "year")
                                   if key in item})  # fmt: skip
    return found, missing


def _items(body: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    if not set(body) & {"movies", "shows", "seasons", "episodes", "ids"}:
        raise Stop(Reply(400))
    for kinds in ("movies", "shows", "seasons", "episodes"):
        items = body.get(kinds, [])
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise Stop(Reply(422))
        yield from ((kinds, item) for item in items)


def _watched_at(world: World, item: dict[str, Any]) -> datetime:
    said = item.get("watched_at")
    return UNKNOWN_DATE if said == "unknown" else _instant(said, world)


def _instant(said: Any, world: World) -> datetime:
    """UTC with a Z, or now if nothing is said."""
    if said is None:
        return world.now()
    try:
        if not isinstance(said, str) or not said.endswith("Z"):
            raise ValueError(said)
        return instants.from_text(said)
    except ValueError:
        raise Stop(answer({"errors": {"watched_at": ["is not a UTC date"]}}, 422)) from None


def _counted(pairs: Items) -> dict[str, int]:
    kinds = [title.kind for title, _ in pairs]
    return {"movies": kinds.count(MOVIE), "shows": kinds.count(SHOW), "seasons": 0, "episodes": 0}


def _list_state(world: World, items: Collection[Any]) -> dict[str, Any]:
    return {"updated_at": instants.to_text(world.now()), "item_count": len(items)}


def _full(account: Account, room: int) -> Reply:
    headers = {
        "X-Upgrade-URL": "https://vip.test/",
        "X-VIP-User": str(account.vip).lower(),
        "X-Account-Limit": str(room),
    }
    return Reply(420, headers=headers if account.says_limit else {})
