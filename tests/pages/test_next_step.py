"""What people are told to do next: when they are alone, too early, too late, or lost."""

import re

import pytest
from werkzeug.exceptions import default_exceptions

import db
from db import users
from tests.conftest import CHEAP, Clock, Household
from utils import messages, pins

WEEK = "/weeks/2026-W47"
AGAIN = "Nominating starts again on"
NEXT_MONDAY = "Monday 23 November, 00:00"


def leave_alone(household: Household) -> None:
    for person in (household.ben, household.cleo, household.dan):
        assert household.ana.send(f"/admin/members/{person.id}/retire").status_code == 200


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", "", page).split())


def test_an_admin_who_is_alone_is_told_to_add_the_family(household: Household) -> None:
    assert "Add your family" not in household.ana.page("/")
    leave_alone(household)
    page = household.ana.page("/")
    assert "Add your family" in page
    assert 'href="/admin#new-member"' in page
    assert "at the address that the server printed" in page
    admin = household.ana.page("/admin")
    assert 'id="new-member"' in admin
    assert "You are alone here so far." in admin


def test_the_address_for_the_phones_is_the_one_that_is_known(household: Household) -> None:
    leave_alone(household)
    household.app.config["PUBLIC_URL"] = "https://film.example"
    assert "at https://film.example" in household.ana.page("/")


def test_without_an_admin_the_way_to_become_one_is_told(household: Household) -> None:
    hint = "Nobody is an admin yet."
    for page in (household.cleo.page("/"), household.stranger.page("/who")):
        assert hint not in page
    with household.app.app_context(), db.transaction(conn := db.get_db()):
        conn.execute("UPDATE users SET is_admin = 0")
    for page in (household.cleo.page("/"), household.stranger.page("/who")):
        assert hint in page
        assert 'href="/setup"' in page


def test_a_common_pin_is_hinted_at_on_the_week_s_page(household: Household) -> None:
    hint = "Your PIN is among the first that anybody tries."
    with household.app.app_context(), db.transaction(conn := db.get_db()):
        hashed = pins.hash_pin("1234", household.app.config["PIN_PEPPER"], CHEAP)
        users.set_pin(conn, household.ben.id, hashed, is_common=True)
    assert hint in household.ben.page("/")
    assert 'href="/settings#pin"' in household.ben.page("/")
    assert hint not in household.cleo.page("/")


@pytest.mark.parametrize("weekday", [3, 5])
def test_a_week_without_a_film_says_when_nominating_starts_again(
    household: Household, clock: Clock, weekday: int
) -> None:
    clock.to(weekday)
    page = household.cleo.page("/")
    assert f"{AGAIN} {NEXT_MONDAY}" in plain(page)
    assert "pick a film" not in page
    assert 'href="/admin#schedule"' not in page
    assert ('href="/admin#schedule"' in household.ana.page("/")) is (weekday == 5)


def test_who_has_nominated_is_told_for_whom_to_wait(household: Household) -> None:
    household.nominate(603)
    page = household.ana.page("/")
    assert "Still missing: Ben, Cleo, Dan." in page
    assert "Voting opens early when everybody has nominated." in page
    leave_alone(household)
    page = household.ana.page("/")
    assert "Still missing" not in page
    assert "Voting opens as soon as there are enough of you." in page
    assert "Voting opens early" not in page


def test_who_has_the_only_film_is_told_that_the_others_vote(
    household: Household, clock: Clock
) -> None:
    household.nominate(603)
    clock.to(3)
    assert "There is no film but yours." in household.ana.page("/")
    assert "You have 2 votes left." in household.ben.page("/")
    household.ana.send("/admin/limits", max_nominations=1, max_votes=2, own_votes=True)
    clock.to(8)
    household.nominate(603)
    clock.to(10)
    assert "You have 2 votes left." in household.ana.page("/")


def test_nobody_is_waited_for_when_everybody_has_voted(household: Household) -> None:
    ids = household.nominate(603, 862, 129, 13)
    for person, nomination in zip(household.everyone, ids[1:] + ids[:1], strict=True):
        assert "Still to vote" in household.ana.page("/")
        person.send(f"/nominations/{nomination}/vote")
    page = household.ana.page("/")
    assert "Still to vote" not in page
    assert "4 of 4 have voted" in page


def test_a_skipped_week_says_when_nominating_starts_again(household: Household) -> None:
    household.ana.send(f"{WEEK}/skip")
    assert f"{AGAIN} {NEXT_MONDAY}" in plain(household.cleo.page("/"))


def test_the_search_says_when_nominating_starts_again(household: Household, clock: Clock) -> None:
    sentence = f"Nominating is over for this week. It starts again on {NEXT_MONDAY}."
    assert sentence not in household.cleo.page("/search?q=matrix")
    for weekday in (3, 5):
        clock.to(weekday)
        assert sentence in household.cleo.page("/search?q=matrix")


@pytest.mark.parametrize("page", ["/", "/admin"])
def test_counting_and_skipping_ask_once_more_without_scripts(
    household: Household, clock: Clock, page: str
) -> None:
    household.nominate(603, 862)
    clock.to(3)
    text = household.ana.page(page)
    for act, answer in (("close", "Yes, count now"), ("skip", "Yes, skip this week")):
        form = rf'<details>\s*<summary>[^<]+</summary>\s*<form[^>]+action="{WEEK}/{act}">.+?</form>'
        (asked,) = re.findall(form, text, re.DOTALL)
        assert answer in asked


def test_retiring_asks_once_more_without_scripts(household: Household) -> None:
    form = r"<details>\s*<summary>Retire.+?</details>"
    asked = re.findall(form, household.ana.page("/admin"), re.DOTALL)
    assert len(asked) == 4
    assert 'action="/admin/members/2/retire"' in asked[1]
    assert "Yes, retire Ben" in asked[1]


def test_a_stray_tap_takes_no_evening_back(household: Household) -> None:
    household.ben.send(f"{WEEK}/watched", tmdb_id=603, members=["Ana", "Ben"])
    page = household.ben.page("/")
    undo = re.search(rf'action="{WEEK}/unwatched".+?</form>', page, re.DOTALL)
    assert undo
    assert undo[0].count('name="members"') == 2
    assert "checked" not in undo[0]
    refused = household.ben.submit(f"{WEEK}/unwatched", tmdb_id="603")
    assert refused.status_code == 422
    assert "Say who did not watch it." in refused.text
    (watched,) = household.ben.ask(WEEK).get_json()["watched"]
    assert watched["members"] == ["Ana", "Ben"]


@pytest.mark.parametrize("url", ["/weeks/2020-W10", "/films/987654321", "/nothing"])
def test_who_is_lost_is_led_onward(household: Household, url: str) -> None:
    answer = household.cleo.client.get(url)
    assert answer.status_code == 404
    main = answer.text[answer.text.index("<main") :]
    for way in ('href="/"', 'href="/search"', 'href="/history"'):
        assert way in main


def test_a_part_that_does_not_exist_is_told_in_a_sentence(household: Household) -> None:
    headers = {"Range": "bytes=9999999-", "Accept": "application/json"}
    answer = household.cleo.client.get("/static/icon.svg", headers=headers)
    assert answer.status_code == 416
    assert answer.get_json()["error"] == {
        "code": "http_416",
        "message": "That part does not exist: the whole is shorter.",
    }
    assert answer.headers["Content-Range"].startswith("bytes */")


def test_every_status_has_a_sentence() -> None:
    for status in default_exceptions:
        sentence = messages.http_status(status)
        assert sentence.endswith("."), status
        assert status in messages.HTTP_STATUSES or sentence == messages.OTHER_STATUS, status
