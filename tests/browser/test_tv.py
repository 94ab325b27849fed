"""The television, by its remote control alone: arrow keys and OK."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import TELEVISION, Screen
from tests.conftest import Clock, Household

pytestmark = pytest.mark.browser

SMALLER = {"width": 1280, "height": 720}
MATRIX, TOYS, HEAT, LION = 603, 862, 949, 8587
OK, LEFT, RIGHT, UP, DOWN = "Enter", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"
# What shows within the twentieth at each edge that a set may cut off.
CUT_OFF = """() => Array.from(document.querySelectorAll("main :is(a, button, img, p, h1, h2)"))
  .filter((each) => !each.closest(".visually-hidden, [hidden]"))
  .map((each) => [each, each.getBoundingClientRect()])
  .filter(([each, box]) => box.left < innerWidth / 20 - 1 || box.right > innerWidth * 0.95 + 1
    || box.top < innerHeight / 20 - 1 || box.bottom > innerHeight * 0.95 + 1)
  .map(([each]) => each.outerHTML.slice(0, 90))"""

BEGINS = """(place) =>
  parseFloat(getComputedStyle(document.querySelector(place + " .place__turn")).animationDelay)"""


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def seek(page: Page, text: str, key: str) -> None:
    """Press a key until what is wanted has the focus."""
    for _press in range(12):
        if text in focused(page):
            return
        press(page, key)
    raise AssertionError(f"{text} was not reached: {focused(page)}")


def focused(page: Page) -> str:
    text: str = page.evaluate("(document.activeElement.labels || [])[0]?.innerText"
                              " || document.activeElement.innerText")  # fmt: skip
    return " ".join(text.split())


@pytest.fixture(params=[TELEVISION, SMALLER], ids=["1080 lines", "720 lines"])
def sofa(
    household: Household, screen: Callable[..., Screen], request: pytest.FixtureRequest
) -> Screen:
    """Dan signs in on the television."""
    device = screen(request.param)
    device.page.goto("/tv")
    device.check()
    press(device.page, DOWN, RIGHT, DOWN)
    seek(device.page, "Dan", RIGHT)
    press(device.page, OK)
    expect(device.page.get_by_text("Nobody has nominated yet")).to_be_visible()
    return device


def check(device: Screen) -> None:
    device.check()
    assert device.page.evaluate(CUT_OFF) == []


def test_a_week_goes_by_with_a_remote_control(
    household: Household, sofa: Screen, clock: Clock
) -> None:
    page = sofa.page
    check(sofa)
    matrix, toys, *_ = household.nominate(MATRIX, TOYS, HEAT, LION)
    expect(page.get_by_role("heading", name="Dan, you have 2 votes left.")).to_be_visible()
    check(sofa)

    press(page, DOWN)
    seek(page, "Toy Story", RIGHT)
    press(page, OK)
    expect(page.get_by_role("heading", name="Dan, you have 1 vote left.")).to_be_visible()
    assert "♥ Voted Toy Story" in focused(page)
    press(page, OK)
    expect(page.get_by_role("heading", name="Dan, you have 2 votes left.")).to_be_visible()
    press(page, OK, RIGHT, RIGHT)
    assert "Yours The Lion King" in focused(page)
    press(page, OK)
    expect(page.get_by_role("alert")).to_contain_text("own film")
    assert "403" in sofa.problems.pop()
    household.ana.send(f"/nominations/{toys}/vote")
    household.cleo.send(f"/nominations/{matrix}/vote")
    expect(page.locator(".side")).not_to_contain_text("Cleo")
    check(sofa)

    clock.to(4, 19)
    expect(page.locator(".stage--turning")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("Toy Story: 2 votes; The Matrix has 1.")
    assert "Start Toy Story" in focused(page)
    assert page.evaluate(BEGINS, ".place:not(.place--first)") < page.evaluate(
        BEGINS, ".place--first"
    )
    page.evaluate("Promise.all(document.getAnimations().map(one => one.finished))")
    check(sofa)
    press(page, LEFT)
    assert focused(page) == "Show it again"
    press(page, OK)
    assert page.evaluate("document.getAnimations().length") > 0
    press(page, RIGHT)
    seek(page, "Ana", UP)
    press(page, RIGHT)
    assert "Ben" in focused(page)
    press(page, OK)
    seek(page, "Start Toy Story", DOWN)
    press(page, OK)
    expect(page.get_by_text("0 of 81 min")).to_be_visible()
    assert "Ben" not in page.locator(".faces").inner_text()
    check(sofa)
    clock.forward(minutes=75)
    press(page, RIGHT)
    assert focused(page) == "The film is over"
    press(page, OK)
    expect(page.get_by_text("Rate it on your phone.")).to_be_visible()
    check(sofa)


def test_arrow_keys_reach_everything_of_the_page(household: Household, sofa: Screen) -> None:
    household.nominate(MATRIX, TOYS, HEAT, LION)
    expect(sofa.page.get_by_role("button", name="The Matrix")).to_be_visible()
    seen: set[str] = set()
    for key in [UP, LEFT, LEFT, DOWN, LEFT, LEFT, LEFT, *[RIGHT] * 8, UP, RIGHT, RIGHT]:
        press(sofa.page, key)
        seen.add(sofa.page.evaluate("document.activeElement.outerHTML"))
    all_there = sofa.page.locator("main a, main button").evaluate_all(
        "all => all.map(each => each.outerHTML)"
    )
    assert set(all_there) <= seen


def test_the_pin_is_typed_and_left_with_arrow_keys(
    household: Household, screen: Callable[..., Screen]
) -> None:
    page = screen(TELEVISION).page
    page.goto("/tv")
    press(page, DOWN)
    seek(page, "Ana", LEFT)
    press(page, OK)
    expect(page.get_by_role("heading", name="Hello Ana")).to_be_visible()
    press(page, DOWN)
    assert focused(page) == "Let me in"
    press(page, RIGHT)
    assert focused(page) == "Somebody else"
    press(page, UP, *"4821")
    expect(page.get_by_text("Nobody has nominated yet")).to_be_visible()
    assert page.url.endswith("/tv")


def test_without_scripts_tab_and_ok_do_it(
    household: Household, screen: Callable[..., Screen]
) -> None:
    household.nominate(MATRIX, TOYS, HEAT, LION)
    page = screen(SMALLER, scripts=False).page
    page.goto("/tv")
    page.get_by_role("button", name="Dan").click()
    expect(page.get_by_role("heading", name="Dan, you have 2 votes left.")).to_be_visible()
    for key in ("Tab", "Tab", "Tab", OK):
        page.keyboard.press(key)
    expect(page.get_by_role("heading", name="Dan, you have 1 vote left.")).to_be_visible()
    assert page.url.endswith("/tv")
    assert page.locator("meta[http-equiv=refresh]").count() == 1
