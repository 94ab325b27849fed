"""What a signature was found to be good for holds for that text and that session alone."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.conftest import COOKIE, Household

CARD = "/settings/icon"


def status(household: Household, form: str | None, header: str | None) -> int:
    data = {"icon": "🦊"} | ({"csrf_token": form} if form else {})
    headers = {"X-CSRFToken": header} if header else {}
    return household.cleo.client.post(CARD, data=data, headers=headers).status_code


def test_a_token_is_good_every_time_and_only_as_it_was_signed(household: Household) -> None:
    token = household.cleo.token
    assert [status(household, token, None) for _ in range(3)] == [303] * 3
    for bad in (token[:-1], token + "x", token.upper(), ""):
        assert status(household, bad, None) == 403


def test_a_good_token_vouches_for_no_other_that_came_with_it(household: Household) -> None:
    token = household.cleo.token
    assert status(household, token, "nonsense") == 303
    assert status(household, None, "nonsense") == 403


@pytest.mark.parametrize("change", [lambda text: text[:-1], lambda text: text.swapcase()])
def test_a_cookie_that_was_changed_is_nobodys(
    household: Household, app: Flask, change: Callable[[str], str]
) -> None:
    assert household.cleo.ask("/api/state").status_code == 200
    stranger = app.test_client()
    stranger.set_cookie(COOKIE, change(household.cleo.cookie))
    assert stranger.get("/api/state").status_code == 401


def test_what_is_said_later_is_not_said_by_the_cookie_of_before(household: Household) -> None:
    client, token = household.cleo.client, household.cleo.token
    before = household.cleo.cookie
    for _ in range(2):
        assert status(household, token, None) == 303
        before, now = household.cleo.cookie, before
    client.set_cookie(COOKIE, now)
    assert client.get("/").text.count("data-done") == 1
