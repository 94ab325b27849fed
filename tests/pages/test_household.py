"""Who is watching, the brake on PINs, sessions, and the first admin."""

import re
from collections.abc import Callable, Sequence
from functools import partial
from threading import Barrier, Thread
from typing import Any

import itsdangerous
import pytest
from flask import Flask
from werkzeug.test import TestResponse

import db
from db import sessions, settings, users
from services import setup_code
from tests.conftest import CHEAP, Clock, Household, Person
from utils import instants, pins

WRONG, JSON = "9051", {"Accept": "application/json"}


def code_of(answer: TestResponse) -> str:
    return str(answer.get_json()["error"]["code"])


def query(app: Flask, sql: str, *values: object) -> list[tuple[Any, ...]]:
    with app.app_context():
        return [tuple(row) for row in db.get_db().execute(sql, values)]


def knock(person: Person, pin: str = WRONG, member: int = 2) -> TestResponse:
    """Ben's PIN, tried from somebody's browser."""
    return person.send("/who", member_id=member, pin=pin)


def at_once(jobs: Sequence[Callable[[], Any]], app: Flask) -> list[Any]:
    """The answers of all jobs, each started in a thread (and so on a connection) of its own."""
    start, answers = Barrier(len(jobs)), list[Any]()

    def run(job: Callable[[], Any]) -> None:
        start.wait()
        answers.append(job())
        db.close_db(app)

    threads = [Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


# Who is watching?


def test_everybody_may_see_who_lives_here_and_who_has_a_pin(household: Household) -> None:
    members = household.stranger.ask("/who").get_json()["members"]
    assert [(one["id"], one["name"], one["has_pin"]) for one in members] == [
        (1, "Ana", True),
        (2, "Ben", True),
        (3, "Cleo", False),
        (4, "Dan", False),
    ]
    assert set(members[0]) == {"id", "name", "icon", "has_pin"}


def test_without_a_pin_one_walks_in(household: Household) -> None:
    answer = household.stranger.send("/who", member_id=3)
    assert answer.get_json() == {"member": {"id": 3, "name": "Cleo", "icon": "🎬"}}
    assert "Cleo" in household.stranger.page("/settings")


def test_the_forms_do_it_without_scripts(household: Household) -> None:
    visitor = household.stranger
    assert '<input type="hidden" name="member_id" value="2">' in visitor.page("/who?member=2")
    assert 'name="pin"' not in visitor.page("/who?member=3"), "Cleo has none to be asked for"
    refused = visitor.submit("/who", member_id=2, pin=WRONG)
    assert refused.status_code == 401
    assert "not the right PIN" in refused.text
    assert WRONG not in refused.text
    assert 'name="pin"' in refused.text
    entered = visitor.submit("/who", member_id=2, pin="7306")
    assert (entered.status_code, entered.headers["Location"]) == (303, "/")


def test_the_length_of_a_pin_is_nowhere_on_its_page(household: Household) -> None:
    pages = []
    for pin in ("5937", "59370264"):
        assert household.ana.send("/admin/members/2/pin", pin=pin).status_code == 200
        page = household.stranger.page("/who?member=2")
        pages.append(re.sub(r'(content|value)="[^"]{60,}"', "", page))  # the token
    assert pages[0] == pages[1]


def test_who_left_or_never_lived_here_is_unknown(household: Household) -> None:
    assert household.ana.send("/admin/members/4/retire").status_code == 200
    for member_id in (4, 77, 2**63 - 1):
        answer = household.stranger.send("/who", member_id=member_id)
        assert (answer.status_code, code_of(answer)) == (404, "no_member")


def test_sign_in_failure_and_sign_out_are_in_the_audit_log_without_the_pin(
    household: Household,
) -> None:
    knock(household.cleo)
    knock(household.cleo, "7306")
    household.cleo.send("/sign-out")
    rows = query(household.app, "SELECT action, actor_id, subject_id FROM audit_log ORDER BY id")
    assert rows[-3:] == [("wrong_pin", 3, 2), ("signed_in", 2, 2), ("signed_out", 2, 2)]
    assert query(household.app, "SELECT DISTINCT address FROM audit_log") == [("127.0.0.1",)]
    log = str(query(household.app, "SELECT * FROM audit_log"))
    assert WRONG not in log
    assert "7306" not in log


# The brake


def test_after_five_wrong_pins_the_right_one_is_refused_alike(household: Household) -> None:
    answers = [knock(household.stranger) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [401] * 5
    right, wrong = knock(household.stranger, "7306"), knock(household.stranger)
    assert right.status_code == wrong.status_code == 429
    assert right.get_json() == wrong.get_json()
    assert right.headers["Retry-After"] == wrong.headers["Retry-After"] == "30"
    assert code_of(right) == "pin_locked"


def test_the_wait_doubles_up_to_a_quarter_of_an_hour(household: Household, clock: Clock) -> None:
    for _ in range(5):
        knock(household.stranger)
    waits = []
    for _ in range(7):
        waits.append(int(knock(household.stranger).headers["Retry-After"]))
        clock.forward(seconds=waits[-1] - 1)
        assert knock(household.stranger).status_code == 429
        clock.forward(seconds=1)
        assert knock(household.stranger).status_code == 401
    assert waits == [30, 60, 120, 240, 480, 900, 900]


def test_a_success_forgets_the_wrong_tries(household: Household, clock: Clock) -> None:
    for _ in range(4):
        knock(household.stranger)
    assert knock(household.stranger, "7306").status_code == 200
    assert [knock(household.dan).status_code for _ in range(6)] == [401] * 5 + [429]
    clock.forward(seconds=30)
    assert knock(household.dan, "7306").status_code == 200


def test_an_admin_lifts_the_brake_with_a_new_pin(household: Household) -> None:
    for _ in range(6):
        knock(household.stranger)
    assert household.ana.send("/admin/members/2/pin", pin="5937").status_code == 200
    assert knock(household.stranger, "5937").status_code == 200


def test_one_profile_s_brake_leaves_the_others_alone(household: Household) -> None:
    for _ in range(6):
        knock(household.stranger)
    assert knock(household.stranger, "4821", member=1).status_code == 200
    assert knock(household.stranger, "7306").status_code == 429, "Ana's success frees only Ana"


def test_however_many_try_at_once_no_more_than_five_hashes_are_looked_at(
    household: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[object] = []

    def look(*given: object) -> bool:
        looked.append(given)
        return False

    monkeypatch.setattr(pins, "matches", look)
    jobs = []
    for number in range(12):
        visitor = Person(household.app)
        sent: dict[str, Any] = {"json": {"member_id": 2, "pin": f"90{number:02}"}}
        headers = JSON | {"X-CSRFToken": visitor.token}
        jobs.append(partial(visitor.client.post, "/who", headers=headers, **sent))
    statuses = sorted(answer.status_code for answer in at_once(jobs, household.app))
    assert statuses == [401] * 5 + [429] * 7
    assert len(looked) == 5


def test_the_try_is_on_disk_before_the_hash_is_looked_at(
    household: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def look(*_given: object) -> bool:
        other = db.connect(household.app.config["DATABASE"])
        seen.append(other.execute("SELECT pin_failures FROM users WHERE id = 2").fetchone()[0])
        other.close()
        return False

    monkeypatch.setattr(pins, "matches", look)
    knock(household.stranger)
    knock(household.stranger)
    assert seen == [1, 2]


# Sessions


def test_a_copied_cookie_dies_with_the_sign_out(household: Household) -> None:
    cookie = household.cleo.client.get_cookie("movie_night")
    assert cookie
    copy = Person(household.app)
    copy.client.set_cookie("movie_night", cookie.value)
    assert copy.ask("/api/state").status_code == 200
    answer = household.cleo.submit("/sign-out")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/who")
    assert household.cleo.client.get_cookie("movie_night") is None
    assert copy.ask("/api/state").status_code == 401


def test_switching_ends_the_session_before(household: Household) -> None:
    cookie = household.cleo.client.get_cookie("movie_night")
    assert cookie
    assert household.cleo.send("/who", member_id=4).status_code == 200
    copy = Person(household.app)
    copy.client.set_cookie("movie_night", cookie.value)
    assert copy.ask("/api/state").status_code == 401
    assert "Dan" in household.cleo.page("/settings")


def test_a_session_cookie_is_http_only_lax_and_lasts(household: Household) -> None:
    visitor = household.stranger
    cookie = visitor.submit("/who", member_id=3).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires=" in cookie
    assert "Secure" not in cookie


def test_a_sign_in_lasts_a_year_and_no_longer(household: Household, clock: Clock) -> None:
    clock.forward(days=364, hours=23)
    assert household.cleo.ask("/api/state").status_code == 200
    clock.forward(hours=1)
    assert household.cleo.ask("/api/state").status_code == 401
    household.dan.sign_in()
    assert query(household.app, "SELECT user_id FROM sessions") == [(4,)], "the old are swept out"


def test_the_table_of_sessions_holds_no_token(household: Household) -> None:
    with household.app.app_context(), db.transaction(conn := db.get_db()):
        token = sessions.create(conn, 3, instants.now())
        assert token not in "\n".join(conn.iterdump())


def test_a_form_of_who_is_not_signed_in_is_refused_and_not_led_away(household: Household) -> None:
    answer = household.stranger.submit("/settings/icon", icon="🦊")
    assert answer.status_code == 401
    assert "<html" in answer.text


def test_the_csrf_token_works_hours_later(
    household: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, signer = household.cleo.token, itsdangerous.TimestampSigner
    now = signer.get_timestamp
    monkeypatch.setattr(signer, "get_timestamp", lambda self: now(self) + 12 * 3600)
    answer = household.cleo.client.post("/settings/icon", data={"icon": "🦊", "csrf_token": token})
    assert answer.status_code == 303


def test_a_token_of_before_the_sign_in_is_worth_nothing_after(household: Household) -> None:
    visitor = household.stranger
    token = visitor.token
    assert visitor.send("/who", member_id=3).status_code == 200
    answer = visitor.client.post("/sign-out", headers=JSON | {"X-CSRFToken": token})
    assert (answer.status_code, code_of(answer)) == (403, "csrf")


# The first admin


def new_code(app: Flask) -> str:
    with app.app_context(), db.transaction(conn := db.get_db()):
        return setup_code.create(conn)


def member(app: Flask, name: str, pin: str = "", *, is_common: bool = False) -> int:
    with app.app_context(), db.transaction(conn := db.get_db()):
        member_id = users.add(conn, name, "", instants.now())
        if pin:
            hashed = pins.hash_pin(pin, app.config["PIN_PEPPER"], CHEAP)
            users.set_pin(conn, member_id, hashed, is_common=is_common)
        return member_id


class Visitor(Person):
    """Somebody before there is anybody: the token is on the set-up page."""

    @property
    def token(self) -> str:
        match = re.search(r'name="csrf-token" content="([^"]+)"', self.client.get("/setup").text)
        assert match
        return match[1]


def test_an_empty_household_leads_to_the_set_up(app: Flask) -> None:
    visitor = Visitor(app)
    for url in ("/", "/who", "/history", "/settings", "/admin"):
        answer = visitor.client.get(url)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/setup")
    assert visitor.ask("/who").get_json() == {"members": []}
    assert code_of(visitor.ask("/api/state")) == "set_up_first"


def test_the_code_makes_the_first_admin_once(app: Flask) -> None:
    code, visitor = new_code(app), Visitor(app)
    assert f'value="{code}"' in visitor.page(f"/setup?code={code}")
    made = visitor.submit("/setup", code=code, name="Ana", icon="🦊", pin="4821")
    assert (made.status_code, made.headers["Location"]) == (303, "/")
    assert "Ana" in visitor.page("/admin")
    assert visitor.client.get("/setup").headers["Location"] == "/"
    second = Person(app)
    again = second.send("/setup", code=code, name="Eve", pin="5937")
    assert (again.status_code, code_of(again)) == (409, "set_up_already")
    assert query(app, "SELECT count(*) FROM users") == [(1,)]
    assert query(app, "SELECT * FROM settings WHERE name = 'setup_code'") == []
    (noted,) = visitor.ask("/admin/audit").get_json()["entries"]
    assert noted["sentence"] == "Ana set up the household."


def test_the_code_is_typed_as_people_type(app: Flask) -> None:
    code = new_code(app)
    assert len(code) >= 10
    assert not set(code) & set("0O1lI")
    typed = f" {code[:4].upper()} {code[4:8]}-{code[8:]} "
    assert Visitor(app).send("/setup", code=typed, name="Ana", pin="4821").status_code == 200


def test_a_new_code_takes_the_place_of_the_old(app: Flask) -> None:
    old, new = new_code(app), new_code(app)
    sent = {"name": "Ana", "pin": "4821"}
    assert code_of(Visitor(app).send("/setup", code=old, **sent)) == "wrong_code"
    assert Visitor(app).send("/setup", code=new, **sent).status_code == 200


def test_the_database_holds_no_code(app: Flask) -> None:
    code = new_code(app)
    with app.app_context():
        assert code not in "\n".join(db.get_db().iterdump())
        assert len(settings.get(db.get_db(), "setup_code")) == 64


@pytest.mark.parametrize(
    ("fields", "status", "refusal"),
    [
        ({"code": "abcdefghjkmn"}, 403, "wrong_code"),
        ({"code": "abcdefghjkmn", "pin": "1234"}, 403, "wrong_code"),
        ({"code": ""}, 403, "wrong_code"),
        ({"name": " "}, 422, "name_missing"),
        ({"pin": ""}, 409, "admin_needs_pin"),
        ({"pin": "1234"}, 422, "pin_common"),
        ({"pin": "48x1"}, 422, "pin_odd"),
        ({"member_id": 99}, 404, "no_member"),
        ({"member_id": "Ana"}, 400, "not_whole"),
    ],
)
def test_a_set_up_that_makes_no_sense_changes_nothing(
    app: Flask, fields: dict[str, Any], status: int, refusal: str
) -> None:
    code, visitor = new_code(app), Visitor(app)
    sent = {"code": code, "name": "Ana", "pin": "4821"}
    answer = visitor.send("/setup", **(sent | fields))
    assert (answer.status_code, code_of(answer)) == (status, refusal)
    assert query(app, "SELECT count(*) FROM users") == [(0,)]
    assert visitor.send("/setup", **sent).status_code == 200


def test_without_a_code_on_record_no_code_fits(app: Flask) -> None:
    for code in ("", "x"):
        answer = Visitor(app).send("/setup", code=code, name="Ana", pin="4821")
        assert code_of(answer) == "wrong_code"


@pytest.mark.parametrize("pin", ["1234", "5937"])
def test_a_member_who_knows_their_pin_keeps_it_even_a_common_one(app: Flask, pin: str) -> None:
    ana = member(app, "Ana", pin, is_common=pin == "1234")
    before = query(app, "SELECT pin, pin_is_common FROM users")
    answer = Person(app).send("/setup", code=new_code(app), member_id=ana, pin=pin)
    assert answer.get_json()["member"]["name"] == "Ana"
    assert query(app, "SELECT pin, pin_is_common FROM users") == before
    assert query(app, "SELECT is_admin FROM users") == [(1,)]


def test_another_pin_becomes_theirs_if_it_may_be_chosen(app: Flask) -> None:
    ana, code = member(app, "Ana", "7306"), new_code(app)
    assert code_of(Person(app).send("/setup", code=code, member_id=ana, pin="1234")) == "pin_common"
    assert Person(app).send("/setup", code=code, member_id=ana, pin="5937").status_code == 200
    assert knock(Person(app), "5937", ana).status_code == 200


def test_with_members_but_no_admin_everything_else_works(app: Flask) -> None:
    cleo = Person(app, "Cleo", member(app, "Cleo"))
    cleo.sign_in()
    assert cleo.ask("/api/state").status_code == 200
    assert cleo.ask("/admin").status_code == 403
    assert "Cleo" in cleo.page("/setup")


def test_the_set_up_ends_the_member_s_other_sessions(app: Flask) -> None:
    cleo = Person(app, "Cleo", member(app, "Cleo"))
    cleo.sign_in()
    sent = {"code": new_code(app), "member_id": cleo.id, "pin": "5937"}
    assert Person(app).send("/setup", **sent).status_code == 200
    assert cleo.ask("/api/state").status_code == 401


def test_of_two_set_ups_at_once_exactly_one_wins(app: Flask) -> None:
    code, jobs = new_code(app), []
    for name in ("Ana", "Ben", "Cleo", "Dan"):
        visitor = Visitor(app)
        sent: dict[str, Any] = {"json": {"code": code, "name": name, "pin": "4821"}}
        headers = JSON | {"X-CSRFToken": visitor.token}
        jobs.append(partial(visitor.client.post, "/setup", headers=headers, **sent))
    statuses = sorted(answer.status_code for answer in at_once(jobs, app))
    assert statuses == [200, 409, 409, 409]
    assert query(app, "SELECT count(*), sum(is_admin) FROM users") == [(1, 1)]
