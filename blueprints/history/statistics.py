"""Statistics: everything the household's counted weeks say about its members."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import Any

from flask import Response, current_app, jsonify, make_response, render_template

from blueprints.history.charts import charts
from blueprints.http.responses import wants_json
from db import Connection, get_db, statistics, users
from db.statistics import Ratings
from rules import standings, streaks
from rules.standings import Comparable, Share, Win
from services import current_week
from utils import instants

Body = dict[str, Any]


def look_back() -> Response:
    conn = get_db()
    body = _body(conn, current_week.current_week(conn, instants.now()).key)
    if wants_json():
        return jsonify(body)
    return make_response(render_template("statistics/statistics.html", charts=charts(body), **body))


def _body(conn: Connection, week: str) -> Body:
    """Counted again only after a change; decades of weeks take a while."""
    # Read before the facts, so that a change in between is counted at the next look.
    key = (statistics.version(conn), week)
    kept = current_app.extensions.get("movie_night_statistics")
    if kept is None or kept[0] != key:
        kept = key, _count(conn, week)
        current_app.extensions["movie_night_statistics"] = kept
    body: Body = kept[1]
    return body


Names = Mapping[int, str]
Rule = Callable[[Mapping[int, Share]], Mapping[int, Comparable]]


def _count(conn: Connection, week: str) -> dict[str, Any]:
    names = {member.id: member.name for member in users.everyone(conn)}
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
        "ratings": _ratings_body(statistics.given(conn), statistics.got(conn), names),
        "divided": asdict(divided) if divided else None,
        "streaks": _streaks(wins, statistics.weeks_watched(conn), week, names),
        "genres": [{"name": name, "wins": number} for name, number in standings.genres(wins)],
        "decades": [{"decade": ten, "wins": number} for ten, number in standings.decades(wins)],
    }


def _shares(
    shares: Mapping[int, Share], rule: Rule, names: Names, *, part: str, whole: str
) -> dict[str, Any]:
    """Members in the order of a rule; `part` and `whole` are what programs find the two under."""
    standing = rule(_in_order(shares, names))
    return {
        "best": [names[who] for who in standings.leaders(standing) if shares[who].part],
        "members": [
            {"member": names[who], part: shares[who].part, whole: shares[who].whole}
            for who in standings.ranked(standing)
        ],
    }


def _waiting(wins: list[Win], first_weeks: Mapping[int, str], names: Names) -> dict[str, Any]:
    weeks = standings.waiting(wins, _in_order(first_weeks, names))
    last = {win.member: win.week for win in wins}
    return {
        "longest": [names[who] for who in standings.leaders(weeks) if weeks[who]],
        "members": [
            {"member": names[who], "weeks": weeks[who], "last_win": last.get(who)}
            for who in standings.ranked(weeks)
        ],
    }


def _ratings_body(
    given: Mapping[int, Ratings], got: Mapping[int, Ratings], names: Names
) -> list[dict[str, Any]]:
    return [
        {"member": name, "given": _rounded(given.get(who)), "got": _rounded(got.get(who))}
        for who, name in names.items()
        if who in given or who in got
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


def _in_order(values: Mapping[int, Any], names: Names) -> dict[int, Any]:
    """By the members' order, so that who is level stands the same way every time."""
    return {who: values[who] for who in names if who in values}
