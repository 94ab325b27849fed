"""The statistics view: members' figures over all counted weeks."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import Any

from flask import Response, jsonify, make_response, render_template

from blueprints.history.charts import charts
from blueprints.http.responses import wants_json
from db import Connection, get_db, statistics, users
from db.statistics import Ratings
from rules import standings, streaks
from rules.standings import Comparable, Share, Win
from services import current_week
from utils import instants

Names = Mapping[int, str]  # by user_id
Rule = Callable[[Mapping[int, Share]], Mapping[int, Comparable]]


def show() -> Response:
    conn = get_db()
    body = _body(conn, current_week.current_week(conn, instants.now()).key)
    if wants_json():
        return jsonify(body)
    return make_response(render_template("statistics/statistics.html", charts=charts(body), **body))


def _body(conn: Connection, week: str) -> dict[str, Any]:
    names = {member.id: member.name for member in users.list_all(conn)}
    wins = statistics.wins(conn)
    divided = statistics.most_divided(conn)
    return {
        "weeks": len(wins),
        "picks": _shares(
            statistics.picks(conn), standings.pickers, names, part="won", whole="nominated"
        ),
        "voters": _shares(
            statistics.voters(conn), standings.voters, names, part="happy", whole="weeks"
        ),
        "waiting": _waiting(wins, statistics.first_weeks(conn), names),
        "ratings": _ratings_body(
            statistics.ratings_given(conn), statistics.ratings_received(conn), names
        ),
        "divided": asdict(divided) if divided else None,
        "streaks": _streaks(wins, statistics.weeks_watched(conn), week, names),
        "genres": [{"name": name, "wins": number} for name, number in standings.genres(wins)],
        "decades": [{"decade": ten, "wins": number} for ten, number in standings.decades(wins)],
    }


def _shares(
    shares: Mapping[int, Share], rule: Rule, names: Names, *, part: str, whole: str
) -> dict[str, Any]:
    """Return leaders and ranked members; `part` and `whole` are the JSON keys of the counts."""
    standing = rule(_in_member_order(shares, names))
    return {
        "best": [names[user_id] for user_id in standings.leaders(standing) if shares[user_id].part],
        "members": [
            {"member": names[user_id], part: shares[user_id].part, whole: shares[user_id].whole}
            for user_id in standings.ranked(standing)
        ],
    }


def _waiting(wins: list[Win], first_weeks: Mapping[int, str], names: Names) -> dict[str, Any]:
    weeks = standings.waiting(wins, _in_member_order(first_weeks, names))
    last = {win.member: win.week for win in wins}
    return {
        "longest": [names[user_id] for user_id in standings.leaders(weeks) if weeks[user_id]],
        "members": [
            {"member": names[user_id], "weeks": weeks[user_id], "last_win": last.get(user_id)}
            for user_id in standings.ranked(weeks)
        ],
    }


def _ratings_body(
    given: Mapping[int, Ratings], got: Mapping[int, Ratings], names: Names
) -> list[dict[str, Any]]:
    return [
        {"member": name, "given": _rounded(given.get(user_id)), "got": _rounded(got.get(user_id))}
        for user_id, name in names.items()
        if user_id in given or user_id in got
    ]


def _rounded(ratings: Ratings | None) -> dict[str, Any] | None:
    return {**asdict(ratings), "average": round(ratings.average, 1)} if ratings else None


def _streaks(wins: list[Win], watched: Iterable[str], week: str, names: Names) -> dict[str, Any]:
    won = streaks.longest(streaks.wins((win.week, win.member) for win in wins))
    nights = streaks.weeks(watched)
    longest = streaks.longest(nights)
    return {
        "wins": [
            {"member": names[run.winner], "weeks": run.length, "until": run.until} for run in won
        ],
        "movie_nights": {
            "longest": longest[-1].length if longest else 0,
            "until": longest[-1].until if longest else None,
            "current": streaks.current(nights, week),
        },
    }


def _in_member_order(values: Mapping[int, Any], names: Names) -> dict[int, Any]:
    """Sort by the members' order, which makes the order of ties stable."""
    return {user_id: values[user_id] for user_id in names if user_id in values}
