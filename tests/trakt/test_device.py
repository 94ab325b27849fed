"""Linking by a code: the seed's endpoints, our page with and without scripts, and every end."""

import json
import re
from datetime import timedelta
from email.utils import format_datetime
from threading import Thread
from typing import Any

import pytest

import db
from app import create_app
from services import sync_queue
from tests.conftest import CHEAP, Household, Person
from tests.fake_trakt import faults
from tests.trakt.connected import Connected


def begin(connected: Connected, person: Person) -> dict[str, Any]:
    connected.clock.forward(seconds=1)
    answer = person.send("/trakt/auth/device")
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.get_json()
    return body


def check(connected: Connected, person: Person, handle: str, after: int = 5) -> dict[str, Any]:
    connected.clock.forward(seconds=after)
    body: dict[str, Any] = person.send("/trakt/auth/device/check", deviceCode=handle).get_json()
    return body


def test_a_code_links_once_it_was_approved_and_trakts_own_code_stays_here(
    household: Household, connected: Connected
) -> None:
    account = connected.trakt.account("Ana Films")
    begun = begin(connected, household.ana)
    assert begun == {
        "success": True,
        "codeUrl": f"{connected.trakt.auth_url}/activate",
        "userCode": begun["userCode"],
        "deviceCode": begun["deviceCode"],
        "expiresIn": 600,
        "interval": 5,
    }
    (device,) = connected.trakt.devices.values()
    assert device.device_code not in str(begun)
    pending = faults.answer(400, '{"error": "authorization_pending"}', "application/json")
    for _time in range(2):  # Trakt leaves its body empty, a newer one may say the standard's word
        waiting = check(connected, household.ana, begun["deviceCode"])
        assert waiting == {"success": False, "pending": True, "interval": 5}
        connected.trakt.fail("/oauth/device/token", pending)
    connected.trakt.heal()
    connected.trakt.decide(begun["userCode"], account)
    done = check(connected, household.ana, begun["deviceCode"])
    assert done == {"success": True, "traktUsername": "Ana Films", "traktSlug": "ana-films"}
    assert household.ana.ask("/trakt/association").get_json() == {
        "associated": True,
        "traktUsername": "Ana Films",
        "traktSlug": "ana-films",
    }
    assert household.ben.ask("/trakt/association").get_json() == {
        "associated": False,
        "traktUsername": None,
        "traktSlug": None,
    }


def test_the_first_sync_begins_as_soon_as_a_code_was_approved(
    household: Household, connected: Connected
) -> None:
    begun = begin(connected, household.ana)
    connected.trakt.decide(begun["userCode"], connected.trakt.account("ana-films"))
    assert check(connected, household.ana, begun["deviceCode"])["success"]
    assert sync_queue.executor(connected.app).wait(20)
    status = household.ana.ask(f"/api/trakt/status/{household.ana.id}").get_json()
    assert status["last_sync"] is not None


@pytest.mark.parametrize(
    ("status", "http_status", "code"),
    [
        (404, 404, "device_unknown"),
        (409, 409, "device_used"),
        (410, 409, "device_expired"),
        (418, 409, "device_denied"),
    ],
)
def test_each_end_of_a_code_is_told_apart_and_final(
    household: Household, connected: Connected, status: int, http_status: int, code: str
) -> None:
    begun = begin(connected, household.ana)
    connected.trakt.fail("/oauth/device/token", faults.answer(status, ""))
    connected.clock.forward(seconds=5)
    answer = household.ana.send("/trakt/auth/device/check", deviceCode=begun["deviceCode"])
    body = answer.get_json()
    assert (answer.status_code, body["error"]["code"]) == (http_status, code)
    assert (body["success"], body["pending"]) == (False, False)
    assert check(connected, household.ana, begun["deviceCode"])["error"]["code"] == "device_unknown"
    assert connected.trakt.count("/oauth/device/token") == 1


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (faults.answer(400, '{"error": "invalid_client"}', "application/json"), 409, "app_refused"),
        (faults.answer(403), 503, "blocked"),
        (faults.answer(503), 503, "unavailable"),
        (faults.lost(), 503, "unavailable"),
        (faults.answer(200, "<p>", "text/html"), 503, "garbage"),
    ],
)
def test_a_check_that_fails_for_another_reason_says_it_and_the_code_goes_on(
    household: Household, connected: Connected, fault: faults.Fault, status: int, code: str
) -> None:
    begun = begin(connected, household.ana)
    connected.trakt.fail("/oauth/device/token", fault)
    connected.clock.forward(seconds=5)
    answer = household.ana.send("/trakt/auth/device/check", deviceCode=begun["deviceCode"])
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (status, code)
    connected.trakt.decide(begun["userCode"], connected.trakt.account("ana-films"))
    assert check(connected, household.ana, begun["deviceCode"])["success"]


def test_when_trakt_names_the_moment_to_come_back_so_do_we(
    household: Household, connected: Connected
) -> None:
    later = format_datetime(connected.clock.now + timedelta(minutes=1), usegmt=True)
    connected.trakt.fail("/oauth/device/code", faults.answer(503, Retry_After=later))
    connected.clock.forward(seconds=0.5)
    answer = household.ana.send("/trakt/auth/device")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")


@pytest.mark.parametrize(
    "body",
    [
        "{}",
        "[]",
        '{"device_code": "d", "user_code": "u", "expires_in": 600,'
        ' "verification_url": "javascript:alert(1)"}',
        '{"device_code": "d", "user_code": "", "expires_in": 600,'
        ' "verification_url": "https://trakt.example"}',
        '{"device_code": "d", "user_code": "u", "expires_in": "soon",'
        ' "verification_url": "https://trakt.example"}',
    ],
)
def test_a_code_that_makes_no_sense_is_not_shown(
    household: Household, connected: Connected, body: str
) -> None:
    connected.trakt.fail("/oauth/device/code", faults.answer(200, body, "application/json"))
    answer = household.ana.send("/trakt/auth/device")
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (503, "garbage")
    assert connected.count("trakt_device_codes") == 0


@pytest.mark.parametrize(
    ("interval", "life", "told"), [(0, 10**12, (1, 3600)), (9999, -1, (60, 1)), ("7", 90, (7, 90))]
)
def test_a_code_with_odd_times_is_waited_for_within_reason(
    household: Household,
    connected: Connected,
    interval: object,
    life: int,
    told: tuple[int, int],
) -> None:
    body = {
        "device_code": "d",
        "user_code": "AB12" * 50,
        "verification_url": f"https://trakt.example/{'x' * 600}",
        "interval": interval,
        "expires_in": life,
    }
    said = faults.answer(200, json.dumps(body), "application/json")
    connected.trakt.fail("/oauth/device/code", said)
    begun = begin(connected, household.ana)
    assert (begun["interval"], begun["expiresIn"]) == told
    assert (len(begun["userCode"]), len(begun["codeUrl"])) == (32, 500)


def test_trakt_is_asked_no_faster_than_it_wants_however_many_tabs_there_are(
    household: Household, connected: Connected
) -> None:
    begun = begin(connected, household.ana)
    handle = begun["deviceCode"]
    for _ in range(10):
        assert check(connected, household.ana, handle, after=1)["pending"]
    assert connected.trakt.count("/oauth/device/token") == 2
    connected.trakt.fail("/oauth/device/token", faults.answer(429, ""))
    assert check(connected, household.ana, handle)["interval"] == 10
    for _ in range(9):
        assert check(connected, household.ana, handle, after=1)["interval"] == 10
    assert connected.trakt.count("/oauth/device/token") == 3
    check(connected, household.ana, handle, after=1)
    assert {each.status for each in connected.trakt.requests("/oauth/device/token")} == {400, 429}


def test_a_code_ends_by_itself_after_its_time(household: Household, connected: Connected) -> None:
    begun = begin(connected, household.ana)
    late = check(connected, household.ana, begun["deviceCode"], after=600)
    assert late["error"]["code"] == "device_expired"
    assert connected.trakt.count("/oauth/device/token") == 0
    for seconds, code in ((3598, "device_expired"), (0, "device_unknown")):
        connected.clock.forward(seconds=seconds)
        begin(connected, household.ben)
        assert check(connected, household.ana, begun["deviceCode"])["error"]["code"] == code


def test_a_handle_is_of_no_use_to_anybody_else(household: Household, connected: Connected) -> None:
    handle = begin(connected, household.ana)["deviceCode"]
    for other in (handle, "guessed", "x" * 2000):
        assert check(connected, household.ben, other)["error"]["code"] == "device_unknown"
    assert household.ben.client.get(f"/settings/trakt/code/{handle}/qr.svg").status_code == 404
    foreign = household.ben.client.get(f"/settings/trakt/code/{handle}")
    assert (foreign.status_code, "device__code" in foreign.text) == (404, False)


def test_a_member_has_few_codes_open(household: Household, connected: Connected) -> None:
    handles: dict[str, list[str]] = {person.name: [] for person in (household.ana, household.ben)}
    for _ in range(5):
        for person in (household.ana, household.ben):
            handles[person.name].append(begin(connected, person)["deviceCode"])
    for person in (household.ana, household.ben):
        pages = [f"/settings/trakt/code/{handle}" for handle in handles[person.name]]
        answers = [person.client.get(page).status_code for page in pages]
        assert answers == [404, 404, 200, 200, 200]


def test_two_codes_of_a_member_go_their_own_ways(
    household: Household, connected: Connected
) -> None:
    def press(person: Person, url: str) -> str:
        answer = person.submit(f"{url}/check")
        return person.page(answer.headers["Location"]) if answer.location else answer.text

    slow, denied, other = (
        person.submit("/settings/trakt/code").headers["Location"]
        for person in (household.ana, household.ana, household.ben)
    )
    _slow, code, _other = (each.user_code for each in connected.trakt.devices.values())
    connected.trakt.fail("/oauth/device/token", faults.answer(429, ""))
    assert "Press again in 10 seconds." in press(household.ana, slow)
    connected.clock.forward(seconds=2)
    assert "no yes of yours yet" in press(household.ana, denied)
    connected.clock.forward(seconds=1)
    assert "Press again in 7 seconds." in press(household.ana, slow)
    assert "Press again in 4 seconds." in press(household.ana, denied)
    connected.trakt.decide(code, connected.trakt.account("ana-films"), approve=False)
    connected.clock.forward(seconds=4)
    assert "You said no" in press(household.ana, denied)
    connected.clock.forward(seconds=3)
    assert "no yes of yours yet" in press(household.ana, slow)
    assert "no yes of yours yet" in press(household.ben, other)


def test_a_restart_in_the_middle_loses_nothing(household: Household, connected: Connected) -> None:
    begun = begin(connected, household.ana)
    session = household.ana.session
    connected.trakt.decide(begun["userCode"], connected.trakt.account("ana-films"))
    config = connected.app.config
    names = [name for name in config if name.startswith("TRAKT_")]
    again = create_app(
        {"DATA_DIR": config["DATA_DIR"], "PIN_COST": CHEAP} | {name: config[name] for name in names}
    )
    ana = Person(again, "Ana", household.ana.id)
    ana.resume(session)
    assert begun["userCode"] in ana.page(f"/settings/trakt/code/{begun['deviceCode']}")
    assert check(connected, ana, begun["deviceCode"])["success"]
    db.close_db(again)


@pytest.mark.parametrize(
    ("method", "url", "most"),
    [
        ("POST", "/trakt/auth/device", 2),
        ("POST", "/trakt/auth/device/check", 1),
        ("GET", "/trakt/association", 5),
    ],
)
def test_each_endpoint_has_its_rate_for_each_member(
    household: Household, connected: Connected, method: str, url: str, most: int
) -> None:
    def knock(person: Person) -> Any:
        return person.ask(url) if method == "GET" else person.send(url, deviceCode="x")

    answers = [knock(household.ana) for _ in range(most + 1)]
    assert [each.status_code == 429 for each in answers] == [False] * most + [True]
    assert answers[-1].headers["Retry-After"] == "1"
    assert knock(household.ben).status_code != 429
    connected.clock.forward(seconds=1)
    assert knock(household.ana).status_code != 429


def test_each_endpoint_counts_for_itself(household: Household, connected: Connected) -> None:
    ana, asked = household.ana, "/trakt/auth/device/check"
    assert ana.send(asked, deviceCode="x").status_code == 404
    assert ana.ask("/trakt/association").status_code == 200
    assert ana.send(asked, deviceCode="x").status_code == 429


def test_the_page_works_with_scripts_off(household: Household, connected: Connected) -> None:
    begun = household.ana.submit("/settings/trakt/code")
    url = begun.headers["Location"]
    page = household.ana.page(url)
    (device,) = connected.trakt.devices.values()
    assert device.user_code in page
    assert device.device_code not in page
    assert connected.trakt.auth_url in page
    waiting = household.ana.submit(f"{url}/check")
    assert "no yes of yours yet" in household.ana.page(waiting.headers["Location"])
    connected.clock.forward(seconds=2.5)
    early = household.ana.submit(f"{url}/check")
    assert "Trakt wants a pause" in (page := household.ana.page(url))
    assert "Press again in 3 seconds." in page
    assert (early.headers["Location"], "yes of yours" in page) == (url, False)
    connected.trakt.decide(device.user_code, connected.trakt.account("ana-films"))
    connected.clock.forward(seconds=5)
    assert household.ana.submit(f"{url}/check").headers["Location"] == "/settings#trakt"
    assert connected.row(household.ana)
    ended = household.ana.client.get(url)
    assert (ended.status_code, "Get a new one" in ended.text) == (404, True)
    assert "New code" in ended.text


def test_a_check_that_trakt_found_too_early_says_when_the_next_makes_sense(
    household: Household, connected: Connected
) -> None:
    url = household.ana.submit("/settings/trakt/code").headers["Location"]
    connected.trakt.fail("/oauth/device/token", faults.answer(429, ""))
    household.ana.submit(f"{url}/check")
    assert "Press again in 10 seconds." in household.ana.page(url)


def test_a_no_at_trakt_is_said_on_the_page(household: Household, connected: Connected) -> None:
    url = household.ana.submit("/settings/trakt/code").headers["Location"]
    (device,) = connected.trakt.devices.values()
    connected.trakt.decide(device.user_code, connected.trakt.account("ana-films"), approve=False)
    answer = household.ana.submit(f"{url}/check")
    assert (answer.status_code, "You said no" in answer.text) == (409, True)
    assert "New code" in answer.text


def test_an_account_of_somebody_else_is_refused_here_too(
    household: Household, connected: Connected
) -> None:
    account = connected.linked(household.ben, "ben-watches")
    begun = begin(connected, household.ana)
    connected.trakt.decide(begun["userCode"], account)
    refused = check(connected, household.ana, begun["deviceCode"])
    assert ([*refused], refused["error"]["code"]) == (["error"], "trakt_account_taken")
    assert connected.row(household.ana) is None
    assert check(connected, household.ana, begun["deviceCode"])["error"]["code"] == "device_unknown"
    assert (
        household.ana.client.get(f"/settings/trakt/code/{begun['deviceCode']}").status_code == 404
    )


def test_the_qr_code_is_a_picture_without_script_or_style(
    household: Household, connected: Connected
) -> None:
    url = household.ana.submit("/settings/trakt/code").headers["Location"]
    answer = household.ana.client.get(f"{url}/qr.svg")
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert answer.text.startswith("<svg")
    assert not re.search(r"<script|style=|<style|href", answer.text)


def test_a_trakt_that_hangs_holds_up_neither_pages_nor_votes(
    household: Household, connected: Connected
) -> None:
    people = household.everyone
    handles = [begin(connected, person)["deviceCode"] for person in people]
    connected.clock.forward(seconds=5)
    connected.trakt.fail("/oauth/device/token", faults.hang(1), times=len(people))
    answers: list[int] = []

    def ask(person: Person, handle: str) -> None:
        sent = person.send("/trakt/auth/device/check", deviceCode=handle)
        answers.append(sent.status_code)
        db.close_db(household.app)

    threads = [Thread(target=ask, args=each) for each in zip(people, handles, strict=True)]
    for thread in threads:
        thread.start()
    while len(answers) < 1:  # the fourth is turned away while three are waiting
        assert household.cleo.ask("/api/state").status_code == 200
    assert answers == [503]
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 200, 200, 503]
