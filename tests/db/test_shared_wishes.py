"""Whether a wish still stands is one look into an index for each of them."""

from db import Connection, shared_wishes, users, watchlist
from utils import instants


def test_whether_a_wish_stands_is_answered_by_indexes(conn: Connection) -> None:
    ana = users.add(conn, "Ana", "🎬", instants.now())
    asked: list[str] = []
    conn.set_trace_callback(asked.append)
    shared_wishes.others(conn, "film", ana, 60)
    shared_wishes.wanted_by(conn, "film", [603])
    watchlist.of_member(conn, ana, "film")
    watchlist.has_films(conn, ana)
    watchlist.has(conn, ana, "film", 603)
    conn.set_trace_callback(None)
    plans = {
        query: [row["detail"] for row in conn.execute(f"EXPLAIN QUERY PLAN {query}")]
        for query in asked
    }
    looks = [step for plan in plans.values() for step in plan if step.startswith("SEARCH p ")]
    assert looks == ["SEARCH p USING INDEX watch_history_film (tmdb_id=? AND user_id=?)"] * 5
    assert not [step for plan in plans.values() for step in plan if step.startswith("SCAN l")]
