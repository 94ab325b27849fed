"""Statistics: everything the household's counted weeks say about its members."""

from typing import Any

from flask import Response, current_app, jsonify, make_response, render_template

from blueprints.history import standings
from blueprints.history.charts import charts
from blueprints.http.responses import wants_json
from db import Connection, get_db, statistics
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
        kept = key, standings.body(conn, week)
        current_app.extensions["movie_night_statistics"] = kept
    body: Body = kept[1]
    return body
