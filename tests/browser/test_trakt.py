"""A movie night of three who are linked: from their watchlists to their ratings, on phones."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from services import discover_fetch
from tests.browser.conftest import PHONE, Screen
from tests.conftest import PINS, Clock, Household, Person
from tests.fake_trakt import Account, FakeTrakt
from tests.trakt.connected import Connected, connected
from tests.trakt.synced import Synced, synced

__all__ = ["connected", "synced"]

pytestmark = pytest.mark.browser
LION, TOYS, HEAT = 8587, 862, 949  # on everybody's list, on Ben's, on Dan's
LINKED = ("Ben", "Cleo", "Dan")


class Night:
    def __init__(self, household: Household, synced: Synced, screen: Callable[..., Screen]) -> None:
        self.synced, self.screen = synced, screen
        self.people: dict[str, Person] = {each.name: each for each in household.everyone}
        self.accounts: dict[str, Account] = {}
        self.phones: dict[str, Screen] = {}

    def link(self, trakt: FakeTrakt) -> None:
        """Everybody's wishes came with the link."""
        films = {LION: "The Lion King", TOYS: "Toy Story", HEAT: "Heat"}
        titles = {tmdb_id: trakt.film(tmdb_id, title, 1994) for tmdb_id, title in films.items()}
        for name, own in zip(LINKED, ([LION, TOYS], [LION], [LION, HEAT]), strict=True):
            account = trakt.account(f"{name.lower()}-films")
            for tmdb_id in own:
                account.wish(titles[tmdb_id])
            self.synced.connected.link(self.people[name], account)
            self.accounts[name] = account

    def sit_down(self, name: str) -> Screen:
        phone = self.phones[name] = self.screen(PHONE)
        phone.page.goto("/who")
        phone.click(name, "link" if name in PINS else "button")
        if name in PINS:
            phone.page.get_by_label("PIN").press_sequentially(PINS[name])
        expect(phone.page.locator("#now")).to_be_visible()
        return phone

    def nominate(self, name: str, title: str, tab: str = "") -> None:
        phone = self.phones[name]
        phone.click("Discover", "link")
        if tab:
            phone.click(tab, "link")
        phone.check()
        phone.click(f"Nominate {title}")
        expect(phone.page.get_by_role("link", name=title, exact=True)).to_be_visible()

    def rate(self, name: str, rating: int) -> None:
        phone = self.phones[name]
        phone.page.goto("/")
        phone.page.locator(f"label[for='rate-{LION}-{rating}']").click()
        if (rate := phone.page.get_by_role("button", name="Rate", exact=True)).is_visible():
            rate.click()
        expect(phone.page.get_by_text("Your rating is saved").first).to_be_visible()
        phone.check()


@pytest.fixture
def night(
    household: Household, connected: Connected, synced: Synced, screen: Callable[..., Screen]
) -> Iterator[Night]:
    night = Night(household, synced, screen)
    night.link(connected.trakt)
    for name in LINKED:
        night.sit_down(name)
    yield night
    assert discover_fetch.of_app(household.app).executor.wait(20)


def test_a_film_of_three_watchlists_is_watched_together_and_rated_at_everybodys_trakt(
    household: Household, night: Night, clock: Clock
) -> None:
    cleo = night.phones["Cleo"]
    cleo.click("Discover", "link")
    first = cleo.page.locator(".idea").first
    assert "The Lion King" in first.inner_text()
    assert "3" in first.inner_text()
    night.nominate("Cleo", "The Lion King")
    night.nominate("Ben", "Toy Story", tab="My watchlist")
    night.nominate("Dan", "Heat")
    household.ana.send("/nominations", tmdb_id=13)
    for name in ("Ben", "Dan"):
        night.phones[name].page.goto("/")
        night.phones[name].click("Vote The Lion King")
        voted = night.phones[name].page.get_by_role("button", name="Voted The Lion King")
        expect(voted).to_be_visible()
    clock.to(4, 19)
    cleo.page.goto("/")
    assert "The Lion King" in cleo.page.locator(".place--first").inner_text()
    cleo.page.get_by_role("checkbox", name="Ana").uncheck()
    cleo.click("We watched it")
    expect(cleo.page.get_by_text("Watched together on")).to_be_visible()
    for name, rating in zip(LINKED, (9, 6, 10), strict=True):
        night.rate(name, rating)
    night.synced.settle()
    cleo.page.goto("/weeks/2026-W47")
    for name in LINKED:
        line = cleo.page.locator(".receipts li", has_text=name)
        assert "sent" in line.inner_text().lower()
    cleo.check()
    for (name, account), rating in zip(night.accounts.items(), (9, 6, 10), strict=True):
        assert [play.title.tmdb for play in account.plays.values()] == [LION], name
        assert [each.value for each in account.ratings.values()] == [rating], name
        assert LION not in {wish.tmdb for wish in account.wishes}
