"""The floor: a bare Flask page on waitress, six cards in one template, one query.

Nobody is signed in, nothing is checked, translated or counted; the cards hold what the house's do.
`python -m tests.benchmarks.floor DATABASE PORT`
"""

import sqlite3
import sys
import threading

from flask import Flask, Response, render_template
from waitress import serve

THREADS = 8  # as in cli/serve.py

QUERY = (
    "SELECT n.id, n.tmdb_id, m.title, m.year, m.runtime, u.name FROM nominations n"
    " JOIN movies m USING (tmdb_id) JOIN users u ON u.id = n.proposed_by"
    " WHERE n.week = (SELECT max(week) FROM weeks) ORDER BY n.id LIMIT 6"
)

app = Flask(__name__)
per_thread = threading.local()


def connection(database: str) -> sqlite3.Connection:
    conn: sqlite3.Connection | None = getattr(per_thread, "conn", None)
    if conn is None:
        conn = per_thread.conn = sqlite3.connect(database, isolation_level=None)
        conn.row_factory = sqlite3.Row
        conn.execute("PRAGMA synchronous = FULL")
    return conn


def cards(database: str) -> list[sqlite3.Row]:
    return connection(database).execute(QUERY).fetchall()


@app.get("/")
def page() -> str:
    return render_template("floor.html", films=cards(app.config["DATABASE"]))


@app.get("/posters/<int:tmdb_id>")
@app.get("/films/<int:tmdb_id>", endpoint="film")
def poster(tmdb_id: int) -> str:
    return f"{tmdb_id}"


@app.post("/vote/<int:nomination_id>")
def vote(nomination_id: int) -> Response:
    """The least that a committed vote takes: nobody is asked who they are, or whether they may."""
    connection(app.config["DATABASE"]).execute(
        "INSERT OR REPLACE INTO votes (nomination_id, user_id, week, created_at)"
        " SELECT id, proposed_by, week, proposed_at FROM nominations WHERE id = ?",
        (nomination_id,),
    )
    return Response(status=303, headers={"Location": "/"})


if __name__ == "__main__":
    app.config["DATABASE"] = sys.argv[1]
    serve(app, host="127.0.0.1", port=int(sys.argv[2]), threads=THREADS, ident=None)
