"""Who has seen these films is one look into an index for each film and member."""

from db import Connection, users, watch_history
from utils import instants


def test_who_has_seen_is_answered_by_the_index_alone(conn: Connection) -> None:
    now = instants.now()
    members = [users.add(conn, name, "🎬", now) for name in ("Ana", "Ben", "Cleo")]
    for user_id in members[:2]:
        watch_history.add_own(conn, user_id, 603, now)
    asked: list[str] = []
    conn.set_trace_callback(asked.append)
    assert watch_history.seen_by(conn, [603, 604]) == {603: ["Ana", "Ben"]}
    conn.set_trace_callback(None)
    (query,) = asked
    plan = [row["detail"] for row in conn.execute(f"EXPLAIN QUERY PLAN {query}")]
    plays = [step for step in plan if " w " in f"{step} "]
    assert plays == [
        "SEARCH w USING COVERING INDEX watch_history_film (tmdb_id=? AND user_id=?)"
    ], plan
