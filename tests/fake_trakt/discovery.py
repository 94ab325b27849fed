"""Recommendations, trending, popular, search and single titles."""

from tests.fake_trakt.catalogue import MOVIE, SHOW, Title
from tests.fake_trakt.replies import Reply, Request, answer, paged, route
from tests.fake_trakt.world import World

KINDS = {"movies": MOVIE, "shows": SHOW}
OPERATORS = set('+-&|!(){}[]^"~*?:/\\')
SEARCHED = 10


@route("GET", "/recommendations/(movies|shows)", token=True)
def recommendations(_world: World, request: Request, kinds: str) -> Reply:
    """A flat list; `ignore_...` leave out what is known already."""
    account = request.owner
    seen = {play.title for play in account.plays.values()}
    left_out = set(account.hidden)
    if request.query.get("ignore_watched") == "true":
        left_out |= seen
    if request.query.get("ignore_watchlisted") == "true":
        left_out |= set(account.wishes)
    found = [each for each in account.recommended
             if each.kind == KINDS[kinds] and each not in left_out]  # fmt: skip
    extended = request.query.get("extended", "")
    more: dict[str, list[str]] = {"favorited_by": [], "recommended_by": []}
    limit = min(request.number("limit", 10), 100)
    return answer([each.shown(extended) | more for each in found[:limit]])


@route("DELETE", "/recommendations/(movies|shows)/([^/]+)", token=True)
def hide(world: World, request: Request, kinds: str, name: str) -> Reply:
    title = world.catalogue.in_path(KINDS[kinds], name)
    if title is None:
        return Reply(404)
    request.owner.hide(title)
    return Reply(204)


@route("GET", "/(movies|shows)/trending")
def trending(world: World, request: Request, kinds: str) -> Reply:
    titles = [each for each in world.trending if each.kind == KINDS[kinds]]
    extended = request.query.get("extended", "")
    return paged(request, titles, lambda each: {"watchers": 21, **each.wrapped(extended)})


@route("GET", "/(movies|shows)/popular")
def popular(world: World, request: Request, kinds: str) -> Reply:
    titles = [each for each in world.popular if each.kind == KINDS[kinds]]
    extended = request.query.get("extended", "")
    return paged(request, titles, lambda each: each.shown(extended))


@route("GET", "/search/(trakt|imdb|tmdb|tvdb)/([^/]+)")
def search_by_id(world: World, request: Request, name: str, text: str) -> Reply:
    """An unknown id is an empty list; a TMDB id may be a film's and a show's."""
    value = int(text) if text.isdecimal() and name != "imdb" else text
    wanted = request.query.get("type", f"{MOVIE},{SHOW}").split(",")
    found = [world.catalogue.by_id(kind, name, value) for kind in (MOVIE, SHOW) if kind in wanted]
    return paged(request, [each for each in found if each], lambda each: _hit(request, each, 1000))


@route("GET", "/search/([a-z,]+)/exact")
def search_exactly(world: World, request: Request, kinds: str) -> Reply:
    words = request.query.get("query", "").lower().strip()
    return _searched(world, request, kinds, lambda title: title.title.lower() == words)


@route("GET", "/search/([a-z,]+)")
def search(world: World, request: Request, kinds: str) -> Reply:
    """Operators that are not escaped fail, as a query language does."""
    text = request.query.get("query", "").lower()
    plain = text.replace("\\", "")
    if not plain.strip() or any(mark in OPERATORS for mark in _unescaped(text)):
        return Reply(400)
    words = plain.split()
    return _searched(
        world, request, kinds, lambda title: all(word in title.title.lower() for word in words)
    )


@route("GET", "/(movies|shows)/([^/]+)")
def one(world: World, request: Request, kinds: str, name: str) -> Reply:
    title = world.catalogue.in_path(KINDS[kinds], name)
    return answer(title.shown(request.query.get("extended", ""))) if title else Reply(404)


def _searched(world: World, request: Request, kinds: str, fits: object) -> Reply:
    assert callable(fits)
    wanted = kinds.split(",")
    found = [each for each in world.catalogue.titles if each.kind in wanted and fits(each)]
    return paged(request, found[: max(SEARCHED, request.number("limit", SEARCHED))],
                 lambda each: _hit(request, each, 42.5))  # fmt: skip


def _hit(request: Request, title: Title, score: float) -> dict[str, object]:
    extended = request.query.get("extended", "")
    return {"score": score, "type": title.kind, **title.wrapped(extended)}


def _unescaped(text: str) -> str:
    kept, marks = "", iter(text)
    for mark in marks:
        if mark == "\\":
            next(marks, None)
        else:
            kept += mark
    return kept
