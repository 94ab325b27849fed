"""Take the README's pictures of the example household: `make pictures`. Needs Chromium."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).resolve().parent
PORT = "3999"
READY = "Movie Night is on "
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 800}


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("Chromium is not installed.")
    with demo() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        picture(browser, address, "films", "/discover", DESKTOP, "dark")
        open_voting(browser, address)
        picture(browser, address, "week", "/", PHONE, "dark")
        picture(browser, address, "statistics", "/statistics", DESKTOP, "light")
        browser.close()


@contextmanager
def demo() -> Iterator[str]:
    """Serve the example household from a temporary folder and yield its address."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"DATA_DIR": folder, "HOST": "127.0.0.1", "PORT": PORT}
        command = [sys.executable, "-m", "flask", "--app", "app", "demo"]
        server = subprocess.Popen(  # noqa: S603 - our own command
            command, cwd=HERE.parent, env=environment, stdout=subprocess.PIPE, text=True
        )
        try:
            yield _address(server)
        finally:
            server.terminate()
            server.wait()


def _address(server: "subprocess.Popen[str]") -> str:
    for line in server.stdout or ():
        if line.startswith(READY):
            return line.removeprefix(READY).strip()
    sys.exit("The demo did not start.")


def picture(browser: Browser, address: str, name: str, url: str, size: Any, scheme: Any) -> None:
    """Take one picture as Otto, who has no PIN and nominates last."""
    page = signed_in(browser, address, "Otto", viewport=size, color_scheme=scheme)
    page.goto(url, wait_until="networkidle")
    page.screenshot(path=HERE / f"{name}.png")
    page.context.close()


def open_voting(browser: Browser, address: str) -> None:
    """Nominate the first film of the search as Otto, which opens voting."""
    page = signed_in(browser, address, "Otto")
    page.goto("/search?q=paddington")
    page.get_by_role("button", name="Nominate").first.click()
    page.wait_for_url("**/")
    page.context.close()


def signed_in(browser: Browser, address: str, name: str, **device: Any) -> Page:
    page = browser.new_context(base_url=address, **device).new_page()
    page.goto("/who")
    page.get_by_role("button", name=name).click()
    page.wait_for_url("**/")
    return page


if __name__ == "__main__":
    main()
