"""A first sync, in this very process: its requests, and its CPU beside the least it could take.

The least: `json.loads` of what Trakt answered, and one executemany for each table of the rows that
are there afterwards.
"""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import db
from db import Connection
from tests.benchmarks import household
from tests.benchmarks.report import Row
from tests.benchmarks.trakt import RATED, WISHED, Trakt
from trakt import pacing, pull, sync

PAGE = 250
TABLES = {
    "watch_history": "user_id, trakt_id, tmdb_id, watched_at, source, created_at",
    "movies": "tmdb_id, title, year, runtime, genres",
    "ratings": "user_id, tmdb_id, rating, rated_at",
    "trakt_ratings": "user_id, tmdb_id, rating, rated_at",
    "watchlist": "user_id, kind, tmdb_id, trakt_id, title, year, listed_at, source",
}


class Member:
    """The only one of a household whose weeks have not begun, linked to that account."""

    def __init__(self, trakt: Trakt, folder: Path) -> None:
        self.folder, self.config = folder, trakt.config(_made(folder))
        self.user_id = household.build_empty(folder)
        trakt.link(folder, [self.user_id])
        self.conn = db.connect(folder / "movie-night.db")

    def sync(self) -> None:
        pacing.reads = pacing.Pace(490, 300.0)  # each run is another household's first
        assert sync.sync(self.conn, self.config, self.user_id)


def measure(folder: Path, number: int, rounds: int) -> Iterator[Row]:
    more = 5 * number
    with Trakt(number) as small, Trakt(more) as large:
        of_small, of_large = [], []
        for turn in range(rounds):
            member = Member(small, folder / f"small-{turn}")
            used = _seconds(member.sync)
            asked = small.asked()
            least_used = _least(member, folder / f"least-{turn}")
            small.asked()
            of_small.append((used, least_used))
            of_large.append(_seconds(Member(large, folder / f"large-{turn}").sync))
        member.sync()
        quiet = small.asked()
    yield Row(
        f"First sync of {number:,}: requests", len(asked), _fewest(number), "requests",
        "the fewest that pages of 250 allow"
    )  # fmt: skip
    ours, least = zip(*of_small, strict=True)
    found = median(one / two for one, two in of_small)
    note = f"CPU {median(ours):.2f} s, beside {median(least):.2f} s"
    yield Row(f"First sync of {number:,}: CPU beside the least", found, 1.5, note=note)
    times = median(big / own for big, (own, _other) in zip(of_large, of_small, strict=True))
    note = f"CPU {median(of_large):.2f} s"
    yield Row(f"First sync of {more:,} beside {number:,}", times, 5.5, note=note)
    yield Row("A quiet sync: requests", len(quiet), 1, "requests")
    size = sum(each.sent + each.received for each in quiet)
    yield Row("A quiet sync: bodies", size, 2_000, "bytes")


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def _fewest(number: int) -> int:
    lists = (number, number // RATED, number // WISHED)
    return 1 + sum(-(-length // PAGE) for length in lists)


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _least(member: Member, folder: Path) -> float:
    """CPU seconds for the same rows in an empty file of the same shape."""
    client = sync.member_client(member.conn, member.config, member.user_id)
    bodies = [json.dumps(page) for listing in pull.LISTINGS for page in client.pages(listing.path)]
    rows = {
        table: [tuple(row) for row in member.conn.execute(f"SELECT {names} FROM {table}")]
        for table, names in TABLES.items()
    }
    household.build_empty(_made(folder))
    conn = db.connect(folder / "movie-night.db")
    return _seconds(lambda: _write(conn, bodies, rows))


def _write(conn: Connection, bodies: list[str], rows: dict[str, list[tuple]]) -> None:
    for body in bodies:
        json.loads(body)
    with db.transaction(conn):
        for table, names in TABLES.items():
            marks = ", ".join("?" for _ in names.split(", "))
            conn.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows[table])
