"""The count: approval votes, ties broken rule after rule, and why each place is a place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

Rule = Literal["votes", "seen", "waited", "earlier", "alone"]
Facts = dict[str, str | int | None]
Ranks = tuple[int, int, str, tuple[datetime, int]]

# In the order in which they decide, as in `_ranks`.
RULES: tuple[Rule, ...] = ("votes", "seen", "waited", "earlier")


@dataclass(frozen=True)
class Candidate:
    nomination_id: int
    title: str
    votes: int
    seen_by: int
    """How many people of the household have already seen it."""
    proposer: str
    waiting_since: str | None
    """The week of the proposer's last first place; None: never had one."""
    nominated_at: datetime


@dataclass(frozen=True)
class Place:
    """A place, the rule that set it above the best nomination below it, and what a sentence needs.

    `facts` is plain JSON: of the nomination its title, proposer, votes, seen_by, waiting_since and
    nominated_at; the same of that best rival as rival_title and so on; `rivals`, how many below
    have as many votes; `contested`, how many below were still level when the rule decided.
    With the rule "alone" there is nobody below, and no rival_... either.
    """

    nomination_id: int
    rule: Rule
    facts: Facts


@dataclass(frozen=True)
class Result:
    order: tuple[int, ...]
    """Every nomination in finishing order, those without a vote as well."""
    first: Place | None
    second: Place | None

    @property
    def rule(self) -> Rule | Literal["no_votes", "no_nominations"]:
        if self.first:
            return self.first.rule
        return "no_votes" if self.order else "no_nominations"


def opens_early(active_members: int, members_done: int) -> bool:
    """Whether voting need not wait: all active members, and at least two, have nominated."""
    return active_members >= 2 and members_done >= active_members


def decide(candidates: Iterable[Candidate]) -> Result:
    ranked = sorted(candidates, key=_ranks)
    return Result(
        order=tuple(candidate.nomination_id for candidate in ranked),
        first=_place(ranked),
        second=_place(ranked[1:]),
    )


def _ranks(candidate: Candidate) -> Ranks:
    """What each rule looks at, the smaller the better."""
    return (
        -candidate.votes,
        candidate.seen_by,
        candidate.waiting_since or "",  # never sorts before every week
        (candidate.nominated_at, candidate.nomination_id),
    )


def _place(ranked: Sequence[Candidate]) -> Place | None:
    """The place of the best of these, if it has a vote."""
    if not ranked or ranked[0].votes < 1:
        return None
    best, below = ranked[0], ranked[1:]
    level = [_rules_level(best, rival) for rival in below]
    facts = _facts(best) | {"rivals": sum(rules > 0 for rules in level)}
    if not below:
        return Place(best.nomination_id, "alone", facts | {"contested": 0})
    facts |= {f"rival_{name}": value for name, value in _facts(below[0]).items()}
    facts["contested"] = level.count(level[0])
    return Place(best.nomination_id, RULES[level[0]], facts)


def _rules_level(one: Candidate, other: Candidate) -> int:
    """How many rules, from the first, leave the two level."""
    pairs = zip(_ranks(one), _ranks(other), strict=True)
    return next(rules for rules, (mine, theirs) in enumerate(pairs) if mine != theirs)


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
