"""Paged lists of one account: watched, history, ratings, watchlist."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from tests.fake_trakt.accounts import Account, Play, Rating
from tests.fake_trakt.catalogue import MOVIE
from tests.fake_trakt.lists import Item
from tests.fake_trakt.replies import Reply, Request, Stop, answer, paged, route
from tests.fake_trakt.world import World
from utils import instants

KINDS = {"movies": MOVIE, "shows": "show", "episodes": "episode", "seasons": "season"}


@route("GET", "/sync/watched/(movies|shows)", token=True)
def watched(_world: World, request: Request, kinds: str) -> Reply:
    extended = request.query.get("extended", "")
    titles = request.owner.kept(kinds, lambda: _watched(request.owner, KINDS[kinds]))
    if extended == "min":  # another shape, and all of it
        return answer({plays[0].title.trakt: _times(plays) for plays in titles})

    def render(plays: list[Play]) -> dict[str, Any]:
        return {
            "plays": len(plays),
            "last_watched_at": instants.to_text(plays[0].watched_at),
            "last_updated_at": instants.to_text(max(play.added_at for play in plays)),
            **plays[0].title.wrapped(extended),
        }

    return paged(request, titles, render)


@route("GET", "/sync/history(?:/(movies|shows|episodes|seasons|all))?(?:/([^/]+))?", token=True)
def history(world: World, request: Request, kinds: str | None, item: str | None) -> Reply:
    plays = request.owner.kept("history", lambda: _newest_first(request.owner))
    if kinds not in (None, "all"):
        plays = [play for play in plays if play.title.kind == KINDS[str(kinds)]]
    if item is not None:
        title = world.catalogue.in_path(KINDS.get(str(kinds), MOVIE), item)
        plays = [play for play in plays if play.title is title]
    start, end = _instant(request, "start_at"), _instant(request, "end_at")
    if start:
        plays = [play for play in plays if play.watched_at >= start]
    if end:
        plays = [play for play in plays if play.watched_at <= end]
    extended = request.query.get("extended", "")
    return paged(request, plays, lambda play: shown_play(play, extended))


def shown_play(play: Play, extended: str = "") -> dict[str, Any]:
    return {
        "id": play.play_id,
        "watched_at": instants.to_text(play.watched_at),
        "action": play.action,
        "type": play.title.kind,
        **play.title.wrapped(extended),
    }


@route("GET", "/sync/ratings(?:/(movies|shows|seasons|episodes|all))?(?:/([0-9,]+))?", token=True)
def ratings(_world: World, request: Request, kinds: str | None, values: str | None) -> Reply:
    account = request.owner
    found: list[Rating] = account.kept(
        "ratings",
        lambda: sorted(account.ratings.values(), key=lambda each: each.rated_at, reverse=True),
    )
    if kinds not in (None, "all"):
        found = [each for each in found if each.title.kind == KINDS[str(kinds)]]
    if values:
        wanted = {int(value) for value in values.split(",") if value}
        found = [each for each in found if each.value in wanted]

    def render(rating: Rating) -> dict[str, Any]:
        return {
            "rated_at": instants.to_text(rating.rated_at),
            "rating": rating.value,
            "type": rating.title.kind,
            **rating.title.wrapped(request.query.get("extended", "")),
        }

    return paged(request, found, render)


@route("GET", "/sync/watchlist(?:/(movies|shows|seasons|episodes))?(?:/([a-z_]+)/(asc|desc))?",
       token=True)  # fmt: skip
def watchlist(
    _world: World, request: Request, kinds: str | None, _by: str | None, how: str | None
) -> Reply:
    wishes = list(request.owner.wishes.values())
    return in_order(request, wishes, {KINDS[kinds]} if kinds else None, how)


def in_order(request: Request, items: list[Item], kinds: set[str] | None, how: str | None) -> Reply:
    """A page of a list as its owner put it in order."""
    ranked = [(rank, item) for rank, item in enumerate(items, 1)
              if kinds is None or item.title.kind in kinds]  # fmt: skip
    if how == "desc":
        ranked.reverse()
    extended = request.query.get("extended", "")

    def render(each: tuple[int, Item]) -> dict[str, Any]:
        rank, item = each
        return item.shown(rank, extended)

    sorting = {"X_Sort_By": "rank", "X_Sort_How": "asc", "X_Applied_Sort_By": "rank"}
    return paged(request, ranked, render).with_headers(**sorting, X_Applied_Sort_How=how or "asc")


def _watched(account: Account, kind: str) -> list[list[Play]]:
    """The plays of each title, newest first, and the titles by their newest."""
    plays_of: dict[int, list[Play]] = defaultdict(list)
    for play in _newest_first(account):
        if play.title.kind == kind:
            plays_of[play.title.trakt].append(play)
    return list(plays_of.values())


def _newest_first(account: Account) -> list[Play]:
    return sorted(
        account.plays.values(), key=lambda play: (play.watched_at, play.play_id), reverse=True
    )


def _times(plays: list[Play]) -> list[str]:
    return [instants.to_text(play.watched_at) for play in plays]


def _instant(request: Request, name: str) -> datetime | None:
    text = request.query.get(name)
    if not text:
        return None
    try:
        return instants.from_text(text if "T" in text else f"{text}T00:00:00.000Z")
    except ValueError:
        raise Stop(Reply(422)) from None
