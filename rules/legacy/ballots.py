"""`votes` of one week, from the page (nomination -> names) and from the bot (name -> films)."""

from collections.abc import Mapping
from datetime import datetime

from rules import parse_values
from rules.legacy import people
from rules.legacy.records import Plan, Week

Films = Mapping[str, int | None]


def take(plan: Plan, path: str, votes: object, week: Week, films: Films, at: datetime) -> None:
    """`films` says which film each nomination id of the week stands for; None: it was left out."""
    if votes is None:
        return
    if not isinstance(votes, dict):
        plan.ledger.reject("votes", path, "not_an_object")
        return
    for key, ballot in votes.items():
        place = parse_values.child(path, key)
        if isinstance(ballot, dict):
            _from_page(plan, place, ballot, week, films.get(key), at)
        elif isinstance(ballot, list):
            _from_bot(plan, place, key, ballot, week, at)
        elif parse_values.is_true(ballot):
            plan.ledger.reject("votes", place, "not_an_object")


def cast(plan: Plan, path: str, week: Week, tmdb_id: int | None, name: str, at: datetime) -> None:
    """A voter once a film; a nomination that is not there was withdrawn."""
    if tmdb_id not in week.nominations or tmdb_id is None:
        plan.ledger.reject("votes", path, "withdrawn", harmless=True)
        return
    people.person(plan, name)
    if (tmdb_id, name) in week.votes:
        plan.ledger.merge("votes")
    else:
        plan.ledger.take("votes")
        week.votes[tmdb_id, name] = at


def _from_page(
    plan: Plan,
    path: str,
    ballot: dict[str, object],
    week: Week,
    tmdb_id: int | None,
    at: datetime,
) -> None:
    for name, vote in ballot.items():
        week.voters.add(name)
        if not parse_values.is_true(vote):
            continue
        place = parse_values.child(path, name)
        if parse_values.text(name):
            cast(plan, place, week, tmdb_id, name, at)
        else:
            plan.ledger.reject("votes", place, "not_a_name")


def _from_bot(
    plan: Plan, path: str, name: str, ballot: list[object], week: Week, at: datetime
) -> None:
    week.voters.add(name)
    for index, vote in enumerate(ballot):
        place = f"{path}[{index}]"
        tmdb_id = parse_values.film_id(vote)
        if not parse_values.is_true(vote):
            continue
        if not parse_values.text(name):
            plan.ledger.reject("votes", place, "not_a_name")
        elif tmdb_id is None:
            plan.ledger.reject("votes", place, "not_a_film_id")
        else:
            cast(plan, place, week, tmdb_id, name, at)
