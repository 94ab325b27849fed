"""Ratings and watched films. Who rated a film has seen it."""

from datetime import datetime

from rules import parse_values
from rules.legacy import people
from rules.legacy.records import Plan, Rating, Watch


def take_stars(
    plan: Plan, path: str, ratings: object, tmdb_id: int, week: str, end: datetime
) -> None:
    """`ratings` of one nomination: name -> one to five stars, given by the week's end."""
    if ratings is None:
        return
    if not isinstance(ratings, dict):
        plan.ledger.reject("ratings", path, "not_an_object")
        return
    for name, stars in ratings.items():
        rating = parse_values.whole(stars)
        if not parse_values.text(name):
            plan.ledger.reject("ratings", parse_values.child(path, name), "not_a_name")
        elif rating is None or not 1 <= rating <= 5:
            plan.ledger.reject("ratings", parse_values.child(path, name), "not_stars")
        else:
            rate(plan, Rating(name, tmdb_id, 2 * rating, end))
            watch(plan, Watch(name, tmdb_id, week, min(end, plan.now)))


def rate(plan: Plan, rating: Rating) -> None:
    """One a member and film: the newer stays; of two from the same moment, the first."""
    people.person(plan, rating.name)
    key = rating.name, rating.tmdb_id
    known = plan.ratings.get(key)
    if known is None:
        plan.ledger.take("ratings")
    else:
        plan.ledger.merge("ratings")
    if known is None or rating.rated_at > known.rated_at:
        plan.ratings[key] = rating


def watch(plan: Plan, watched: Watch) -> None:
    """By a member, or by who has just rated."""
    key = watched.name, watched.tmdb_id, watched.week
    if key in plan.watches:
        plan.ledger.merge("watches")
    else:
        plan.ledger.take("watches")
        plan.watches[key] = watched
