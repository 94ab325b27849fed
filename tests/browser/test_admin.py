"""What an admin reads and enters: nobody is shut out, and what is to be copied can be."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from services import timers
from tests.browser.conftest import DESKTOP, PHONE, Screen
from tests.conftest import Household, Person

pytestmark = pytest.mark.browser
PAGES = ("/admin/trakt", "/admin/jobs", "/admin/audit", "/settings/audit", "/help/trakt")


@pytest.fixture
def as_member(screen: Callable[..., Screen], server: str) -> Callable[..., Screen]:
    def open_one(person: Person, size: dict[str, int], **about: bool) -> Screen:
        opened = screen(size, **about)
        cookie = {"name": "movie_night", "value": person.cookie, "url": server}
        opened.page.context.add_cookies([cookie])  # type: ignore[list-item]
        return opened

    return open_one


@pytest.mark.parametrize(("size", "dark"), [(PHONE, True), (DESKTOP, False)])
def test_the_admin_s_pages_shut_nobody_out(
    household: Household, as_member: Callable[..., Screen], size: dict[str, int], dark: bool
) -> None:
    household.ana.submit("/admin/trakt/app", client_id="x" * 64, client_secret="y" * 64)
    household.ana.submit("/admin/trakt/reservations", traktSlug="a" * 90, user="2")
    timers.run_if_due(household.app, timers.BY_NAME["sessions"])
    screen = as_member(household.ana, size, dark=dark)
    for url in PAGES:
        screen.page.goto(url)
        screen.check()


def test_the_redirect_uri_is_copied_at_one_press_and_selected_without_scripts(
    household: Household, as_member: Callable[..., Screen]
) -> None:
    household.app.config["PUBLIC_URL"] = "https://film.example"
    button, address = "Copy the redirect URI", "https://film.example/auth/trakt/callback"
    screen = as_member(household.ana, PHONE)
    screen.page.goto("/admin/trakt")
    screen.click(button)
    expect(screen.page.get_by_role("button", name="Copied.")).to_be_visible()
    name = screen.page.get_by_label("Account’s name at Trakt")
    name.focus()
    screen.page.keyboard.press("Control+V")
    expect(name).to_have_value(address)
    plain = as_member(household.ana, PHONE, scripts=False).page
    plain.goto("/admin/trakt")
    expect(plain.get_by_role("button", name=button)).to_have_count(0)
    expect(plain.get_by_label("Redirect URI to enter at Trakt")).to_have_value(address)


def test_a_sentence_leads_to_its_cure(
    household: Household, as_member: Callable[..., Screen]
) -> None:
    page = as_member(household.ana, PHONE).page
    page.goto("/admin/trakt")
    page.get_by_role("link", name="how to make it").click()
    expect(page.get_by_role("heading", name="Making the Trakt app")).to_be_in_viewport()
