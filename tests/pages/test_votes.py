"""Approval votes and their seal, on both doors."""

import re

import pytest
from werkzeug.test import TestResponse

from tests.conftest import Clock, Household, Person

FILMS = (603, 862, 129, 13)


def code(answer: TestResponse) -> str:
    return str(answer.get_json()["error"]["code"])


@pytest.fixture
def nominations(household: Household) -> list[int]:
    """Everybody has nominated, so voting is open."""
    return household.nominate(*FILMS)


def test_a_vote_counts_for_its_member_alone(household: Household, nominations: list[int]) -> None:
    answer = household.ana.send(f"/nominations/{nominations[1]}/vote")
    assert answer.status_code == 200
    assert answer.get_json()["votes_left"] == 1
    assert [film["your_vote"] for film in answer.get_json()["nominations"]] == [
        False,
        True,
        False,
        False,
    ]
    assert not any(film["your_vote"] for film in household.cleo.state()["nominations"])


def test_repeating_a_vote_is_harmless(household: Household, nominations: list[int]) -> None:
    for _ in range(2):
        answer = household.ana.send(f"/nominations/{nominations[1]}/vote")
        assert (answer.status_code, answer.get_json()["votes_left"]) == (200, 1)


def test_taking_back_a_vote_that_was_not_cast_is_harmless(
    household: Household, nominations: list[int]
) -> None:
    answer = household.ana.send(f"/nominations/{nominations[1]}/unvote")
    assert (answer.status_code, answer.get_json()["votes_left"]) == (200, 2)


def votes_of(person: Person) -> list[bool]:
    return [film["your_vote"] for film in person.state()["nominations"]]


def test_a_vote_taken_back_can_be_given_again(household: Household, nominations: list[int]) -> None:
    for nomination in (nominations[1], nominations[2]):
        household.ana.send(f"/nominations/{nomination}/vote")
    household.ana.send(f"/nominations/{nominations[1]}/unvote")
    assert household.ana.send(f"/nominations/{nominations[3]}/vote").status_code == 200
    assert votes_of(household.ana) == [False, False, True, True]


def test_a_vote_is_taken_back_for_its_member_alone(
    household: Household, nominations: list[int]
) -> None:
    for person in (household.ana, household.cleo):
        person.send(f"/nominations/{nominations[1]}/vote")
    household.ana.send(f"/nominations/{nominations[1]}/unvote")
    assert votes_of(household.ana) == [False] * 4
    assert votes_of(household.cleo) == [False, True, False, False]


def test_a_third_vote_is_refused_on_both_doors(
    household: Household, nominations: list[int]
) -> None:
    for nomination in nominations[1:3]:
        household.ana.send(f"/nominations/{nomination}/vote")
    refused = household.ana.send(f"/nominations/{nominations[3]}/vote")
    assert (refused.status_code, code(refused)) == (409, "votes_used")
    page = household.ana.submit(f"/nominations/{nominations[3]}/vote")
    assert page.status_code == 409
    assert "You have used your 2 votes" in page.text
    assert household.ana.state()["votes_left"] == 0


def test_a_member_cannot_vote_for_their_own_film(
    household: Household, nominations: list[int]
) -> None:
    refused = household.ana.send(f"/nominations/{nominations[0]}/vote")
    assert (refused.status_code, code(refused)) == (403, "own_film")
    assert household.ana.submit(f"/nominations/{nominations[0]}/vote").status_code == 403
    assert household.ana.state()["votes_left"] == 2


@pytest.mark.parametrize("act", ["vote", "unvote", "withdraw"])
@pytest.mark.parametrize("nomination_id", ["999", "0", "9223372036854775808", "-1", "x"])
def test_an_unknown_nomination_is_404(
    household: Household, nominations: list[int], act: str, nomination_id: str
) -> None:
    assert household.ana.send(f"/nominations/{nomination_id}/{act}").status_code == 404


def test_there_is_no_vote_before_voting_or_after_it(household: Household, clock: Clock) -> None:
    first, _second = household.nominate(603, 862)
    early = household.cleo.send(f"/nominations/{first}/vote")
    clock.to(5)
    late = household.cleo.send(f"/nominations/{first}/vote")
    for refused in (early, late):
        assert (refused.status_code, code(refused)) == (409, "not_voting")
    assert household.cleo.state()["result"]["first"] is None


def test_a_counted_week_keeps_its_votes(
    household: Household, nominations: list[int], clock: Clock
) -> None:
    """Also while the next week's voting is open."""
    household.cleo.send(f"/nominations/{nominations[0]}/vote")
    for weekday in (5, 8):
        clock.to(weekday)
        if weekday == 8:
            household.nominate(*FILMS)
        for act, nomination in (("unvote", nominations[0]), ("vote", nominations[1])):
            refused = household.cleo.send(f"/nominations/{nomination}/{act}")
            assert (refused.status_code, code(refused)) == (409, "not_voting")
    week = household.ana.ask("/weeks/2026-W47").get_json()
    assert week["ballots"] == {"Cleo": [nominations[0]]}
    assert [film["votes"] for film in week["nominations"]] == [1, 0, 0, 0]


def test_each_week_has_votes_of_its_own(
    household: Household, nominations: list[int], clock: Clock
) -> None:
    for nomination in nominations[:2]:
        household.cleo.send(f"/nominations/{nomination}/vote")
    clock.to(8)
    first, *_rest = household.nominate(*FILMS)
    assert not any(member["voted"] for member in household.ana.state()["members"])
    assert household.cleo.state()["votes_left"] == 2
    assert household.cleo.send(f"/nominations/{first}/vote").status_code == 200
    clock.to(12)
    for week, ballot in (("2026-W47", nominations[:2]), ("2026-W48", [first])):
        assert household.ana.ask(f"/weeks/{week}").get_json()["ballots"] == {"Cleo": ballot}


def test_own_films_take_votes_where_the_household_says_so(
    household: Household, clock: Clock
) -> None:
    household.ana.send("/admin/limits", max_nominations=1, max_votes=2, own_votes=True)
    clock.to(8)
    own, *_rest = household.nominate(*FILMS)
    assert "Your own film" not in household.ana.page("/")
    assert "aria-disabled" not in household.ana.page("/tv")
    assert household.ana.send(f"/nominations/{own}/vote").status_code == 200
    assert votes_of(household.ana) == [True, False, False, False]


def look(person: Person) -> list[str]:
    """Everything that this person can read of the week, without the version."""
    texts = [person.page("/"), person.page("/weeks/2026-W47"), person.page("/films/862")]
    bodies = [person.state(), person.ask("/weeks/2026-W47").get_json()]
    for body in bodies:
        body.pop("version", None)
    return [text.split("<main", 1)[1].split(">", 1)[1] for text in texts] + [str(b) for b in bodies]


def test_ballots_are_sealed_until_the_count_for_the_admin_too(
    household: Household, nominations: list[int]
) -> None:
    """Whom Cleo votes for makes no difference to what others can read."""
    seen = []
    for nomination in nominations[:2]:
        household.cleo.send(f"/nominations/{nomination}/vote")
        seen.append([_without_tokens(look(person)) for person in (household.ana, household.ben)])
        household.cleo.send(f"/nominations/{nomination}/unvote")
    assert seen[0] == seen[1]
    assert all(film["votes"] is None for film in household.ana.state()["nominations"])
    assert "ballots" not in household.ana.ask("/weeks/2026-W47").get_json()


def _without_tokens(texts: list[str]) -> list[str]:
    return [
        "\n".join(line for line in text.splitlines() if "csrf_token" not in line) for text in texts
    ]


def test_who_has_voted_is_visible(household: Household, nominations: list[int]) -> None:
    household.cleo.send(f"/nominations/{nominations[0]}/vote")
    assert [m["voted"] for m in household.ana.state()["members"]] == [False, False, True, False]
    page = household.ana.page("/")
    assert "Still to vote: Ana, Ben, Dan." in page
    assert page.count(">has not voted yet<") == 3


def test_a_skipped_week_keeps_its_ballots_sealed(
    household: Household, nominations: list[int]
) -> None:
    household.cleo.send(f"/nominations/{nominations[0]}/vote")
    household.ana.send("/weeks/2026-W47/skip")
    body = household.ana.ask("/weeks/2026-W47").get_json()
    assert "ballots" not in body
    assert all(film["votes"] is None for film in body["nominations"])


def test_the_buttons_of_a_page_vote_and_take_back(
    household: Household, nominations: list[int]
) -> None:
    url = f"/nominations/{nominations[1]}"
    assert f'action="{url}/vote"' in household.ana.page("/")
    answer = household.ana.submit(f"{url}/vote")
    assert (answer.status_code, answer.location) == (303, "/")
    page = household.ana.page("/")
    assert f'action="{url}/unvote"' in page
    assert page.count('aria-pressed="true"') == page.count("card--chosen") == 1
    assert f'action="/nominations/{nominations[0]}/vote"' not in page
    assert "Your own film" in page


def test_without_votes_left_a_vote_can_only_be_taken_back(
    household: Household, nominations: list[int]
) -> None:
    for page in ("/", "/tv"):
        assert pressable(household.ana, page) == {*nominations[1:]}
    for nomination in nominations[1:3]:
        household.ana.send(f"/nominations/{nomination}/vote")
    for page in ("/", "/tv"):
        assert pressable(household.ana, page) == {*nominations[1:3]}


def pressable(person: Person, page: str) -> set[int]:
    buttons = re.findall(r'id="(?:vote|film)-(\d+)"[^>]*aria-pressed([^>]*)', person.page(page))
    return {int(nomination) for nomination, rest in buttons if "disabled" not in rest}
