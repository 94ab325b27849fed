"""Who acts is the session as it stands when the change is written, and nobody else is meant."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

import db
from db import sessions, users
from tests.conftest import Clock, Household
from utils import instants


@contextmanager
def told_when_it_begins() -> Iterator[threading.Event]:
    """Set when a thread that comes new to the database asks for a transaction."""
    begins, connect = threading.Event(), db.connect

    def traced(path: Path) -> db.Connection:
        conn = connect(path)
        conn.set_trace_callback(lambda said: begins.set() if "IMMEDIATE" in said else None)
        return conn

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(db, "connect", traced)
        yield begins


def as_it_is_written(household: Household, meanwhile: str, act: Callable[[], TestResponse]) -> int:
    """The status of `act` when `meanwhile` is committed after it came in and before it writes."""
    database = household.app.config["DATABASE"]
    other = db.connect(database)
    other.execute("BEGIN IMMEDIATE")
    answers: list[int] = []
    request = threading.Thread(target=lambda: answers.append(act().status_code))
    with told_when_it_begins() as begins:
        request.start()
        assert begins.wait(5)  # it passed the gate and waits for the lock
    assert not answers
    other.execute(meanwhile)
    other.execute("COMMIT")
    other.close()
    request.join(5)
    return answers[0]


ENDS = "DELETE FROM sessions WHERE user_id = {id}"


@pytest.mark.parametrize(
    ("url", "fields"),
    [
        ("/nominations", {"tmdb_id": 603}),
        ("/films/603/rating", {"rating": 8}),
        ("/films/603/watched", {}),
        ("/settings/icon", {"icon": "🦊"}),
        ("/weeks/2026-W47/watched", {"tmdb_id": 603, "members": ["Ben"]}),
    ],
)
def test_a_session_that_ends_meanwhile_changes_nothing(
    household: Household, url: str, fields: dict[str, object]
) -> None:
    ben = household.ben
    before = ben.state()
    headers = {"Accept": "application/json", "X-CSRFToken": ben.token}
    status = as_it_is_written(
        household,
        ENDS.format(id=ben.id),
        lambda: ben.client.post(url, json=fields, headers=headers),
    )
    assert status == 401
    assert household.ana.state()["members"] == before["members"]


def test_an_admin_who_loses_the_role_meanwhile_is_refused(household: Household) -> None:
    ana = household.ana
    headers = {"Accept": "application/json", "X-CSRFToken": ana.token}
    status = as_it_is_written(
        household,
        f"UPDATE users SET is_admin = 0 WHERE id = {ana.id}",
        lambda: ana.client.post("/weeks/2026-W47/open-voting", json={}, headers=headers),
    )
    assert status == 403
    assert ana.state()["phase"] == "nomination"


def test_a_vote_that_crosses_the_end_of_voting_is_refused(household: Household) -> None:
    ben = household.ben
    first, *_rest = household.nominate(603, 862, 129, 13)
    headers = {"Accept": "application/json", "X-CSRFToken": ben.token}
    status = as_it_is_written(
        household,
        "UPDATE weeks SET skipped_at = '2026-11-17T12:00:00.000Z'",
        lambda: ben.client.post(f"/nominations/{first}/vote", json={}, headers=headers),
    )
    assert status == 409
    assert not any(member["voted"] for member in household.ana.state()["members"])


def test_an_id_means_its_member_even_if_somebody_is_called_that(household: Household) -> None:
    """Names of the old app may look like ids; the page's tick boxes send ids."""
    with household.app.app_context(), db.transaction(conn := db.get_db()):
        odd = users.add(conn, "Eva", "🎬", instants.now())
        conn.execute("UPDATE users SET name = ? WHERE id = ?", (str(household.ben.id), odd))
    for who in (household.ben.id, str(household.ben.id)):
        answer = household.ana.send("/weeks/2026-W47/watched", tmdb_id=603, members=[who])
        assert [one["member"] for one in answer.get_json()["receipts"]] == ["Ben"]


def test_a_late_answer_of_the_old_session_brings_no_cookie(
    household: Household, clock: Clock
) -> None:
    """It would overwrite the cookie of a new sign-in that it crossed on its way."""
    old = household.ben.ask("/api/state")
    assert "Set-Cookie" not in old.headers
    with household.app.app_context(), db.transaction(conn := db.get_db()):
        sessions.end_all(conn, household.ben.id)
    assert "Set-Cookie" not in household.ben.ask("/api/state").headers
