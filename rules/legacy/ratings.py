"""Ratings and plays. A rating of a nomination is also a play."""

from datetime import datetime

from rules import parse_values
from rules.legacy import people
from rules.legacy.records import Plan, Rating, Watch


def read_stars(
    plan: Plan, path: str, ratings: object, tmdb_id: int, week: str, end: datetime
) -> None:
    """Read `ratings` of a nomination: name -> one to five stars, dated at the week's end."""
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
            add_rating(plan, Rating(name, tmdb_id, 2 * rating, end))
            add_watch(plan, Watch(name, tmdb_id, week, min(end, plan.now)))


def add_rating(plan: Plan, rating: Rating) -> None:
    """Add a rating, or merge it with the member's other one of the film: the newer stays."""
    people.ensure_member(plan, rating.name)
    key = rating.name, rating.tmdb_id
    existing = plan.ratings.get(key)
    if existing is None:
        plan.ledger.add("ratings")
    else:
        plan.ledger.merge("ratings")
    if existing is None or rating.rated_at > existing.rated_at:
        plan.ratings[key] = rating


def add_watch(plan: Plan, watch: Watch) -> None:
    people.ensure_member(plan, watch.name)
    key = watch.name, watch.tmdb_id, watch.week
    if key in plan.watches:
        plan.ledger.merge("watches")
    else:
        plan.ledger.add("watches")
        plan.watches[key] = watch
