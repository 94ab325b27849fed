"""A household of any size and age, in the middle of voting, written straight into its file."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import db
from db import Connection, results, settings, users, weeks
from rules import schedule
from utils import instants

NAMES = "Ana Ben Cleo Dan Eva Finn Gita Hugo Ines Jan Kira Levi".split()
FILMS = 6  # of every week
FIRST_FILM = 1_000_000  # TMDB ids that the bundled list does not have
RATED = 50  # of so many seen films one is rated
VOTING_ALL_WEEK = {"nominating": "0", "voting": "1", "results": str(schedule.WEEK - 1)}


@dataclass(frozen=True)
class Size:
    members: int = 6
    years: int = 1
    watches: int = 2_000  # of each member


def build(folder: Path, size: Size) -> list[int]:
    """The file in that folder, ready to serve; answers the members' ids."""
    folder.mkdir(parents=True)
    conn = db.connect(folder / "movie-night.db")
    db.migrate(conn)
    conn.execute("PRAGMA synchronous = OFF")  # it is made anew each time
    with db.transaction(conn):
        members = _people(conn, size.members)
        _films(conn, max(size.watches, (52 * size.years + 1) * FILMS))
        this_week = weeks.current(conn, instants.now()).key
        for ago in range(52 * size.years, 0, -1):
            _past_week(conn, _week_ago(this_week, ago), ago, members)
        _this_week(conn, members)
        _watches(conn, members, size.watches)
    conn.execute("PRAGMA optimize")
    conn.close()
    return members


def build_empty(folder: Path) -> int:
    """One member and nothing else; answers the member's id."""
    conn = db.connect(folder / "movie-night.db")
    db.migrate(conn)
    with db.transaction(conn):
        (member,) = _people(conn, 1)
    conn.close()
    return member


def _people(conn: Connection, number: int) -> list[int]:
    for name, value in VOTING_ALL_WEEK.items():
        settings.put(conn, name, value)
    return [users.add(conn, name, "🎬", instants.now()) for name in NAMES[:number]]


def _films(conn: Connection, number: int) -> None:
    conn.executemany(
        "INSERT INTO movies (tmdb_id, title, year, runtime, genres) VALUES (?, ?, ?, ?, ?)",
        (
            (FIRST_FILM + i, f"The Long Night No. {i}", 1950 + i % 70, 80 + i % 60, genres)
            for i, genres in zip(range(number), _genres(number), strict=True)
        ),
    )


def _genres(number: int) -> list[str]:
    names = "Drama Comedy Thriller Animation Western".split()
    return [json.dumps([names[i % 5], names[(i + 1) % 5]]) for i in range(number)]


def _week_ago(week: str, weeks_ago: int) -> str:
    year, number, _day = (schedule.monday(week) - timedelta(weeks=weeks_ago)).isocalendar()
    return f"{year:04}-W{number:02}"


def _past_week(conn: Connection, week: str, ago: int, members: list[int]) -> None:
    """Counted, with a winner and a second, and watched by everybody."""
    evening = datetime.combine(schedule.monday(week), datetime.min.time(), UTC) + timedelta(days=4)
    when = instants.to_text(evening)
    conn.execute(
        "INSERT INTO weeks (week, max_nominations, max_votes, own_votes, voting_opened_at,"
        " closed_at) VALUES (?, 6, 2, 0, ?, ?)",
        (week, when, when),
    )
    ids = _nominated(conn, week, ago * FILMS, members, when)
    ballots = [(ids[(place + i) % 3], who) for place, who in enumerate(members) for i in (0, 1)]
    conn.executemany(
        "INSERT INTO votes (nomination_id, user_id, week, created_at) VALUES (?, ?, ?, ?)",
        [(*ballot, week, when) for ballot in ballots],
    )
    results.count(conn, week)
    conn.executemany(
        "INSERT INTO watch_history (user_id, tmdb_id, watched_at, week, source, marked_by,"
        " created_at) VALUES (?, ?, ?, ?, 'evening', ?, ?)",
        [(who, FIRST_FILM + ago * FILMS, when, week, members[0], when) for who in members],
    )


def _this_week(conn: Connection, members: list[int]) -> None:
    now = instants.now()
    weeks.catch_up(conn, now)
    week = weeks.current(conn, now).key
    conn.execute(
        "UPDATE weeks SET max_nominations = 6, voting_opened_at = ? WHERE week = ?",
        (instants.to_text(now), week),
    )
    _nominated(conn, week, 0, members, instants.to_text(now))


def _nominated(conn: Connection, week: str, film: int, members: list[int], when: str) -> list[int]:
    ids = []
    for i in range(FILMS):
        cursor = conn.execute(
            "INSERT INTO nominations (week, tmdb_id, proposed_by, proposed_at) VALUES (?, ?, ?, ?)",
            (week, FIRST_FILM + film + i, members[i % len(members)], when),
        )
        ids.append(int(cursor.lastrowid or 0))
    return ids


def _watches(conn: Connection, members: list[int], number: int) -> None:
    """As a sync writes them; every film that is on this week was seen by somebody."""
    now = instants.to_text(instants.now())
    for place, who in enumerate(members):
        conn.executemany(
            "INSERT INTO watch_history (user_id, trakt_id, tmdb_id, watched_at, source, created_at)"
            f" VALUES ({who}, ?, ?, '{now}', 'trakt', '{now}')",
            ((i + 1, FIRST_FILM + i) for i in range(place % 2, number)),
        )
        conn.executemany(
            "INSERT INTO ratings (user_id, rated_at, tmdb_id, rating)"
            f" VALUES ({who}, '{now}', ?, ?)",
            ((FIRST_FILM + i, 1 + (i + place) % 10) for i in range(0, number, RATED)),
        )
