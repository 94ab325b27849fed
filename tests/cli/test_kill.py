"""Killed at any moment, no vote that was answered is lost."""

import random
import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime

import requests
from flask import Flask

import db
from db import Connection, health, settings, users, weeks
from rules.schedule import WEEK, Schedule
from tests.cli.conftest import Browser, Server

KILLS, VOTERS = 8, 8


class Voter(threading.Thread):
    """Votes and takes back, at random, until the server is gone."""

    def __init__(self, browser: Browser, films: list[int], voted: frozenset[int]) -> None:
        super().__init__()
        self.browser, self.films = browser, films
        self.answered = voted  # what the server has said yes to
        self.meant = voted  # the change that was under way when it died
        self.changes = 0

    def run(self) -> None:
        while True:
            self.meant = self.answered ^ {random.choice(self.films)}
            act = "vote" if self.meant > self.answered else "unvote"
            (film,) = self.meant ^ self.answered
            try:
                answer = self.browser.post(f"/nominations/{film}/{act}")
            except requests.RequestException:
                return
            assert answer.status_code == 200, answer.text
            self.answered = self.meant
            self.changes += 1


def test_kills_lose_no_answered_vote(serve: Callable[..., Server], app: Flask) -> None:
    conn = db.connect(app.config["DATABASE"])
    voters, films = voting_household(conn)
    server = serve()
    browsers = [Browser(server.url) for _ in voters]
    for browser, voter in zip(browsers, voters, strict=True):
        browser.sign_in(voter)
    changes = 0
    for _ in range(KILLS):
        threads = [
            Voter(browser, films, stored(conn, voter))
            for browser, voter in zip(browsers, voters, strict=True)
        ]
        for thread in threads:
            thread.start()
        threads[0].join(random.uniform(0.02, 0.1))
        server.end(signal.SIGKILL)
        for thread in threads:
            thread.join()
        server.start()
        for thread, voter in zip(threads, voters, strict=True):
            assert stored(conn, voter) in (thread.answered, thread.meant)
        changes += sum(thread.changes for thread in threads)
    assert changes > KILLS
    assert health.integrity_faults(conn) == []
    for browser in browsers:
        browser.session.close()
    conn.close()


def voting_household(conn: Connection) -> tuple[list[int], list[int]]:
    """Eight voters, two films of a ninth member, and a schedule that has voting on all week."""
    now = datetime.now(UTC)
    zone = "Etc/GMT+12" if now.weekday() == 6 else "Etc/GMT-12"  # far from the week's two ends
    with db.transaction(conn):
        settings.set_schedule(conn, Schedule(zone, 0, 1, WEEK - 1))
        weeks.catch_up(conn, now)
        week = weeks.current(conn, now).key
        people = [users.add(conn, f"Voter {n}", "🎬", now) for n in range(VOTERS + 1)]
        conn.execute("INSERT INTO movies (tmdb_id, title) VALUES (11, 'One'), (12, 'Two')")
        conn.execute(
            "INSERT INTO nominations (week, tmdb_id, proposed_by, proposed_at)"
            " SELECT ?, tmdb_id, ?, '2026-01-01T00:00:00.000Z' FROM movies",
            (week, people[-1]),
        )
    films = [row[0] for row in conn.execute("SELECT id FROM nominations")]
    return people[:-1], films


def stored(conn: Connection, user_id: int) -> frozenset[int]:
    rows = conn.execute("SELECT nomination_id FROM votes WHERE user_id = ?", (user_id,))
    return frozenset(row[0] for row in rows)
