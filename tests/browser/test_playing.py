"""The film that is on, as screens show it: a bar that moves, one press, and everybody sees it."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, TELEVISION, Screen
from tests.conftest import Clock, Household

pytestmark = pytest.mark.browser


@pytest.fixture
def evening(household: Household, clock: Clock, screen: Callable[..., Screen]) -> Any:
    household.nominate(603, 862)
    clock.to(4, 20)

    def sit_down(name: str, size: dict[str, int], **how: Any) -> Screen:
        device = screen(size, **how)
        device.page.goto("/who")
        device.click(name)
        expect(device.page.get_by_role("heading", name="Movie night", exact=True)).to_be_visible()
        return device

    return sit_down


def test_one_starts_the_film_and_all_screens_show_it(evening: Any, clock: Clock) -> None:
    cleo, dan = evening("Cleo", PHONE), evening("Dan", TELEVISION, dark=False)
    cleo.page.get_by_role("checkbox", name="Ben").uncheck()
    cleo.click("Start the film")
    for device in (cleo, dan):
        expect(device.page.get_by_text("Now watching")).to_be_visible()
        expect(device.page.get_by_text("0 of 136 min")).to_be_visible()
        device.check()
    clock.forward(minutes=130)
    dan.click("Pause")
    expect(cleo.page.get_by_text("Paused", exact=True).first).to_be_visible()
    expect(cleo.page.get_by_text("130 of 136 min")).to_be_visible()
    cleo.click("The film is over")
    expect(dan.page.get_by_text("Watched together on")).to_be_visible()
    assert "Ben" not in dan.page.locator(".night .avatars").first.inner_text()
    cleo.check()


def test_the_bar_moves_by_itself(evening: Any) -> None:
    cleo = evening("Cleo", DESKTOP)
    cleo.click("Start the film")
    bar = cleo.page.get_by_role("progressbar")
    expect(bar).to_be_visible()
    expect(bar).not_to_have_js_property("value", 0)


def test_without_scripts_the_same_buttons_do_it(evening: Any, clock: Clock) -> None:
    cleo = evening("Cleo", PHONE, scripts=False)
    cleo.click("Start the film")
    expect(cleo.page.get_by_text("Now watching")).to_be_visible()
    clock.forward(minutes=10)
    cleo.click("The film is over")
    expect(cleo.page.get_by_text("Stopped after 7 %")).to_be_visible()
    cleo.click("We watched it")
    expect(cleo.page.get_by_text("Watched together on")).to_be_visible()
