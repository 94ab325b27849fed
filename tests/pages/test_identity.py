"""Who acts is the session as it stands when the change is written, and nobody else is meant."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

import db
from db import sessions, users
from services import setup_code
from tests.conftest import PINS, Clock, Household, Person
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
RETIRES = "UPDATE users SET retired_at = '2026-11-17T12:00:00.000Z' WHERE id = {id}"


def posted(person: Person, url: str, **fields: Any) -> Callable[[], TestResponse]:
    """The request, for another thread to make; its token is asked for here."""
    headers = {"Accept": "application/json", "X-CSRFToken": person.token}
    return partial(person.client.post, url, json=fields, headers=headers)


@pytest.mark.parametrize("meanwhile", [ENDS, RETIRES])
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
    household: Household, url: str, fields: dict[str, object], meanwhile: str
) -> None:
    ben = household.ben
    act = posted(ben, url, **fields)
    assert as_it_is_written(household, meanwhile.format(id=ben.id), act) == 401
    told = household.ana.state()
    assert told["nominations"] == []
    assert {one["icon"] for one in told["members"]} == {"🎬"}


def test_an_admin_who_loses_the_role_meanwhile_is_refused(household: Household) -> None:
    ana = household.ana
    act = posted(ana, "/weeks/2026-W47/open-voting")
    meanwhile = f"UPDATE users SET is_admin = 0 WHERE id = {ana.id}"
    assert as_it_is_written(household, meanwhile, act) == 403
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


ANOTHER_PIN = "UPDATE users SET pin = 'another' WHERE name = 'Ben'"


def test_a_pin_that_was_changed_meanwhile_opens_nothing(household: Household) -> None:
    visitor = household.stranger
    act = posted(visitor, "/who", member_id=household.ben.id, pin=PINS["Ben"])
    assert as_it_is_written(household, ANOTHER_PIN, act) == 401
    assert visitor.ask("/api/state").status_code == 401


def test_a_pin_that_was_changed_meanwhile_stays(household: Household) -> None:
    act = posted(household.ben, "/settings/pin", pin="5937", current_pin=PINS["Ben"])
    assert as_it_is_written(household, ANOTHER_PIN, act) == 401
    with household.app.app_context():
        assert users.get(db.get_db(), household.ben.id).pin == "another"


def test_who_retires_meanwhile_is_not_let_in(household: Household) -> None:
    ben, visitor = household.ben, household.stranger
    act = posted(visitor, "/who", member_id=ben.id, pin=PINS["Ben"])
    assert as_it_is_written(household, RETIRES.format(id=ben.id), act) == 404
    assert visitor.ask("/api/state").status_code == 401


@pytest.mark.parametrize(
    ("meanwhile", "status"),
    [
        ("UPDATE users SET is_admin = 1 WHERE name = 'Ana'", 409),
        ("UPDATE settings SET value = 'another' WHERE name = 'setup_code'", 403),
        (ANOTHER_PIN, 401),
        (RETIRES.format(id=2), 404),
    ],
)
def test_a_set_up_that_came_too_late_makes_no_admin(
    household: Household, meanwhile: str, status: int
) -> None:
    ben, visitor = household.ben, household.stranger
    with household.app.app_context(), db.transaction(conn := db.get_db()):
        conn.execute("UPDATE users SET is_admin = 0")
        code = setup_code.create(conn)
    act = posted(visitor, "/setup", code=code, member_id=ben.id, pin=PINS["Ben"])
    assert as_it_is_written(household, meanwhile, act) == status
    assert visitor.ask("/api/state").status_code == 401
    with household.app.app_context():
        assert not users.get(db.get_db(), ben.id).is_admin


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
