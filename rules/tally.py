"""The count of approval votes: tie rules, places, and the rule that decided each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

Rule = Literal["votes", "seen", "waited", "earlier", "alone"]
Facts = dict[str, str | int | None]
Ranks = tuple[int, int, str, tuple[datetime, int]]

# In the order of `_ranks`.
RULES: tuple[Rule, ...] = ("votes", "seen", "waited", "earlier")


@dataclass(frozen=True)
class Candidate:
    nomination_id: int
    title: str
    votes: int
    seen_by: int
    """Number of active members who have seen it."""
    proposer: str
    waiting_since: str | None
    """The week of the proposer's last first place; None if they had none."""
    nominated_at: datetime


@dataclass(frozen=True)
class Place:
    """A place, and the rule that set it above the next nomination, the rival.

    `facts` is JSON for the sentence that explains it: title, proposer, votes, seen_by,
    waiting_since and nominated_at of the nomination; those of the rival as rival_title and so on;
    `rivals`, the number of nominations below with as many votes; `contested`, the number below
    that were still level when the rule decided. With the rule "alone" there is no rival.
    """

    nomination_id: int
    rule: Rule
    facts: Facts


@dataclass(frozen=True)
class Result:
    order: tuple[int, ...]
    """All nominations in finishing order, including those without a vote."""
    first: Place | None
    second: Place | None

    @property
    def rule(self) -> Rule | Literal["no_votes", "no_nominations"]:
        if self.first:
            return self.first.rule
        return "no_votes" if self.order else "no_nominations"


def opens_early(active_members: int, members_done: int) -> bool:
    """Return True if all active members, at least two, have used their nominations."""
    return active_members >= 2 and members_done >= active_members


def decide(candidates: Iterable[Candidate]) -> Result:
    ranked = sorted(candidates, key=_ranks)
    return Result(
        order=tuple(candidate.nomination_id for candidate in ranked),
        first=_place(ranked),
        second=_place(ranked[1:]),
    )


def _ranks(candidate: Candidate) -> Ranks:
    """Return the value that each rule compares, smallest first."""
    return (
        -candidate.votes,
        candidate.seen_by,
        candidate.waiting_since or "",  # never sorts before every week
        (candidate.nominated_at, candidate.nomination_id),
    )


def _place(ranked: Sequence[Candidate]) -> Place | None:
    """Return the place of the first of `ranked`; None if it has no vote."""
    if not ranked or ranked[0].votes < 1:
        return None
    best, below = ranked[0], ranked[1:]
    level = [_level_rules(best, rival) for rival in below]
    facts = _facts(best) | {"rivals": sum(rules > 0 for rules in level)}
    if not below:
        return Place(best.nomination_id, "alone", facts | {"contested": 0})
    facts |= {f"rival_{name}": value for name, value in _facts(below[0]).items()}
    facts["contested"] = level.count(level[0])
    return Place(best.nomination_id, RULES[level[0]], facts)


def _level_rules(best: Candidate, rival: Candidate) -> int:
    """Return the number of rules, from the first, in which the two are level."""
    pairs = zip(_ranks(best), _ranks(rival), strict=True)
    return next(rules for rules, (one, other) in enumerate(pairs) if one != other)


def _facts(candidate: Candidate) -> Facts:
    nominated_at = candidate.nominated_at.astimezone(UTC).isoformat(timespec="milliseconds")
    return {
        "title": candidate.title,
        "proposer": candidate.proposer,
        "votes": candidate.votes,
        "seen_by": candidate.seen_by,
        "waiting_since": candidate.waiting_since,
        "nominated_at": nominated_at.replace("+00:00", "Z"),
    }
