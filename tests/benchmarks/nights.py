"""A movie night on its way to Trakt, and who has seen the films of a week."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import db
from db import outbox, outbox_view, ratings, watch_history, weeks
from tests.benchmarks import household
from tests.benchmarks.household import FILMS, FIRST_FILM, Size
from tests.benchmarks.report import Row
from tests.benchmarks.trakt import Asked, Trakt
from trakt import sync
from utils import instants

GROUP, BIG = Size(members=4, watches=0), Size(members=8, watches=50_000)
BARE = "SELECT tmdb_id, user_id FROM watch_history WHERE tmdb_id IN ({}) GROUP BY tmdb_id, user_id"
LOOKS = 50  # of each in one round


def pushed(folder: Path) -> Iterator[Row]:
    """At Trakt's own limits, where a write too early is answered 429."""
    members = household.build(folder, GROUP)
    with Trakt(*[1] * GROUP.members, speed=1.0) as trakt:
        trakt.link(folder, members)
        conn, config = db.connect(folder / "movie-night.db"), trakt.config(folder)
        now = instants.now()
        with db.transaction(conn):
            week = weeks.current(conn, now).key
            watch_history.add_evening(
                conn, week, FIRST_FILM, members, watched_at=now, marked_by=members[0], now=now
            )
            for user_id in members:
                ratings.put(conn, user_id, FIRST_FILM, 8, now)
        for user_id in outbox.members_with_due(conn, instants.now()):
            sync.push_only(conn, config, user_id)
        asked = trakt.asked()
        left = [letter for user_id in members for letter in outbox_view.unsent(conn, user_id)]
        conn.close()
    assert not left, left
    yield Row("A night of four with ratings: requests", len(asked), 2 * GROUP.members, "requests")
    yield Row("A night of four: writes that came too early", _refused(asked), 0, "requests")


def seen(folder: Path, size: Size, rounds: int) -> Iterator[Row]:
    """Beside a query that only walks the index: films, members and nothing else."""
    household.build(folder, size)
    conn = db.connect(folder / "movie-night.db")
    films = list(range(FIRST_FILM, FIRST_FILM + FILMS))
    bare = BARE.format(",".join("?" * FILMS))
    found = []
    for _ in range(rounds):
        one = _seconds(lambda: watch_history.seen_by(conn, films))
        other = _seconds(lambda: conn.execute(bare, films).fetchall())
        found.append((one, other))
    conn.close()
    note = f"{median(one for one, _ in found) / LOOKS * 1e6:.0f} µs"
    yield Row(
        f"Who has seen {FILMS} films, {size.members} members with {size.watches:,} watches",
        median(one / other for one, other in found),
        3,
        note=note,
    )


def _refused(asked: list[Asked]) -> int:
    return sum(each.status == 429 for each in asked)


def _seconds(look: Callable[[], object]) -> float:
    began = time.process_time()
    for _ in range(LOOKS):
        look()
    return time.process_time() - began
