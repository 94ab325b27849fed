"""`votes` of a week, as the page (nomination -> names) or the bot (name -> films) stored them."""

from collections.abc import Mapping
from datetime import datetime

from rules import parse_values
from rules.legacy import people
from rules.legacy.records import Plan, Week

Films = Mapping[str, int | None]


def read(plan: Plan, path: str, votes: object, week: Week, films: Films, at: datetime) -> None:
    """Read a week's votes; `films` maps nomination ids to films, None for rejected ones."""
    if votes is None:
        return
    if not isinstance(votes, dict):
        plan.ledger.reject("votes", path, "not_an_object")
        return
    for key, ballot in votes.items():
        ballot_path = parse_values.child(path, key)
        if isinstance(ballot, dict):
            _read_from_page(plan, ballot_path, ballot, week, films.get(key), at)
        elif isinstance(ballot, list):
            _read_from_bot(plan, ballot_path, key, ballot, week, at)
        elif parse_values.is_true(ballot):
            plan.ledger.reject("votes", ballot_path, "not_an_object")


def cast(plan: Plan, path: str, week: Week, tmdb_id: int | None, name: str, at: datetime) -> None:
    """Add a vote, or merge it into the same one; a missing nomination was withdrawn."""
    if tmdb_id not in week.nominations or tmdb_id is None:
        plan.ledger.reject("votes", path, "withdrawn", harmless=True)
        return
    people.ensure_member(plan, name)
    if (tmdb_id, name) in week.votes:
        plan.ledger.merge("votes")
    else:
        plan.ledger.add("votes")
        week.votes[tmdb_id, name] = at


def _read_from_page(
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
        vote_path = parse_values.child(path, name)
        if parse_values.text(name):
            cast(plan, vote_path, week, tmdb_id, name, at)
        else:
            plan.ledger.reject("votes", vote_path, "not_a_name")


def _read_from_bot(
    plan: Plan, path: str, name: str, ballot: list[object], week: Week, at: datetime
) -> None:
    week.voters.add(name)
    for index, vote in enumerate(ballot):
        vote_path = f"{path}[{index}]"
        tmdb_id = parse_values.film_id(vote)
        if not parse_values.is_true(vote):
            continue
        if not parse_values.text(name):
            plan.ledger.reject("votes", vote_path, "not_a_name")
        elif tmdb_id is None:
            plan.ledger.reject("votes", vote_path, "not_a_film_id")
        else:
            cast(plan, vote_path, week, tmdb_id, name, at)
