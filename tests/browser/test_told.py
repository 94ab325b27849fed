"""What people are told after they pressed something, in a real browser."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Screen
from tests.conftest import PINS, Clock, Household

pytestmark = pytest.mark.browser
Open = Callable[..., Screen]


def signed_in(screen: Open, name: str, *, scripts: bool = True) -> Screen:
    """Somebody of the cast on a device of their own."""
    opened = screen(scripts=scripts)
    page = opened.page
    page.goto("/who")
    opened.click(name, "link" if name in PINS else "button")
    if name in PINS:
        page.get_by_label("PIN").press_sequentially(PINS[name])
        if not scripts:
            opened.click("Let me in")
    expect(page.locator("#now")).to_be_visible()
    return opened


def in_view(page: Page, selector: str) -> bool:
    box: Any = page.locator(selector).bounding_box()
    size: Any = page.viewport_size
    return bool(box["y"] >= 0 and box["y"] + box["height"] <= size["height"])


def test_a_wrong_pin_is_forgotten_while_the_right_one_is_typed(
    household: Household, screen: Open
) -> None:
    opened = screen()
    page = opened.page
    page.goto("/who")
    opened.click("Ben", "link")
    page.get_by_label("PIN").press_sequentially("9051")
    expect(page.get_by_text("That is not the right PIN.")).to_be_visible()
    page.get_by_label("PIN").press_sequentially("7")
    expect(page.get_by_text("That is not the right PIN.")).to_be_hidden()
    page.get_by_label("PIN").press_sequentially("306")
    expect(page.locator("#now")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_the_count_asks_once_more_and_leads_to_the_result(
    household: Household, screen: Open, clock: Clock, scripts: bool
) -> None:
    first, *_rest = household.nominate(603, 862, 129, 13)
    household.ben.send(f"/nominations/{first}/vote")
    ana = signed_in(screen, "Ana", scripts=scripts)
    page = ana.page
    page.get_by_text("For admins").click()
    page.get_by_text("Close voting and count").click()
    assert household.ben.state()["phase"] == "voting"
    ana.click("Yes, count now")
    page.wait_for_url("**/#result")
    expect(page.get_by_role("status").filter(has_text="goes to The Matrix")).to_be_visible()
    assert in_view(page, ".notice--done")
    assert in_view(page, "#result")
    if scripts:
        ana.check()


def test_a_member_is_changed_and_the_page_is_back_at_their_name(
    household: Household, screen: Open
) -> None:
    ana = signed_in(screen, "Ana")
    page = ana.page
    page.goto("/admin")
    page.locator("#member-4 summary").first.click()
    page.locator("#member-4 summary", has_text="Retire").click()
    ana.check()
    ana.click("Yes, retire Dan")
    page.wait_for_url("**/admin#member-4")
    expect(page.get_by_text("Dan has left the household.")).to_be_visible()
    assert in_view(page, ".notice--done")
    assert in_view(page, "#name-4")
    ana.check()


def test_what_scripts_send_is_confirmed_and_the_focus_goes_on(
    household: Household, screen: Open, clock: Clock
) -> None:
    household.nominate(603, 862)
    ana = signed_in(screen, "Ana")
    page = ana.page
    ana.click("Withdraw The Matrix")
    expect(page.locator("#live")).to_have_text("You withdrew The Matrix.")
    expect(page.locator("#now")).to_be_focused()
    page.goto("/films/603")
    page.locator("label[for='rate-603-8']").click()
    rate = page.get_by_role("button", name="Rate", exact=True)
    if rate.is_visible():
        rate.click()
    expect(page.locator("#live")).to_have_text("Your rating is saved.")
    expect(page.locator(".notice--done")).to_be_visible()
    ana.check()
    clock.to(4, 19)
    page.goto("/")
    ana.click("We watched it")
    expect(page.locator("#live")).to_have_text("Marked as watched.")
    expect(page.locator("#evening")).to_be_focused()


CALLS = """() => {
  const fetching = window.fetch;
  window.calls = [];
  window.fetch = (url, options) => (window.calls.push(options || {}), fetching(url, options));
}"""


def test_every_request_of_a_script_carries_the_session_and_a_press_outlives_its_page(
    household: Household, screen: Open
) -> None:
    household.nominate(603, 862, 129, 13)
    page = signed_in(screen, "Dan").page
    page.add_init_script(f"({CALLS})()")
    page.reload()
    page.get_by_role("button", name="Vote The Matrix").click()
    expect(page.get_by_role("button", name="Voted The Matrix")).to_be_visible()
    calls = page.evaluate("window.calls")
    assert {call.get("credentials") for call in calls} == {"same-origin"}
    pressed = [call for call in calls if call.get("method") == "POST"]
    assert [call.get("keepalive") for call in pressed] == [True]
    assert len(calls) > 2, "the state, the press, the fresh page"
