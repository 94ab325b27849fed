"""The sentence of a count: honest about ties of more than two, and without the weeks' keys."""

import re

import pytest

from tests.conftest import PINS, Clock, Household

MATRIX, TOYS, SPIRITED, GUMP = 603, 862, 129, 13


def counted(household: Household, clock: Clock, *votes: tuple[str, int]) -> list[str]:
    """Why each place is one, after these votes: who, for which film of the week."""
    ids = {film["tmdb_id"]: film["id"] for film in household.ana.state()["nominations"]}
    for name, film in votes:
        answer = getattr(household, name).send(f"/nominations/{ids[film]}/vote")
        assert answer.status_code == 200, answer.text
    clock.forward(days=3, hours=8)
    return re.findall(r'<p class="why">([^<]+)</p>', household.ana.page("/"))


A_VOTE_EACH = (("ben", MATRIX), ("cleo", TOYS), ("dan", SPIRITED))


@pytest.mark.parametrize(
    ("seen", "first", "second"),
    [
        (
            [],
            "3 films with 1 vote each; The Matrix was nominated first.",
            "1 vote each; Toy Story was nominated earlier than Spirited Away.",
        ),
        (
            [SPIRITED],
            "3 films with 1 vote each, 2 of them level in everything else;"
            " The Matrix was nominated earlier than Toy Story.",
            "1 vote each; Toy Story has been seen by nobody at home, Spirited Away by 1.",
        ),
        (
            [MATRIX, SPIRITED],
            "3 films with 1 vote each; Toy Story has been seen by nobody at home,"
            " each of the others by more.",
            "1 vote each; The Matrix was nominated earlier than Spirited Away.",
        ),
    ],
)
def test_a_tie_of_three_says_three(
    household: Household, clock: Clock, seen: list[int], first: str, second: str
) -> None:
    household.nominate(MATRIX, TOYS, SPIRITED, GUMP)
    for film in seen:
        household.dan.send(f"/films/{film}/watched")
    assert counted(household, clock, *A_VOTE_EACH)[:2] == [first, second]


def test_the_second_leaves_the_winner_out(household: Household, clock: Clock) -> None:
    household.nominate(MATRIX, TOYS, SPIRITED, GUMP)
    winner, second = counted(household, clock, *A_VOTE_EACH, ("ana", GUMP), ("cleo", MATRIX))[:2]
    assert winner == "2 votes; Toy Story has 1."
    assert second == "3 other films with 1 vote each; Toy Story was nominated first."


def test_the_last_of_two_is_not_called_the_only_one(household: Household, clock: Clock) -> None:
    household.nominate(MATRIX, TOYS)
    clock.to(3)
    assert counted(household, clock, ("ben", MATRIX), ("ana", TOYS))[1] == (
        "1 vote, and it was the only other film."
    )


def test_who_has_seen_a_film_are_the_people_at_home_each_once(
    household: Household, clock: Clock
) -> None:
    """Cleo has two plays of the one, Ben one of the other, which Dan saw before he left."""
    household.cleo.send(f"/films/{MATRIX}/watched")
    household.cleo.send("/weeks/2026-W47/watched", tmdb_id=MATRIX, members=["Cleo"])
    for person in (household.ben, household.dan):
        person.send(f"/films/{TOYS}/watched")
    household.ana.send(f"/admin/members/{household.dan.id}/retire")
    household.nominate(MATRIX, TOYS, SPIRITED)
    assert counted(household, clock, ("ben", MATRIX), ("cleo", TOYS))[0] == (
        "1 vote each; The Matrix was nominated earlier than Toy Story."
    )


def test_a_win_that_lies_ahead_shortens_no_wait(household: Household, clock: Clock) -> None:
    """The server's clock was a week fast."""
    clock.to(8)
    household.nominate(MATRIX, TOYS, SPIRITED, GUMP)
    counted(household, clock, ("cleo", MATRIX))
    clock.to(1)
    household.nominate(MATRIX, TOYS, SPIRITED, GUMP)
    assert counted(household, clock, ("cleo", MATRIX), ("dan", TOYS))[0] == (
        "1 vote each; The Matrix was nominated earlier than Toy Story."
    )


def test_a_wait_is_told_by_its_month(household: Household, clock: Clock) -> None:
    """Ana wins, Ben wins, and then the two are level for two weeks."""
    why: list[str] = []
    level = [("cleo", MATRIX), ("dan", TOYS)]
    for votes in ([("cleo", MATRIX)], [("cleo", TOYS)], level, level):
        household.nominate(MATRIX, TOYS, SPIRITED, GUMP)
        why.append(counted(household, clock, *votes)[0])
        clock.forward(days=3, hours=16)
        for person in household.everyone:
            person.sign_in(PINS.get(person.name, ""))
    assert why[2:] == [
        "1 vote each; Ana has waited longer for a win (since November 2026) than Ben.",
        "1 vote each; Ben has waited longer for a win (since November 2026) than Ana.",
    ]


def test_weeks_that_were_missed_are_counted_oldest_first(
    household: Household, clock: Clock
) -> None:
    """The server's clock was a week fast; then it slept."""
    for weekday, voters in ((8, [("cleo", 0), ("dan", 1)]), (1, [("cleo", 0)])):
        clock.to(weekday)
        ids = household.nominate(MATRIX, TOYS, SPIRITED, GUMP)
        for name, nomination in voters:
            getattr(household, name).send(f"/nominations/{ids[nomination]}/vote")
    clock.to(15)
    assert household.ana.ask("/weeks/2026-W48").get_json()["result"]["reason"] == (
        "1 vote each; Ben has waited longer for a win (never won yet) than Ana."
    )
