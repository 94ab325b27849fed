"""A real Chromium against the real app, served from this process so that its clock can be moved."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from waitress.server import create_server

from tests.trakt.fakes import fake_trakt, waits

__all__ = ["fake_trakt", "waits"]

expect.set_options(timeout=15_000)  # the suite shares its cores with the browser

RESTING = """Promise.allSettled(document.getAnimations()
  .filter((one) => one.effect.getComputedTiming().endTime < 10000).map((one) => one.finished))"""
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 800}
TELEVISION = {"width": 1920, "height": 1080}
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        if os.environ.get("MOVIE_NIGHT_BROWSER") == "required":
            pytest.fail("Chromium is missing and MOVIE_NIGHT_BROWSER=required is set")
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def server(app: Flask) -> Iterator[str]:
    """Serve the app on a free loopback port and return its address."""
    waitress = create_server(app, host="127.0.0.1", port=0, threads=4)

    def run() -> None:
        with suppress(OSError):  # its sockets are closed under it in the end
            waitress.run()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{waitress.effective_port}"  # type: ignore[union-attr]
    waitress.close()
    thread.join(5)


@dataclass
class Screen:
    """One device: a browser of its own with nothing remembered."""

    page: Page
    problems: list[str]  # console errors, failed scripts, blocked styles

    def click(self, name: str, role: Any = "button") -> None:
        self.page.get_by_role(role, name=name).first.click()

    def text(self) -> str:
        return self.page.locator("main").inner_text()

    def check(self) -> None:
        """Nobody is shut out, nothing sticks out, nothing failed in silence."""
        # A page that follows a running sync loads itself again when that has ended.
        expect(self.page.locator("[data-sync-now]:disabled")).to_have_count(0)
        self.page.wait_for_load_state()
        self.page.evaluate(RESTING)  # text that fades in has no contrast yet
        found = Axe().run(self.page)
        assert found.violations_count == 0, (self.page.url, found.generate_report())
        width = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert width <= 0, f"{self.page.url} is {width} pixels too wide"
        assert self.problems == []


@pytest.fixture
def screen(chromium: Browser, server: str) -> Iterator[Callable[..., Screen]]:
    """Opens devices: `screen(size, scripts=False, dark=True)`."""
    contexts: list[BrowserContext] = []

    def open_one(
        size: dict[str, int] = PHONE, *, scripts: bool = True, dark: bool = True
    ) -> Screen:
        context = chromium.new_context(
            base_url=server,
            viewport=size,  # type: ignore[arg-type]
            java_script_enabled=scripts,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on(
            "console",
            lambda said: problems.append(said.text) if said.type == "error" else None,
        )
        return Screen(page, problems)

    yield open_one
    for context in contexts:
        context.close()
