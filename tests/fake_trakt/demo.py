"""Accounts and titles to look at; the films are among those that the app knows by itself."""

from collections.abc import Iterable
from datetime import timedelta

from movies import bundled
from tests.fake_trakt.catalogue import Title
from tests.fake_trakt.world import TrackedApp, World

PEOPLE = {"ana-films": True, "ben-watches": False, "cleo": False}  # name: VIP


def furnish(world: World, redirects: Iterable[str]) -> TrackedApp:
    """An app and three accounts with some past, some wishes and some recommendations."""
    films = _films(world)
    shows = [world.show(900_000 + n, f"Harbour Street {n}", 2010 + n) for n in range(6)]
    world.trending, world.popular = [*films[:20], *shows], [*films[20:60], *shows]
    for place, (name, vip) in enumerate(PEOPLE.items()):
        account = world.account(name, vip=vip)
        for age, film in enumerate(films[place::4][:30]):
            account.watch(film, world.now() - timedelta(days=9 * age + place + 1))
            account.rate(film, 1 + (age * 7 + place) % 10, world.now() - timedelta(days=9 * age))
        for film in films[60 + place : 90 : 2]:
            account.wish(film)
        account.wish(shows[place])
        account.make_list("Rainy Sundays", [*films[130 + place : 160 : 4], shows[place]])
        account.recommended = [*films[90 + place : 130 : 3], *shows]
    return world.register("movie-night", redirects)


def _films(world: World) -> list[Title]:
    return [
        world.film(film.tmdb_id, film.title, film.year, runtime=film.runtime or 100)
        for film in bundled.all_films()[-200:]
    ]
