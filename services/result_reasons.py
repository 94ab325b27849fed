"""Why a place is a place, in a sentence from the facts that the count stored (rules/tally.py)."""

from collections.abc import Mapping
from typing import Any

from services import dates
from utils.translation import N_, ngettext
from utils.translation import gettext as _

UNCONTESTED = {
    "no_votes": N_("Nobody voted, so there is no winner."),
    "no_nominations": N_("Nobody nominated a film, so there is no winner."),
    "imported": N_("As the old app recorded it."),
}

# What broke a tie with one film, and with several that were still level when the rule decided.
ONE_RIVAL = {
    "seen": N_("{title} has been seen by {seen} at home, {rival_title} by {rival_seen}."),
    "waited": N_("{proposer} has waited longer for a win ({waiting}) than {rival_proposer}."),
    "earlier": N_("{title} was nominated earlier than {rival_title}."),
}
SEVERAL_RIVALS = {
    "seen": N_("{title} has been seen by {seen} at home, each of the others by more."),
    "waited": N_("{proposer} has waited longest for a win ({waiting})."),
    "earlier": N_("{title} was nominated first."),
}

# Of several films with as many votes, those that were still level when the rule decided.
STILL_LEVEL = {
    "waited": N_("{films} with {votes} each, {level} of them seen by as few at home; {why}"),
    "earlier": N_("{films} with {votes} each, {level} of them level in everything else; {why}"),
}


def reason(rule: str, facts: Mapping[str, Any], *, is_second: bool = False) -> str:
    """`facts` compare a place with those below it, so the second place leaves out the winner."""
    if rule in UNCONTESTED:
        return _(UNCONTESTED[rule])
    votes = _votes(facts["votes"])
    if rule == "alone":
        return _alone(votes, is_second=is_second)
    if rule == "votes":
        told = {"votes": votes, "rival_votes": facts["rival_votes"] or _("none")}
        return _("{votes}; {rival_title} has {rival_votes}.").format(**{**facts, **told})
    return _tied(rule, facts, votes, is_second=is_second)


def _alone(votes: str, *, is_second: bool) -> str:
    if is_second:
        return _("{votes}, and it was the only other film.").format(votes=votes)
    return _("{votes}, and no other film was nominated.").format(votes=votes)


def _tied(rule: str, facts: Mapping[str, Any], votes: str, *, is_second: bool) -> str:
    rivals, contested = facts["rivals"], facts["contested"]
    if rivals == 1:
        text = N_("{votes} each; {why}")
    elif contested < rivals:
        text = STILL_LEVEL[rule]
    else:
        text = N_("{films} with {votes} each; {why}")
    return _(text).format(
        votes=votes,
        films=_films(rivals + 1, is_second=is_second),
        level=contested + 1,
        why=_why(rule, facts),
    )


def _why(rule: str, facts: Mapping[str, Any]) -> str:
    since = facts["waiting_since"]
    told = {
        "seen": _people(facts["seen_by"]),
        "rival_seen": _people(facts["rival_seen_by"]),
        "waiting": _("since {month}").format(month=dates.month(since))
        if since
        else _("never won yet"),
    }
    sentence = (ONE_RIVAL if facts["contested"] == 1 else SEVERAL_RIVALS)[rule]
    return _(sentence).format(**{**facts, **told})


def _films(number: int, *, is_second: bool) -> str:
    if is_second:
        return ngettext("{n} other film", "{n} other films", number).format(n=number)
    return ngettext("{n} film", "{n} films", number).format(n=number)


def _people(number: int) -> str:
    return str(number) if number else _("nobody")


def _votes(number: int) -> str:
    return ngettext("{n} vote", "{n} votes", number).format(n=number)
