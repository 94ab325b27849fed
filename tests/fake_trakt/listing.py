"""The lists that an account made for itself: which, what is on them, and more for them."""

from tests.fake_trakt.accounts import Account
from tests.fake_trakt.lists import Item, PersonalList
from tests.fake_trakt.reading import in_order
from tests.fake_trakt.replies import Reply, Request, Stop, paged, route
from tests.fake_trakt.world import World
from tests.fake_trakt.writing import put

ITEMS = "/users/me/lists/([^/]+)/items"


@route("GET", "/users/me/lists", token=True)
def personal_lists(_world: World, request: Request) -> Reply:
    user = {"username": request.owner.username, "ids": {"slug": request.owner.slug}}
    lists = list(request.owner.lists.values())
    return paged(request, lists, lambda each: each.shown() | {"user": user})


@route("GET", ITEMS + "(?:/([a-z,]+))?(?:/([a-z_]+)/(asc|desc))?", token=True)
def items_of_list(
    _world: World, request: Request, name: str, words: str | None, _by: str | None, how: str | None
) -> Reply:
    """Types are separated by commas, in the singular or the plural."""
    items: list[Item] = list(_chosen(request.owner, name).items.values())
    kinds = {word.removesuffix("s") for word in words.split(",")} if words else None
    return in_order(request, items, kinds, how)


@route("POST", ITEMS, token=True)
def add_items(world: World, request: Request, name: str) -> Reply:
    account = request.owner
    chosen = _chosen(account, name)
    return put(world, request, chosen.items, account.room_of_lists,
               lambda title, notes: account.enlist(chosen, title, notes))  # fmt: skip


def _chosen(account: Account, name: str) -> PersonalList:
    """By its Trakt id or its slug; nobody else's."""
    for each in account.lists.values():
        if name in (str(each.trakt), each.slug):
            return each
    raise Stop(Reply(404))
