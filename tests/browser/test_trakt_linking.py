"""Both ways of linking, in a real browser, against the strict Trakt on loopback."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, Screen
from tests.conftest import TUESDAY_NOON, Household
from tests.fake_trakt import FakeTrakt
from utils import instants

pytestmark = pytest.mark.browser
TINY = {"width": 320, "height": 640}


@pytest.fixture
def home(
    household: Household, server: str, fake_trakt: FakeTrakt, monkeypatch: pytest.MonkeyPatch
) -> Household:
    """With a Trakt app and a clock that runs, because pages poll."""
    began = time.monotonic()
    monkeypatch.setattr(
        instants, "now", lambda: TUESDAY_NOON + timedelta(seconds=time.monotonic() - began)
    )
    registered = fake_trakt.register(redirects=[f"{server}/auth/trakt/callback"])
    fake_trakt.interval = 2  # our own endpoint takes one a second
    fake_trakt.account("cleo-films")
    household.app.config.update(
        PUBLIC_URL=server,
        TRAKT_CLIENT_ID=registered.client_id,
        TRAKT_API_URL=fake_trakt.api_url,
        TRAKT_AUTH_URL=fake_trakt.auth_url,
    )
    return household


def settings_of_cleo(device: Screen) -> None:
    device.page.clock.install(time=TUESDAY_NOON)  # the countdown is the browser's own
    device.page.goto("/who")
    device.click("Cleo")
    device.page.wait_for_url(lambda url: not url.endswith("/who"))
    device.page.goto("/settings")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_member_signs_in_at_trakt_and_unlinks(
    home: Household, screen: Callable[..., Screen], scripts: bool
) -> None:
    device = screen(TINY, scripts=scripts)
    settings_of_cleo(device)
    device.click("Sign in at Trakt", "link")
    device.click("Deny")
    assert "You said no at Trakt" in device.text()
    device.click("Sign in at Trakt", "link")
    device.click("Allow")
    expect(device.page.locator("#trakt")).to_contain_text("@cleo-films")
    if scripts:  # axe is a script
        device.problems.clear()  # a browser counts our 403 for the "no" among its errors
        device.check()
    device.page.locator("summary", has_text="Unlink").click()
    device.click("Unlink my Trakt")
    expect(device.page.locator("#trakt")).to_contain_text("Link your account")
    if scripts:
        device.check()


@pytest.mark.parametrize(("size", "dark"), [(PHONE, True), (DESKTOP, False)])
def test_a_code_typed_on_another_device_links_by_itself(
    home: Household,
    screen: Callable[..., Screen],
    fake_trakt: FakeTrakt,
    size: dict[str, int],
    dark: bool,
) -> None:
    device = screen(size, dark=dark)
    settings_of_cleo(device)
    device.click("Link with a code")
    code = device.page.locator(".device__code").inner_text()
    expect(device.page.locator("#device-said")).to_have_text("Waiting for your yes at Trakt …")
    expect(device.page.locator(".device .countdown")).to_contain_text("min")
    width = device.page.locator(".device__qr").evaluate("picture => picture.naturalWidth")
    assert width > 100
    device.check()
    device.page.reload()
    assert device.page.locator(".device__code").inner_text() == code

    phone = screen(PHONE)
    phone.page.goto(f"{fake_trakt.auth_url}/activate")
    phone.page.get_by_label("Code").fill(code)
    phone.click("Allow")
    expect(device.page.locator("#trakt")).to_contain_text("@cleo-films")
    device.check()


def test_a_code_that_was_refused_ends_with_a_button_for_a_new_one(
    home: Household, screen: Callable[..., Screen], fake_trakt: FakeTrakt
) -> None:
    device = screen()
    settings_of_cleo(device)
    device.click("Link with a code")
    first = device.page.locator(".device__code").inner_text()
    fake_trakt.decide(first, fake_trakt.accounts["cleo-films"], approve=False)
    expect(device.page.locator("#device-said")).to_contain_text("You said no")
    expect(device.page.locator(".device__code")).to_be_hidden()
    device.problems.clear()  # the 409 that told it
    device.check()
    device.click("New code")
    assert device.page.locator(".device__code").inner_text() != first


def test_with_scripts_off_a_button_looks_whether_the_code_was_approved(
    home: Household,
    screen: Callable[..., Screen],
    fake_trakt: FakeTrakt,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    device = screen(scripts=False)
    settings_of_cleo(device)
    device.click("Link with a code")
    device.click("Check now")
    expect(device.page.locator("#device-said")).to_contain_text("Trakt has no yes of yours yet.")
    code = device.page.locator(".device__code").inner_text()
    fake_trakt.decide(code, fake_trakt.accounts["cleo-films"])
    later = TUESDAY_NOON + timedelta(minutes=1)  # longer than Trakt's interval
    monkeypatch.setattr(instants, "now", lambda: later)
    device.click("Check now")
    expect(device.page.locator("#trakt")).to_contain_text("@cleo-films")
