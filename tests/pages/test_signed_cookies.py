"""CSRF tokens and session cookies are accepted only as they were signed."""

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


@pytest.mark.parametrize("change", [lambda text: text[:-1], lambda text: text.swapcase()])
def test_a_cookie_that_was_changed_is_nobodys(
    household: Household, app: Flask, change: Callable[[str], str]
) -> None:
    assert household.cleo.ask("/api/state").status_code == 200
    stranger = app.test_client()
    stranger.set_cookie(COOKIE, change(household.cleo.cookie))
    assert stranger.get("/api/state").status_code == 401
