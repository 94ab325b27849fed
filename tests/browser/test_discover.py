"""Ideas, wishes and "not for me" in a real browser, beside a Trakt on loopback."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from services import discover_fetch
from tests.browser.conftest import PHONE, Screen
from tests.conftest import Household
from tests.fake_trakt import FakeTrakt

pytestmark = pytest.mark.browser
Open = Callable[..., Screen]
NARROW = {"width": 320, "height": 640}


@pytest.fixture
def home(household: Household, fake_trakt: FakeTrakt) -> Iterator[Household]:
    """Wishes for ten films, and a Trakt app that nobody is linked with."""
    registered = fake_trakt.register(redirects=["https://film.example/auth/trakt/callback"])
    household.app.config.update(
        TRAKT_CLIENT_ID=registered.client_id,
        TRAKT_API_URL=fake_trakt.api_url,
        TRAKT_AUTH_URL=fake_trakt.auth_url,
    )
    for film in (8587, 862, 949, 680, 278, 603, 13, 129, 120, 11):
        household.ana.send(f"/watchlist/film/{film}")
    yield household
    assert discover_fetch.of_app(household.app).executor.wait(20)


def discover(screen: Open, size: dict[str, int], **how: bool) -> Screen:
    opened = screen(size, **how)
    opened.page.goto("/who")
    opened.click("Cleo")
    expect(opened.page.locator("#now")).to_be_visible()
    opened.click("Discover", "link")
    expect(opened.page.locator("h1")).to_have_text("What could we nominate?")
    return opened


def test_what_trakt_answers_appears_by_itself(
    home: Household, screen: Open, fake_trakt: FakeTrakt
) -> None:
    fake_trakt.trending = [fake_trakt.show(900_001, "Harbour Street", 2010)]
    opened = discover(screen, PHONE)
    expect(opened.page.get_by_role("heading", name="Trending shows")).to_be_visible()
    expect(opened.page.locator("[data-coming]")).to_have_count(0)
    opened.check()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_title_is_hidden_and_brought_back(home: Household, screen: Open, scripts: bool) -> None:
    opened = discover(screen, NARROW, scripts=scripts)
    page = opened.page
    matrix = page.get_by_role("link", name="The Matrix")
    opened.click("Not for me: The Matrix")
    expect(matrix).to_have_count(0)
    undo = page.get_by_role("button", name="Undo The Matrix")
    expect(undo).to_be_in_viewport()
    if scripts:
        expect(undo).to_be_focused()
        opened.check()
    undo.click()
    expect(matrix).to_have_count(1)
    expect(page.locator("main").get_by_text("The Matrix is shown again.")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_wish_leaves_the_row_where_it_was_moved_to(
    home: Household, screen: Open, scripts: bool
) -> None:
    opened = discover(screen, NARROW, scripts=scripts)
    page = opened.page
    wish = page.locator("#wish-watchlist-film-film-8587")  # the first wish: last in the row
    wish.scroll_into_view_if_needed()
    wish.click()
    moved = page.locator("#wish-overlap-film-film-8587")
    expect(moved).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text("The Lion King is on your watchlist.").last).to_be_visible()
    opened.click("My watchlist", "link")
    expect(page.get_by_role("button", name="Nominate The Lion King")).to_be_enabled()
    if scripts:
        opened.check()
    opened.click("Nominate The Lion King")
    expect(page.get_by_role("heading", name="Your film is in.")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_card_takes_that_i_have_seen_it(home: Household, screen: Open, scripts: bool) -> None:
    opened = discover(screen, PHONE, scripts=scripts)
    page = opened.page
    page.goto("/search?q=matrix")
    opened.click("I have seen it: The Matrix")
    card = page.locator(".card").filter(has=page.get_by_role("link", name="The Matrix", exact=True))
    expect(card.get_by_text("Seen by Cleo")).to_be_visible()
    expect(card.get_by_role("button", name="I have seen it")).to_have_count(0)
    expect(page.locator("main").get_by_text("You have seen The Matrix.")).to_be_visible()
    if scripts:
        expect(card.get_by_role("button", name="Watchlist")).to_be_focused()
        opened.check()
    page.goto("/discover")
    opened.click("I have seen it: The Lion King")
    told = page.locator(".idea").filter(has_text="The Lion King").get_by_text("Seen by Cleo")
    expect(told).to_be_visible()
    if scripts:
        opened.check()
