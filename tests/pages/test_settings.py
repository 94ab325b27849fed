"""A member's own icon and PIN."""

import pytest
from werkzeug.test import TestResponse

import db
from db import users
from tests.conftest import CHEAP, Household, Person
from utils import pins


def code_of(answer: TestResponse) -> str:
    return str(answer.get_json()["error"]["code"])


def can_sign_in(household: Household, member: Person, pin: str) -> bool:
    answer = Person(household.app).send("/who", member_id=member.id, pin=pin)
    return answer.status_code == 200


def second_device(household: Household, member: Person, pin: str = "") -> Person:
    device = Person(household.app, member.name, member.id)
    device.sign_in(pin)
    return device


def test_a_member_changes_their_icon(household: Household) -> None:
    answer = household.cleo.send("/settings/icon", icon=" 👨‍👩‍👧 ")
    assert answer.get_json()["member"]["icon"] == "👨‍👩‍👧"
    assert "👨‍👩‍👧" in household.cleo.page("/settings")
    assert household.cleo.send("/settings/icon", icon="").get_json()["member"]["icon"] == "🎬"


def test_what_was_sent_decides_the_answer_unless_a_page_is_asked_for(household: Household) -> None:
    def change(**headers: str) -> TestResponse:
        sent = headers | {"X-CSRFToken": household.cleo.token}
        return household.cleo.client.post("/settings/icon", json={"icon": "🦊"}, headers=sent)

    assert change().get_json()["member"]["icon"] == "🦊"
    assert change(Accept="text/html").status_code == 303
    assert change(Accept="*/*").is_json


def test_a_member_sets_a_pin_and_this_device_stays(household: Household) -> None:
    other = second_device(household, household.cleo)
    answer = household.cleo.submit("/settings/pin", pin="5937")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/settings#pin")
    assert household.cleo.ask("/api/state").status_code == 200
    assert other.ask("/api/state").status_code == 401
    assert can_sign_in(household, household.cleo, "5937")
    assert not can_sign_in(household, household.cleo, "")


def test_a_new_pin_kills_copies_of_this_device_s_cookie_too(household: Household) -> None:
    cookie = household.cleo.client.get_cookie("movie_night")
    assert cookie
    copy = Person(household.app)
    copy.client.set_cookie("movie_night", cookie.value)
    assert household.cleo.send("/settings/pin", pin="5937").status_code == 200
    assert copy.ask("/api/state").status_code == 401


def test_changing_a_pin_asks_for_the_one_there_is(household: Household) -> None:
    for sent in ({}, {"current_pin": ""}, {"current_pin": "9051"}):
        answer = household.ben.send("/settings/pin", pin="5937", **sent)
        assert (answer.status_code, code_of(answer)) == (401, "wrong_pin")
    assert can_sign_in(household, household.ben, "7306")
    answer = household.ben.send("/settings/pin", pin="5937", current_pin="7306")
    assert answer.get_json()["member"]["has_pin"]
    assert can_sign_in(household, household.ben, "5937")


def test_the_brake_counts_here_as_well(household: Household) -> None:
    sent = {"pin": "5937", "current_pin": "9051"}
    answers = [household.ben.send("/settings/pin", **sent) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    right = household.ben.send("/settings/pin", pin="5937", current_pin="7306")
    assert (right.status_code, right.headers["Retry-After"]) == (429, "30")


@pytest.mark.parametrize(
    ("pin", "status", "refusal"),
    [
        ("1234", 422, "pin_common"),
        ("1999", 422, "pin_common"),
        ("593", 422, "pin_odd"),
        ("593702641", 422, "pin_odd"),
        ("59a7", 422, "pin_odd"),
        ("٥٩٣٧", 422, "pin_odd"),
        (5937, 400, "not_text"),
        (None, 400, "missing_field"),
    ],
)
def test_a_pin_that_nobody_should_have_is_refused_and_costs_no_try(
    household: Household, pin: object, status: int, refusal: str
) -> None:
    for _ in range(6):
        answer = household.ben.send("/settings/pin", pin=pin, current_pin="7306")
        assert (answer.status_code, code_of(answer)) == (status, refusal)
    assert can_sign_in(household, household.ben, "7306")


@pytest.mark.parametrize("pin", ["5937", "1234", "593", "7306", ""])
def test_a_wrong_current_pin_is_told_first(household: Household, pin: str) -> None:
    answer = household.ben.send("/settings/pin", pin=pin, current_pin="9051")
    assert (answer.status_code, code_of(answer)) == (401, "wrong_pin")


def test_the_same_pin_again_is_no_change(household: Household) -> None:
    other = second_device(household, household.ben, "7306")
    page = household.ben.submit("/settings/pin", pin="7306", current_pin="7306")
    assert page.status_code == 409
    assert "That is the PIN you have already." in page.text
    assert other.ask("/api/state").status_code == 200


def test_an_empty_pin_takes_it_away_but_not_an_admin_s(household: Household) -> None:
    answer = household.ben.send("/settings/pin", pin="", current_pin="7306")
    assert answer.get_json()["member"]["has_pin"] is False
    assert can_sign_in(household, household.ben, "")
    refused = household.ana.send("/settings/pin", pin="", current_pin="4821")
    assert (refused.status_code, code_of(refused)) == (409, "admin_needs_pin")
    assert can_sign_in(household, household.ana, "4821")


def test_every_change_is_in_the_member_s_own_log(household: Household) -> None:
    cleo = household.cleo
    cleo.send("/settings/icon", icon="🦊")
    cleo.send("/settings/pin", pin="5937")
    cleo.send("/settings/pin", pin="", current_pin="5937")
    newest = cleo.ask("/settings/audit").get_json()["entries"][:3]
    assert [one["sentence"] for one in newest] == [
        "Cleo gave up their PIN.",
        "Cleo set a PIN of their own.",
        "Cleo chose an icon.",
    ]


def test_a_refused_form_comes_back_with_what_was_typed_but_never_the_pin(
    household: Household,
) -> None:
    long = "<b>" + "x" * 20
    answer = household.cleo.submit("/settings/icon", icon=long)
    assert answer.status_code == 422
    assert 'value="&lt;b&gt;xxx' in answer.text
    answer = household.ben.submit("/settings/pin", pin="5937", current_pin="9051")
    assert answer.status_code == 401
    assert "5937" not in answer.text
    assert "9051" not in answer.text


def test_a_common_pin_of_the_old_days_works_with_a_hint(household: Household) -> None:
    hint = "among the first that anybody tries"
    assert hint not in household.ben.page("/settings")
    with household.app.app_context(), db.transaction(conn := db.get_db()):
        hashed = pins.hash_pin("1234", household.app.config["PIN_PEPPER"], CHEAP)
        users.set_pin(conn, household.ben.id, hashed, is_common=True)
    household.ben.sign_in("1234")
    assert hint in household.ben.page("/settings")
    assert household.ben.send("/settings/pin", pin="5937", current_pin="1234").status_code == 200
    assert hint not in household.ben.page("/settings")


def test_who_acts_is_the_session_never_a_field(household: Household) -> None:
    household.cleo.send("/settings/icon", icon="🦊", member_id=4, user="Dan", id=4)
    icons = {one["name"]: one["icon"] for one in household.dan.ask("/who").get_json()["members"]}
    assert (icons["Cleo"], icons["Dan"]) == ("🦊", "🎬")
