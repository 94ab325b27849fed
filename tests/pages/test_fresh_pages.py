"""Pages are rendered for who asks, as things stand at that moment."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

import db
from tests.conftest import COOKIE, Clock, Household


def test_each_member_gets_their_own(household: Household) -> None:
    household.nominate(603, 604)
    assert "Withdraw" in household.ana.page("/")
    assert "Withdraw" not in household.cleo.page("/")
    assert "Withdraw" in household.ana.page("/")


def test_what_another_process_commits_is_seen_at_once(household: Household, app: Flask) -> None:
    household.cleo.page("/")
    other = db.connect(app.config["DATABASE"])
    other.execute("UPDATE users SET name = 'Finn' WHERE name = 'Cleo'")
    other.close()
    assert "Finn" in household.cleo.page("/")


@pytest.mark.parametrize("page", ["/", "/tv"])
def test_a_film_that_is_on_is_looked_at_anew(household: Household, clock: Clock, page: str) -> None:
    """Its progress moves every second, also on the page of the week after."""
    household.nominate(603)
    clock.to(weekday=6, hour=23)
    clock.forward(minutes=59)
    fields = {"tmdb_id": 603, "members": ["Cleo"], "action": "start"}
    assert household.cleo.send("/weeks/2026-W47/playing", **fields).status_code == 200
    for passed in (10, 20, 70, 80, 90):
        clock.now = datetime(2026, 11, 22, 23, 59, tzinfo=UTC) + timedelta(seconds=passed)
        shown = re.findall(r'<progress [^>]*value="(\d+)', household.cleo.page(page))
        assert shown == [str(passed)]


def test_what_is_said_once_is_said_once(household: Household) -> None:
    household.nominate(603)
    card = household.ana.state()["nominations"][0]
    household.ana.page("/")
    household.ana.submit(f"/nominations/{card['id']}/withdraw")
    assert "You withdrew" in household.ana.page("/")
    assert "You withdrew" not in household.ana.page("/")


@pytest.mark.parametrize(
    ("environ", "told"),
    [
        ({"HTTP_HOST": "film.home:3000"}, '<p class="address">http://film.home:3000</p>'),
        ({"wsgi.url_scheme": "https"}, '<p class="address">https://localhost</p>'),
        ({"SCRIPT_NAME": "/movies"}, 'src="/movies/tv/qr.svg"'),
    ],
)
def test_each_address_is_told_to_who_came_by_it(
    household: Household, environ: dict[str, str], told: str
) -> None:
    here = {"HTTP_COOKIE": f"{COOKIE}={household.cleo.cookie}"}
    with household.app.test_client(use_cookies=False) as browser:
        for there in ({}, environ, {}):
            page = browser.get("/tv", environ_overrides=here | there).text
            assert (told in page) is bool(there)
