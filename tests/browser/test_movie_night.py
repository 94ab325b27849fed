"""A family moves over from the old app and holds its movie night, with scripts and without."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

import migrate_json
from tests.browser.conftest import Screen
from tests.conftest import CHEAP, Clock

pytestmark = pytest.mark.browser

FAMILY = {"Ana": "4821", "Ben": "7306", "Cleo": None, "Dóra": "0618"}
FILMS = {"Ana": "The Matrix", "Ben": "Toy Story", "Cleo": "Spirited Away", "Dóra": "Coco"}
# Two for Ana's film, two for Ben's: the tie falls to who has waited longer, and Ana won before.
VOTES = {"Ana": ["Toy Story"], "Ben": ["The Matrix"], "Cleo": ["The Matrix", "Toy Story"]}
OLD_WEEK = {
    "weekNumber": "2026-W45",
    "firstPlace": {"id": "1", "tmdbId": 808},
    "secondPlace": None,
    "allMovies": [
        {
            "id": "1",
            "tmdbId": 808,
            "title": "Shrek",
            "year": "2001",
            "proposedBy": "Ana",
            "proposedAt": "2026-11-02T18:00:00.000Z",
            "ratings": {"Ben": 4},
        }
    ],
    "votes": {"1": {"Ben": True, "Cleo": True}},
}


@pytest.fixture
def moved_in(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The family's old file, brought over by the script."""
    file = tmp_path / "data.json"
    users = {name: {"icon": "🦊", "pin": pin} for name, pin in FAMILY.items()}
    file.write_text(json.dumps({"users": users, "history": [OLD_WEEK]}), encoding="utf-8")
    monkeypatch.setenv("DATA_DIR", str(app.config["DATA_DIR"]))
    assert migrate_json.main([str(file), "--json"], pin_cost=CHEAP) == 0


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_family_holds_its_movie_night(
    moved_in: None, screen: Callable[..., Screen], clock: Clock, scripts: bool
) -> None:
    night = Night({name: screen(scripts=scripts) for name in FAMILY}, scripts)
    night.everyone(night.sign_in)
    night.everyone(night.nominate)
    night.everyone(night.vote)
    for name in FAMILY:
        assert "The votes are counted" not in night.home(name).text()
    clock.to(4, 19)  # Friday, an hour after the count was due
    night.everyone(night.sees_who_won_and_why)
    night.mark_watched("Cleo", absent="Dóra")
    night.everyone(night.rate)
    night.finds_it_in_history("Ben")


class Night:
    def __init__(self, screens: dict[str, Screen], scripts: bool) -> None:
        self.screens = screens
        self.scripts = scripts

    def everyone(self, act: Callable[[str], None]) -> None:
        for name in self.screens:
            act(name)
        if self.scripts:
            self.screens["Ana"].check()
            self.screens["Dóra"].check()

    def home(self, name: str) -> Screen:
        self.screens[name].page.goto("/")
        return self.screens[name]

    def sign_in(self, name: str) -> None:
        screen = self.screens[name]
        page = screen.page
        page.goto("/")
        expect(page.get_by_role("heading", name="Who’s watching?")).to_be_visible()
        if self.scripts and name == "Ana":
            screen.check()
        choice: Any = "link" if FAMILY[name] else "button"
        screen.click(name, choice)
        if pin := FAMILY[name]:
            page.get_by_label("PIN").press_sequentially(pin)
            if not self.scripts:
                screen.click("Let me in")
        expect(page.locator(".badge--nomination")).to_be_visible()

    def nominate(self, name: str) -> None:
        page = self.home(name).page
        page.get_by_label("Title, or a TMDB link").fill(FILMS[name])
        page.get_by_role("button", name="Search").click()
        page.get_by_role("button", name=f"Nominate {FILMS[name]}", exact=True).click()
        expect(page.locator(".week__phase")).to_be_visible()
        expect(page.get_by_role("link", name=FILMS[name], exact=True)).to_be_visible()

    def vote(self, name: str) -> None:
        page = self.home(name).page
        expect(page.locator(".badge--voting")).to_be_visible()
        for title in VOTES.get(name, []):
            page.get_by_role("button", name=f"Vote {title}").click()
            expect(page.get_by_role("button", name=f"Voted {title}")).to_be_visible()
        expect(page.get_by_role("button", name=f"Vote {FILMS[name]}")).to_have_count(0)

    def sees_who_won_and_why(self, name: str) -> None:
        text = self.home(name).text()
        assert "Movie night goes to" in text
        winner = self.screens[name].page.locator(".place--first")
        assert "Toy Story" in winner.inner_text()
        assert "2 votes each; Ben has waited longer" in winner.inner_text()

    def mark_watched(self, name: str, absent: str) -> None:
        page = self.home(name).page
        page.get_by_role("checkbox", name=absent).uncheck()
        page.get_by_role("button", name="We watched it").click()
        expect(page.get_by_text("Watched together on")).to_be_visible()

    def rate(self, name: str) -> None:
        page = self.home(name).page
        page.locator("label[for='rate-862-9']").click()
        rate = page.get_by_role("button", name="Rate", exact=True)
        if rate.is_visible():
            rate.click()
        expect(page.get_by_text("Your rating is saved").first).to_be_visible()
        page.goto("/films/862")
        expect(page.locator("#rate-862-9")).to_be_checked()

    def finds_it_in_history(self, name: str) -> None:
        page = self.home(name).page
        page.get_by_role("link", name="History").click()
        text = self.screens[name].text()
        assert "Toy Story" in text
        assert "Shrek" in text
        page.goto("/weeks/2026-W47")
        text = self.screens[name].text()
        assert "Ana, Ben, Cleo" in text
        assert "9" in text
        if self.scripts:
            self.screens[name].check()
