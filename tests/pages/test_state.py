"""What all screens agree on, and that asking for it costs nothing while nothing happens."""

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from flask import Flask

from db import DatabaseError, close_db
from services import week_state
from tests.conftest import Clock, Household


def test_the_state_of_a_fresh_week_has_every_field(household: Household) -> None:
    body = household.cleo.state()
    assert isinstance(body.pop("version"), int)
    assert body.pop("members")[0] == {
        "id": household.ana.id,
        "name": "Ana",
        "icon": "🎬",
        "nominated": False,
        "voted": False,
    }
    assert body == {
        "week": "2026-W47",
        "phase": "nomination",
        "deadline": "2026-11-19T00:00:00.000Z",
        "nominations": [],
        "votes_left": 0,
        "result": None,
    }


def test_a_nomination_in_the_state(household: Household) -> None:
    household.cleo.send("/films/603/watched")
    (nomination_id,) = household.nominate(603)
    assert household.ben.state()["nominations"] == [
        {
            "id": nomination_id,
            "tmdb_id": 603,
            "title": "The Matrix",
            "year": 1999,
            "poster": "/posters/film/603",
            "nominated_by": "Ana",
            "seen_by": ["Cleo"],
            "your_vote": False,
            "votes": None,
        }
    ]


def test_an_unchanged_state_is_304_and_nothing_else_is_read(
    household: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = household.ana.ask("/api/state")
    assert first.headers["Cache-Control"] == "private, no-cache"
    monkeypatch.setattr(week_state, "state", Mock(side_effect=AssertionError("read")))
    known = {"If-None-Match": first.headers["ETag"]}
    again = household.ana.client.get("/api/state", headers=known)
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


def test_the_etag_of_one_member_is_not_that_of_another(household: Household) -> None:
    known = {"If-None-Match": household.ana.ask("/api/state").headers["ETag"]}
    assert household.ben.client.get("/api/state", headers=known).status_code == 200


def test_a_phase_without_a_film_moves_the_etag(household: Household, clock: Clock) -> None:
    known = {"If-None-Match": household.ana.ask("/api/state").headers["ETag"]}
    clock.to(3)
    assert household.ana.client.get("/api/state", headers=known).status_code == 200


def test_every_change_that_screens_show_moves_the_etag(household: Household, clock: Clock) -> None:
    seen = {household.ana.ask("/api/state").headers["ETag"]}

    def moved() -> None:
        tag = household.ana.ask("/api/state").headers["ETag"]
        assert tag not in seen
        seen.add(tag)

    first, _second = household.nominate(603, 862)
    moved()
    household.cleo.send("/films/862/watched")
    moved()
    clock.to(3)  # voting opens by the clock
    moved()
    household.cleo.send(f"/nominations/{first}/vote")
    moved()
    household.cleo.send(f"/nominations/{first}/unvote")
    moved()
    clock.to(5)
    moved()
    clock.to(8)
    moved()


def test_a_phase_that_the_clock_begins_needs_no_request_before_it(
    household: Household, clock: Clock
) -> None:
    household.nominate(603)
    clock.to(3, hour=0)
    assert household.ana.state()["phase"] == "voting"
    clock.to(4, hour=18)
    body = household.ana.state()
    assert (body["phase"], body["nominations"][0]["votes"]) == ("results", 0)
    assert body["result"]["reason"] == "Nobody voted, so there is no winner."
    clock.to(7, hour=0)
    assert household.ana.state()["week"] == "2026-W48"


def test_the_page_carries_the_version_that_the_scripts_compare(household: Household) -> None:
    household.nominate(603)
    page = household.ana.page("/")
    version = re.search(r'data-version="(\d+)" data-phase="nomination"', page)
    assert version
    assert int(version[1]) == household.ana.state()["version"]


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:9000])


def overwritten(path: Path) -> None:
    path.write_bytes(b"scratched" * 5000)


def taken_away(path: Path) -> None:
    path.unlink()
    path.mkdir()


def altered(statement: str) -> Callable[[Path], None]:
    def alter(path: Path) -> None:
        with sqlite3.connect(path) as conn:
            conn.execute(statement)
        conn.close()

    return alter


@pytest.mark.parametrize(
    "fault",
    [
        cut_off,
        overwritten,
        taken_away,
        altered("DELETE FROM state"),
        altered("DROP TABLE state"),
        altered("PRAGMA user_version = 999"),
        altered("PRAGMA user_version = -5"),
    ],
)
def test_healthz_is_503_whatever_is_wrong_with_the_database(
    app: Flask, fault: Callable[[Path], None]
) -> None:
    fault(app.config["DATABASE"])
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (503, "http_503")


def test_healthz_is_503_when_the_file_is_gone_from_under_the_server(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/healthz").get_json() == {"status": "ok"}
    app.config["DATABASE"].unlink()
    assert client.get("/healthz").status_code == 503


def test_a_page_says_so_when_the_database_does_not_answer(
    household: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.sessions.member_of", Mock(side_effect=DatabaseError("disk I/O error")))
    answer = household.ana.client.get("/")
    assert answer.status_code == 503
    assert "cannot answer just now" in answer.text


def test_a_change_that_a_scratched_database_cannot_take_is_503(household: Household) -> None:
    household.ana.page("/")
    close_db(household.app)
    overwritten(household.app.config["DATABASE"])
    assert household.ana.send("/films/603/rating", rating=7).status_code == 503


def test_a_rating_moves_the_version_so_that_every_screen_shows_it(household: Household) -> None:
    before = household.ana.state()["version"]
    household.ben.send("/films/603/rating", rating=8)
    given = household.ana.state()["version"]
    household.ben.send("/films/603/rating", rating=8)
    assert before < given == household.ana.state()["version"]
    household.ben.send("/films/603/rating", rating="")
    assert household.ana.state()["version"] > given


NOTICED: list[tuple[str, dict[str, Any]]] = [
    ("/weeks/2026-W47/watched", {"tmdb_id": 603, "members": ["Ana"]}),
    ("/weeks/2026-W47/unwatched", {"tmdb_id": 603, "members": ["Ana"]}),
    ("/films/603/watched", {}),
    ("/films/603/unwatched", {}),
    ("/films/603/rating", {"rating": 7}),
    ("/films/603/rating", {"rating": ""}),
]


def test_every_screen_notices_what_is_seen_and_rated(household: Household) -> None:
    household.nominate(603)
    for url, fields in NOTICED:
        before = household.ben.state()["version"]
        assert household.ana.send(url, **fields).status_code == 200
        assert household.ben.state()["version"] > before, (url, fields)
