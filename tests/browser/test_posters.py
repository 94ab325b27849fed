"""A poster that comes while the page is open takes the place of its drawn card."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request, Route

from tests.browser.conftest import PHONE, Screen
from tests.conftest import Household
from tests.fake_tmdb import FakeTmdb
from tests.pages.conftest import fetch, tmdb

__all__ = ["fetch", "tmdb"]
pytestmark = pytest.mark.browser

MATRIX = 603
ROUND = 90_000  # ms; longer than the longest pause
IS_REAL = "document.querySelector('main img.poster').naturalWidth === 20"


def opened(household: Household, screen: Callable[..., Screen], server: str, url: str) -> Page:
    page: Page = screen(PHONE).page
    cookie = household.ana.client.get_cookie("movie_night")
    assert cookie
    page.context.add_cookies([{"name": "movie_night", "value": cookie.value, "url": server}])
    page.clock.install()
    page.goto(url, wait_until="load")
    return page


def looks_of(page: Page) -> list[str]:
    """Filled with the addresses that are looked at from now on."""
    looks: list[str] = []

    def note(request: Request) -> None:
        if request.method == "HEAD":
            looks.append(request.url)

    page.on("request", note)
    return looks


def forward(page: Page, until: Callable[[], bool], most: int = 200) -> None:
    """Past one pause after the other."""
    for _pause in range(most):
        page.clock.fast_forward(ROUND)
        page.evaluate("fetch('/healthz')")  # time for answers to come in
        if until():
            return


def test_a_poster_that_comes_meanwhile_takes_the_cards_place(
    tmdb: FakeTmdb,
    fetch: Callable[[], None],
    household: Household,
    screen: Callable[..., Screen],
    server: str,
) -> None:
    tmdb.film(MATRIX, "The Matrix", 1999, poster_path="/m.png")
    page = opened(household, screen, server, f"/films/{MATRIX}")
    assert not page.evaluate(IS_REAL)
    fetch()
    forward(page, lambda: bool(page.evaluate(IS_REAL)))
    assert page.evaluate(IS_REAL)


def test_cards_in_view_are_asked_for_a_few_times_and_no_others(
    tmdb: FakeTmdb, household: Household, screen: Callable[..., Screen], server: str
) -> None:
    page = opened(household, screen, server, "/search?q=star")
    cards = page.locator("main img.poster").count()
    looks = looks_of(page)
    forward(page, lambda: len(looks) > 0 and len(looks) >= 4 * len(set(looks)))
    forward(page, lambda: False, most=9)
    assert 0 < len(set(looks)) < cards
    assert len(looks) == 4 * len(set(looks))


def test_a_page_that_is_swapped_during_a_look_is_looked_at_as_often_as_any(
    tmdb: FakeTmdb, household: Household, screen: Callable[..., Screen], server: str
) -> None:
    page = opened(household, screen, server, f"/films/{MATRIX}")
    looks, held = looks_of(page), list[Route]()
    page.route("**/posters/**", lambda route: held.append(route), times=1)
    forward(page, lambda: bool(held))
    page.evaluate("document.dispatchEvent(new Event('swapped'))")
    with page.expect_response("**/posters/**"):
        held[0].continue_()
    page.evaluate("fetch('/healthz')")
    forward(page, lambda: False, most=9)
    assert len(looks) == 1 + 4


def test_without_a_tmdb_key_nothing_is_asked(
    household: Household, screen: Callable[..., Screen], server: str
) -> None:
    page = opened(household, screen, server, "/search?q=star")
    looks = looks_of(page)
    forward(page, lambda: False, most=9)
    assert (looks, "data-posters" in page.content()) == ([], False)
