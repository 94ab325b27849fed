"""A count of one reads as one: the number and its noun agree wherever the number may be one."""

import pytest

from tests.conftest import Clock, Household
from utils.messages import REFUSALS, REFUSALS_OF_ONE, refusal


@pytest.mark.parametrize(
    ("code", "one", "more"),
    [
        ("pin_locked", "Please wait 1 second.", "Please wait 3 seconds."),
        ("votes_used", "You have used your vote.", "You have used your 3 votes."),
        ("nominations_used", "You have nominated already.", "You have used your 3 nominations."),
    ],
)
def test_a_refusal_agrees_with_its_number(code: str, one: str, more: str) -> None:
    number, _sentence = REFUSALS_OF_ONE[code]
    assert one in refusal(code, {number: 1})[1]
    assert more in refusal(code, {number: 3})[1]
    assert refusal(code, {number: 1})[0] == REFUSALS[code][0]


def test_the_last_second_of_a_lock_is_one_second(household: Household, clock: Clock) -> None:
    stranger = household.stranger
    for _try in range(5):
        stranger.send("/who", member_id=household.ben.id, pin="0001")
    clock.forward(seconds=29)
    answer = stranger.send("/who", member_id=household.ben.id, pin="0001")
    assert answer.get_json()["error"]["message"].endswith("Please wait 1 second.")


def test_one_of_several_has_done_their_part(household: Household, clock: Clock) -> None:
    household.nominate(603)
    assert "1 of 4 has nominated" in household.ben.page("/")
    clock.to(3)
    assert "0 of 4 have voted" in household.ben.page("/")


@pytest.mark.parametrize(
    ("url", "fields", "detail"),
    [
        (
            "/admin/limits",
            {"max_nominations": "1", "max_votes": "1"},
            "1 nomination and 1 vote a person",
        ),
        (
            "/admin/limits",
            {"max_nominations": "2", "max_votes": "3", "own_votes": "1"},
            "2 nominations and 3 votes a person, own films too",
        ),
        ("/admin/trakt/settings", {"hours": "1"}, "synced every hour, an account for each"),
        ("/admin/trakt/settings", {"hours": "3"}, "synced every 3 hours, an account for each"),
    ],
)
def test_the_audit_log_agrees_with_its_numbers(
    household: Household, url: str, fields: dict[str, str], detail: str
) -> None:
    assert household.ana.submit(url, **fields).status_code == 303
    assert detail in household.ana.page("/admin/audit")
