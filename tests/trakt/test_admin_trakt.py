"""The admin's page of the Trakt app: entered, checked, kept accounts, everybody's links."""

import html
from typing import Any

import pytest
from werkzeug.test import TestResponse

from db import trakt_auth, transaction
from services import sync_queue, timers
from tests.conftest import Clock, Household
from tests.fake_trakt import faults
from tests.trakt.connected import CALLBACK, Connected
from utils import instants

SECRET = "canary-of-a-client-secret"


def code_of(answer: TestResponse) -> str:
    return str(answer.get_json()["error"]["code"])


def app_of(household: Household) -> dict[str, Any]:
    app: dict[str, Any] = household.ana.ask("/admin/trakt").get_json()["app"]
    return app


@pytest.fixture
def entered(household: Household, connected: Connected) -> Connected:
    """The same app, but as an admin has pasted it; the environment names none."""
    connected.app.config.update(TRAKT_CLIENT_ID="", TRAKT_CLIENT_SECRET="")
    registered = connected.registered
    sent = {"client_id": f" {registered.client_id}\n", "client_secret": f"\t{registered.secret} "}
    assert household.ana.submit("/admin/trakt/app", **sent).status_code == 303
    return connected


# The app


def test_what_an_admin_pastes_works_without_its_blanks(
    household: Household, entered: Connected
) -> None:
    assert app_of(household)["client_id"] == entered.registered.client_id
    assert household.ana.send("/admin/trakt/check").status_code == 200
    entered.linked(household.ben)


def test_the_secret_is_stored_sealed_and_never_shown_again(
    household: Household, entered: Connected
) -> None:
    household.ana.send("/admin/trakt/app", client_id="id", client_secret=SECRET)
    assert app_of(household)["has_secret"]
    with entered.conn() as conn:
        stored = "\n".join(conn.iterdump())
    seen = [household.ana.page(url) for url in ("/admin/trakt", "/admin/audit", "/settings")]
    seen += [household.ana.ask(url).text for url in ("/admin/trakt", "/admin/audit")]
    refused = household.ana.submit("/admin/trakt/app", client_id="", client_secret=SECRET)
    assert refused.status_code == 400
    assert not any(SECRET in text for text in [stored, refused.text, *seen])


def test_an_empty_secret_keeps_the_one_of_the_same_app_only(
    household: Household, entered: Connected
) -> None:
    client_id = entered.registered.client_id
    household.ana.send("/admin/trakt/app", client_id=client_id, client_secret="")
    assert app_of(household)["has_secret"]
    household.ana.send("/admin/trakt/app", client_id=client_id, no_secret=True)
    assert not app_of(household)["has_secret"]
    household.ana.send("/admin/trakt/app", client_id=client_id, client_secret=SECRET)
    household.ana.send("/admin/trakt/app", client_id="another", client_secret="")
    assert not app_of(household)["has_secret"]


NO_APP: list[tuple[dict[str, Any], int, str]] = [
    ({}, 400, "missing_field"),
    ({"client_id": " "}, 400, "missing_field"),
    ({"client_id": "two words"}, 422, "trakt_value_odd"),
    ({"client_id": "id\r\nX-Injected: 1"}, 422, "trakt_value_odd"),
    ({"client_id": "\u200bid"}, 422, "trakt_value_odd"),
    ({"client_id": "x" * 201}, 422, "trakt_value_odd"),
    ({"client_id": "id", "client_secret": "gehe\u00efm"}, 422, "trakt_value_odd"),
    ({"client_id": 7}, 400, "not_text"),
]


def test_what_cannot_be_an_app_is_refused(household: Household, entered: Connected) -> None:
    for fields, status, code in NO_APP:
        answer = household.ana.send("/admin/trakt/app", **fields)
        assert (answer.status_code, code_of(answer)) == (status, code), fields
    assert app_of(household)["client_id"] == entered.registered.client_id
    assert household.ana.send("/admin/trakt/app", client_id="x" * 200).status_code == 200


def test_the_environment_wins_and_is_only_shown(household: Household, entered: Connected) -> None:
    entered.app.config.update(TRAKT_CLIENT_ID="from-outside", TRAKT_CLIENT_SECRET=SECRET)
    page = household.ana.page("/admin/trakt")
    assert 'value="from-outside" readonly' in page
    assert 'name="client_id"' not in page
    assert SECRET not in page
    for url in ("/admin/trakt/app", "/admin/trakt/app/remove"):
        answer = household.ana.send(url, client_id="mine")
        assert (answer.status_code, code_of(answer)) == (409, "trakt_app_fixed")
    entered.app.config.update(TRAKT_CLIENT_ID="", TRAKT_CLIENT_SECRET="")
    assert app_of(household)["client_id"] == entered.registered.client_id


def test_the_secret_that_an_admin_entered_never_goes_with_the_environments_app(
    household: Household, entered: Connected
) -> None:
    household.ana.send("/admin/trakt/app", client_id="another", client_secret=SECRET)
    entered.app.config["TRAKT_CLIENT_ID"] = entered.registered.client_id
    assert not app_of(household)["has_secret"]
    entered.linked(household.ben)  # Trakt would refuse that secret


def test_the_redirect_uri_is_there_to_copy(household: Household, connected: Connected) -> None:
    assert f'value="{CALLBACK}" readonly' in household.ana.page("/admin/trakt")
    connected.app.config["PUBLIC_URL"] = ""
    page = household.ana.page("/admin/trakt")
    assert 'value="urn:ietf:wg:oauth:2.0:oob" readonly' in page
    assert "localhost" not in page, "a Host header is whatever its sender wrote"


def test_without_its_app_the_household_goes_on(household: Household, entered: Connected) -> None:
    assert household.ana.submit("/admin/trakt/app/remove").status_code == 303
    assert app_of(household)["client_id"] is None
    assert code_of(household.ana.send("/admin/trakt/check")) == "not_configured"
    assert "making-the-trakt-app" in household.ana.page("/admin/trakt")
    assert household.ben.send("/nominations", tmdb_id=603).status_code == 200


# The check

KEY, TOKEN = "/movies/trending", "/oauth/token"


FAULTS = [
    (KEY, faults.answer(401, ""), 409, "trakt_id_refused"),
    (KEY, faults.answer(403, ""), 409, "app_refused"),
    (KEY, faults.answer(403), 503, "blocked"),
    (KEY, faults.answer(429, "", Retry_After="60"), 503, "slow_down"),
    (KEY, faults.answer(400, ""), 409, "trakt_id_refused"),
    (TOKEN, faults.answer(429, "", Retry_After="60"), 503, "slow_down"),
    (TOKEN, faults.answer(400, '{"error": "unauthorized_client"}'), 409, "trakt_secret_refused"),
    (TOKEN, faults.answer(502), 503, "unavailable"),
    (TOKEN, faults.answer(403, ""), 409, "app_refused"),
    (TOKEN, faults.answer(401, ""), 409, "trakt_secret_refused"),
    (KEY, faults.garbage("<html>"), 503, "garbage"),
    (KEY, faults.refused(), 503, "unavailable"),
]


@pytest.mark.parametrize(("path", "fault", "status", "code"), FAULTS)
def test_a_check_tells_what_is_wrong_apart(
    household: Household,
    connected: Connected,
    path: str,
    fault: faults.Fault,
    status: int,
    code: str,
) -> None:
    connected.trakt.fail(path, fault, times=9)
    answer = household.ana.send("/admin/trakt/check")
    assert (answer.status_code, code_of(answer)) == (status, code)


def test_a_check_knows_a_removed_app_from_a_wrong_secret(
    household: Household, connected: Connected
) -> None:
    connected.app.config["TRAKT_CLIENT_SECRET"] = SECRET
    page = household.ana.submit("/admin/trakt/check")
    assert (page.status_code, "does not accept this secret" in page.text) == (409, True)
    assert "/help/trakt#secret-refused" in page.text
    connected.clock.forward(seconds=2)
    connected.registered.removed = True
    page = household.ana.submit("/admin/trakt/check")
    assert "refuses this app (403)" in page.text
    assert "/help/trakt#app-refused" in page.text


def test_a_check_without_a_secret_asks_for_none(household: Household, connected: Connected) -> None:
    connected.app.config["TRAKT_CLIENT_SECRET"] = ""
    answer = household.ana.submit("/admin/trakt/check")
    assert (answer.status_code, connected.tokens()) == (303, 0)
    assert "Trakt answers and takes this app." in household.ana.page("/admin/trakt")


# Everybody's links, and the choices


def test_the_page_tells_how_each_link_stands_and_what_to_do(
    household: Household, connected: Connected
) -> None:
    connected.linked(household.cleo)
    connected.linked(household.dan, "dan-watches")
    with connected.conn() as conn, transaction(conn):
        link = trakt_auth.get(conn, household.dan.id)
        assert link
        trakt_auth.set_problem(conn, link, "reconnect", instants.now())
    members = {
        one["name"]: (one["linked"], one["username"], one["needs_reconnect"])
        for one in household.ana.ask("/admin/trakt").get_json()["members"]
    }
    assert members == {
        "Ana": (False, None, False),
        "Ben": (False, None, False),
        "Cleo": (True, "ana-films", False),
        "Dan": (True, "dan-watches", True),
    }
    page = household.ana.page("/admin/trakt")
    assert "Trakt has ended this link." in page
    assert 'href="/help/trakt#reconnect"' in page


def test_a_member_is_led_from_a_failure_to_its_cure(
    household: Household, connected: Connected
) -> None:
    account = connected.linked(household.cleo)
    taken = connected.link(household.dan, account)
    lost = household.dan.client.get("/auth/trakt/callback?state=of-another-day&code=x")
    connected.trakt.fail("/sync/last_activities", faults.answer(423, ""), times=9)
    household.cleo.submit("/settings/trakt/sync")
    assert sync_queue.executor(connected.app).wait(20)
    shown = [
        (taken.text, "account-taken"),
        (lost.text, "sign-in-ended"),
        (household.cleo.page("/settings"), "locked"),
        (household.ana.page("/admin/trakt"), "locked"),
    ]
    for page, anchor in shown:
        assert f'href="/help/trakt#{anchor}"' in page, anchor


def test_members_share_an_account_once_an_admin_allows_it(
    household: Household, connected: Connected
) -> None:
    account = connected.linked(household.cleo)
    assert connected.link(household.dan, account).status_code == 409
    household.ana.submit("/admin/trakt/settings", hours="2", share="1")
    assert connected.link(household.dan, account).status_code == 303


def test_the_interval_is_one_to_48_hours(household: Household) -> None:
    for hours, status in [(1, 200), (48, 200), (0, 422), (49, 422), ("soon", 400), (None, 400)]:
        answer = household.ana.send("/admin/trakt/settings", hours=hours)
        assert answer.status_code == status, hours
    assert household.ana.ask("/admin/trakt").get_json()["hours"] == 48
    jobs = household.ana.ask("/admin/jobs").get_json()["jobs"]
    assert {one["name"]: one["every"] for one in jobs}["sync"] == "every 48 hours"


# Kept accounts


def test_a_kept_account_is_nobody_else_s(household: Household, connected: Connected) -> None:
    answer = household.ana.send("/trakt/admin/associate", traktSlug="ana-films", user="Ana")
    association = answer.get_json()["association"]
    expected = {"id": association["id"], "traktSlug": "ana-films", "user": "Ana"}
    assert answer.get_json() == {"success": True, "association": expected}
    account = connected.trakt.account("ana-films")
    refused = connected.link(household.ben, account)
    assert (refused.status_code, "keeps this Trakt account" in refused.text) == (409, True)
    assert connected.link(household.ana, account).status_code == 303


def test_an_account_kept_for_another_stays_with_whoever_had_linked_it(
    household: Household, connected: Connected
) -> None:
    connected.linked(household.ben, "ben-films")
    household.ana.send("/trakt/admin/associate", traktSlug="ben-films", user="Cleo")
    connected.clock.forward(days=4)
    with connected.conn():
        timers.refresh_links()
    assert household.ben.ask("/api/trakt/status/Ben").get_json()["problem"] is None


def test_an_account_is_kept_once_a_second_at_most(
    household: Household, connected: Connected
) -> None:
    statuses = []
    for _try in range(2):
        answer = household.ana.send("/trakt/admin/associate", traktSlug="x", user=3)
        statuses.append((answer.status_code, answer.headers.get("Retry-After")))
    assert statuses == [(200, None), (429, "1")]
    connected.clock.forward(seconds=1)
    again = household.ana.send("/trakt/admin/associate", traktSlug="X", user="Dan").get_json()
    assert again["association"]["user"] == "Dan", "the last word counts, whatever the capitals"
    assert len(household.ana.ask("/admin/trakt").get_json()["reservations"]) == 1


NO_RESERVATION: list[tuple[dict[str, Any], int, str]] = [
    ({"traktSlug": "cleo"}, 400, "missing_field"),
    ({"user": "Cleo"}, 400, "missing_field"),
    ({"traktSlug": "cleo", "user": "Nobody"}, 404, "no_member"),
    ({"traktSlug": "cleo", "user": ["Cleo", "Dan"]}, 400, "missing_field"),
    ({"traktSlug": "dan", "user": "Dan"}, 409, "retired"),
    ({"traktSlug": "", "user": "Cleo"}, 422, "trakt_slug_odd"),
    ({"traktSlug": "a b", "user": "Cleo"}, 422, "trakt_slug_odd"),
    ({"traktSlug": "<b>", "user": "Cleo"}, 422, "trakt_slug_odd"),
]


def test_a_reservation_that_makes_no_sense_is_refused(household: Household, clock: Clock) -> None:
    household.ana.send(f"/admin/members/{household.dan.id}/retire")
    for fields, status, code in NO_RESERVATION:
        answer = household.ana.send("/trakt/admin/associate", **fields)
        assert (answer.status_code, code_of(answer)) == (status, code), fields
        clock.forward(seconds=1)
    assert household.ana.ask("/admin/trakt").get_json()["reservations"] == []


def test_the_page_keeps_and_frees_an_account(household: Household, clock: Clock) -> None:
    typed = "https://app.trakt.tv/users/cleo.f/"
    sent = household.ana.submit("/admin/trakt/reservations", traktSlug=typed, user="3")
    assert sent.status_code == 303
    assert "cleo.f is kept for Cleo now." in html.unescape(household.ana.page("/admin/trakt"))
    clock.forward(seconds=1)
    household.ana.submit("/admin/trakt/reservations", traktSlug="dan.f", user="Dan")
    kept, other = household.ana.ask("/admin/trakt").get_json()["reservations"]
    assert (kept["traktSlug"], kept["user"]) == ("cleo.f", "Cleo")
    url = f"/admin/trakt/reservations/{kept['id']}/remove"
    assert household.ana.submit(url).status_code == 303
    assert household.ana.submit(url).status_code == 404
    assert household.ana.ask("/admin/trakt").get_json()["reservations"] == [other]
