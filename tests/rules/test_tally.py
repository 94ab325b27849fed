import json
from datetime import UTC, datetime, timedelta
from itertools import permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.tally import Candidate, Place, decide, opens_early

MONDAY = datetime(2026, 11, 16, 18, 0, tzinfo=UTC)


def candidate(
    nomination_id: int,
    votes: int,
    seen_by: int = 0,
    waiting_since: str | None = "2026-W40",
    hour: int = 0,
) -> Candidate:
    return Candidate(
        nomination_id=nomination_id,
        title=f"Film {nomination_id}",
        votes=votes,
        seen_by=seen_by,
        proposer=f"Proposer {nomination_id}",
        waiting_since=waiting_since,
        nominated_at=MONDAY + timedelta(hours=hour),
    )


@pytest.mark.parametrize(
    ("better", "worse", "rule"),
    [
        (candidate(9, 3, 4, "2026-W46", 9), candidate(1, 2, 0, None, 0), "votes"),
        (candidate(9, 2, 0, "2026-W46", 9), candidate(1, 2, 1, None, 0), "seen"),
        (candidate(9, 2, 1, None, 9), candidate(1, 2, 1, "1999-W01", 0), "waited"),
        (candidate(9, 2, 1, "2025-W52", 9), candidate(1, 2, 1, "2026-W01", 0), "waited"),
        (candidate(9, 2, 1, None, 0), candidate(1, 2, 1, None, 1), "earlier"),
        (candidate(1, 2), candidate(9, 2), "earlier"),
    ],
)
def test_each_rule_decides_before_all_that_follow_it(
    better: Candidate, worse: Candidate, rule: str
) -> None:
    for line_up in ([better, worse], [worse, better]):
        result = decide(line_up)
        assert result.order == (better.nomination_id, worse.nomination_id)
        assert result.first is not None
        assert (result.rule, result.first.rule) == (rule, rule)


def test_the_facts_hold_all_that_a_sentence_needs() -> None:
    result = decide([candidate(1, 2, 1, "2026-W40"), candidate(2, 2, 1, None, hour=5)])
    assert result.first == Place(
        nomination_id=2,
        rule="waited",
        facts={
            "title": "Film 2",
            "proposer": "Proposer 2",
            "votes": 2,
            "seen_by": 1,
            "waiting_since": None,
            "nominated_at": "2026-11-16T23:00:00.000Z",
            "rival_title": "Film 1",
            "rival_proposer": "Proposer 1",
            "rival_votes": 2,
            "rival_seen_by": 1,
            "rival_waiting_since": "2026-W40",
            "rival_nominated_at": "2026-11-16T18:00:00.000Z",
            "rivals": 1,
            "contested": 1,
        },
    )


@pytest.mark.parametrize(
    ("others", "rule", "rivals", "contested"),
    [
        # All three are level until the rule that decides.
        ([candidate(2, 2, 1), candidate(3, 2, 4)], "seen", 2, 2),
        ([candidate(2, 2, 0, "2026-W45"), candidate(3, 2, 0, "2026-W46")], "waited", 2, 2),
        ([candidate(2, 2, hour=1), candidate(3, 2, hour=2)], "earlier", 2, 2),
        # An earlier rule had already set one of them behind.
        ([candidate(2, 2, 0, "2026-W45"), candidate(3, 2, 1, None)], "waited", 2, 1),
        ([candidate(2, 2, hour=1), candidate(3, 2, 0, "2026-W45")], "earlier", 2, 1),
        ([candidate(2, 2, 1), candidate(3, 1, 0)], "seen", 1, 1),
        ([candidate(2, 1), candidate(3, 0), candidate(4, 1, 3)], "votes", 0, 3),
    ],
)
def test_among_several_rivals_the_best_one_names_the_rule(
    others: list[Candidate], rule: str, rivals: int, contested: int
) -> None:
    for line_up in permutations([candidate(1, 2), *others]):
        first = decide(line_up).first
        assert first is not None
        assert (first.nomination_id, first.rule) == (1, rule)
        assert first.facts["rival_title"] == "Film 2"
        assert (first.facts["rivals"], first.facts["contested"]) == (rivals, contested)


def test_the_second_place_is_compared_with_those_below_it_only() -> None:
    result = decide([candidate(1, 3), candidate(2, 2, 0), candidate(3, 2, 1), candidate(4, 0)])
    assert result.second is not None
    assert (result.second.nomination_id, result.second.rule) == (2, "seen")
    assert (result.second.facts["rival_title"], result.second.facts["rivals"]) == ("Film 3", 1)


@pytest.mark.parametrize(
    ("votes", "first", "second", "rule"),
    [
        ([], None, None, "no_nominations"),
        ([0], None, None, "no_votes"),
        ([0, 0], None, None, "no_votes"),
        ([1], 1, None, "alone"),
        ([1, 0], 1, None, "votes"),
        ([1, 1, 0], 1, 2, "earlier"),
        ([2, 1], 1, 2, "votes"),
    ],
)
def test_a_place_needs_a_vote(
    votes: list[int], first: int | None, second: int | None, rule: str
) -> None:
    result = decide(candidate(number, count) for number, count in enumerate(votes, 1))
    places = [place and place.nomination_id for place in (result.first, result.second)]
    assert (places, result.rule) == ([first, second], rule)
    assert result.order == tuple(range(1, len(votes) + 1))


def test_the_last_of_all_is_alone_and_has_no_rival() -> None:
    second = decide([candidate(1, 2), candidate(2, 1)]).second
    assert second is not None
    assert (second.rule, second.facts["rivals"], second.facts["contested"]) == ("alone", 0, 0)
    assert not [name for name in second.facts if name.startswith("rival_")]


@pytest.mark.parametrize(
    ("active_members", "members_done", "early"),
    [
        (0, 0, False),
        (1, 1, False),
        (2, 1, False),
        (2, 2, True),
        (4, 3, False),
        (4, 4, True),
        (3, 4, True),
    ],
)
def test_voting_opens_early_when_all_of_at_least_two_have_nominated(
    active_members: int, members_done: int, early: bool
) -> None:
    assert opens_early(active_members, members_done) is early


# Few values each, so that ties of every depth come up.
line_ups = st.lists(
    st.builds(
        candidate,
        nomination_id=st.integers(1, 30),
        votes=st.integers(0, 3),
        seen_by=st.integers(0, 2),
        waiting_since=st.sampled_from([None, "2025-W52", "2026-W01"]),
        hour=st.integers(0, 1),
    ),
    max_size=7,
    unique_by=lambda one: one.nomination_id,
)


@given(line_up=line_ups, chance=st.randoms())
def test_the_order_of_the_input_does_not_matter(line_up: list[Candidate], chance: Random) -> None:
    shuffled = list(line_up)
    chance.shuffle(shuffled)
    assert decide(shuffled) == decide(line_up)


@given(line_up=line_ups)
def test_the_places_are_the_head_of_the_order_and_never_without_a_vote(
    line_up: list[Candidate],
) -> None:
    result = decide(line_up)
    votes = {one.nomination_id: one.votes for one in line_up}
    assert sorted(result.order) == sorted(votes)
    assert [votes[each] for each in result.order] == sorted(votes.values(), reverse=True)
    expected = [each for each in result.order[:2] if votes[each] > 0]
    places = [place for place in (result.first, result.second) if place]
    assert [place.nomination_id for place in places] == expected
    assert [place.facts["votes"] for place in places] == [votes[each] for each in expected]


@given(line_up=line_ups)
def test_the_facts_survive_being_stored_as_json(line_up: list[Candidate]) -> None:
    result = decide(line_up)
    for place in (result.first, result.second):
        assert place is None or json.loads(json.dumps(place.facts)) == place.facts
