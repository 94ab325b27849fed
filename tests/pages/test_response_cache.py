"""Answers that are given again: never to somebody else, never beyond a change or a minute."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask, abort, session, template_rendered

import db
from blueprints.http.auth import public
from blueprints.http.response_cache import cacheable
from tests.conftest import COOKIE, Clock, Household

Drawn = list[str | None]
JSON = {"Accept": "application/json"}


@pytest.fixture
def drawn(app: Flask) -> Iterator[Drawn]:
    """The templates that are rendered from now on."""
    names: Drawn = []

    def note(_app: Flask, template: object, **_more: object) -> None:
        names.append(getattr(template, "name", None))

    with template_rendered.connected_to(note, app):
        yield names


def test_a_page_is_drawn_once_as_long_as_nothing_changes(
    household: Household, drawn: Drawn
) -> None:
    household.cleo.page("/")  # the first look of a week writes it down
    pages = {household.cleo.page("/") for _ in range(3)}
    assert len(pages) == 1
    assert len(drawn) == 2


def test_each_member_gets_their_own(household: Household) -> None:
    household.nominate(603, 604)
    assert "Withdraw" in household.ana.page("/")
    assert "Withdraw" not in household.cleo.page("/")
    assert "Withdraw" in household.ana.page("/")


def test_what_somebody_else_does_is_seen_at_once(household: Household) -> None:
    before = household.cleo.page("/")
    household.nominate(603)
    assert household.cleo.page("/") != before
    assert household.cleo.state()["nominations"]


def test_what_another_process_commits_is_seen_at_once(household: Household, app: Flask) -> None:
    household.cleo.page("/")
    other = db.connect(app.config["DATABASE"])
    other.execute("UPDATE users SET name = 'Finn' WHERE name = 'Cleo'")
    other.close()
    assert "Finn" in household.cleo.page("/")


def test_the_next_minute_is_looked_at_anew(
    household: Household, clock: Clock, drawn: Drawn
) -> None:
    household.cleo.page("/")
    for seconds in (0, 59, 1):
        clock.forward(seconds=seconds)
        household.cleo.page("/")
    assert len(drawn) == 3


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


def test_who_has_signed_out_gets_nothing_by_the_old_cookie(household: Household) -> None:
    cleo = household.cleo
    session = cleo.session
    cleo.page("/")
    cleo.send("/sign-out")
    cleo.resume(session)
    assert cleo.ask("/api/state").status_code == 401
    assert cleo.client.get("/").status_code == 303


def test_what_is_said_once_is_said_once(household: Household) -> None:
    household.nominate(603)
    card = household.ana.state()["nominations"][0]
    household.ana.page("/")
    household.ana.submit(f"/nominations/{card['id']}/withdraw")
    assert "You withdrew" in household.ana.page("/")
    assert "You withdrew" not in household.ana.page("/")


def test_a_program_and_a_browser_get_each_their_own(household: Household) -> None:
    assert household.cleo.ask("/history").is_json
    assert "<html" in household.cleo.page("/history")
    assert household.cleo.ask("/history").is_json


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


def test_a_program_that_names_only_what_it_sends_gets_its_own(household: Household) -> None:
    for kind in ("application/json", "text/html", "application/json"):
        answer = household.cleo.client.get("/history", content_type=kind, headers={"Accept": "*/*"})
        assert answer.is_json is (kind == "application/json")


def test_who_does_not_know_the_state_gets_it_whole(household: Household) -> None:
    known = {"If-None-Match": household.cleo.ask("/api/state").headers["ETag"]}
    assert household.cleo.client.get("/api/state", headers=known).status_code == 304
    assert household.cleo.client.get("/api/state").status_code == 200


def test_an_answer_that_changes_the_session_is_not_given_again(app: Flask) -> None:
    asked = []

    @app.get("/counted")
    @public
    def counted() -> str:
        cacheable()
        asked.append(1)
        if len(asked) < 3:
            session["asked"] = len(asked)
        return f"{len(asked)}"

    with app.app_context():
        db.get_db()
    strangers = [app.test_client() for _ in range(4)]
    assert [stranger.get("/counted").text for stranger in strangers] == ["1", "2", "3", "3"]


def test_a_look_at_the_headers_alone_is_no_page_to_give_again(household: Household) -> None:
    for _ in range(2):
        assert household.cleo.client.head("/history").text == ""
        assert "<html" in household.cleo.page("/history")


def test_a_failure_is_not_given_again(app: Flask) -> None:
    asked = []

    @app.get("/busy-at-first")
    @public
    def busy_at_first() -> str:
        cacheable()
        asked.append(1)
        if len(asked) < 2:
            abort(503)
        return "here"

    with app.app_context():
        db.get_db()
    browser = app.test_client()
    asks = [browser.get("/busy-at-first", headers=JSON) for _ in range(2)]
    assert [answer.status_code for answer in asks] == [503, 200]
