"""Linking by signing in at Trakt, and whatever may come back instead of a code."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.test import TestResponse

from db import settings, trakt_reservations, transaction
from services import sync_queue
from tests.conftest import Household, Person
from tests.fake_trakt import faults
from tests.fake_trakt.replies import Reply
from tests.trakt.connected import PUBLIC_URL, Connected
from trakt.application import Application
from utils import instants


def test_a_sign_in_at_trakt_links_the_account_with_its_profile(
    household: Household, connected: Connected
) -> None:
    account = connected.trakt.account("Ana Films", vip=True)
    answer = connected.link(household.ana, account)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/settings#trakt")
    link = connected.row(household.ana)
    assert link
    assert (link.username, link.slug, link.uuid) == ("Ana Films", "ana-films", account.uuid)
    assert link.is_vip
    assert link.limits["watchlist"]["item_count"] == 5000
    now = connected.clock.now
    assert (link.refresh_at, link.expires_at) == (
        now + timedelta(days=3.5),
        now + timedelta(days=7),
    )
    assert "@Ana Films" in household.ana.page("/settings")
    assert connected.audit() == [("linked", household.ana.id, household.ana.id, "Ana Films")]


@pytest.mark.parametrize(
    ("user", "slug", "is_vip"),
    [
        ({"vip": False, "vip_ep": True}, "ana-films", True),
        ({"vip": "yes"}, "ana-films", False),
        ({"ids": {"slug": None, "uuid": "7"}}, "Ana Films", False),
    ],
)
def test_a_profile_may_leave_things_out(
    household: Household, connected: Connected, user: dict[str, object], slug: str, is_vip: bool
) -> None:
    connected.trakt.fail("/users/settings", told({"user": user, "limits": [7]}))
    connected.linked(household.ana, "Ana Films")
    link = connected.row(household.ana)
    assert link
    assert (link.slug, link.is_vip, link.limits) == (slug, is_vip, {})


@pytest.mark.parametrize(
    "user", [{"username": ""}, {"username": "x" * 201}, {"ids": {"uuid": 7}}, {"ids": None}]
)
def test_a_profile_without_name_or_account_is_asked_for_again(
    household: Household, connected: Connected, user: dict[str, object]
) -> None:
    connected.trakt.fail("/users/settings", told({"user": user}))
    connected.linked(household.ana)
    link = connected.row(household.ana)
    assert link
    assert not link.is_ready
    assert "has not said yet whose account" in household.ana.page("/settings")


def told(change: dict[str, Any]) -> faults.Fault:
    """The profile, changed so."""

    def edit(reply: Reply) -> Reply:
        body = json.loads(reply.body)
        body |= change | {"user": body["user"] | change["user"]}
        return replace(reply, body=json.dumps(body).encode())

    return faults.Fault(edit=edit)


def test_trakt_is_asked_with_our_state_a_challenge_and_the_configured_address(
    household: Household, connected: Connected
) -> None:
    gone = visit(household.ana, "/auth/trakt/login", Host="evil.example")
    address = urlsplit(gone.headers["Location"])
    asked = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert f"{address.scheme}://{address.netloc}" == connected.trakt.auth_url
    assert asked.keys() == {
        "response_type", "client_id", "redirect_uri", "state", "code_challenge",
        "code_challenge_method",
    }  # fmt: skip
    assert asked["redirect_uri"] == f"{PUBLIC_URL}/auth/trakt/callback"
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["state"]) >= 32


def test_the_callback_cares_for_no_host_that_a_browser_may_claim(
    household: Household, connected: Connected
) -> None:
    back = connected.sign_in_at_trakt(household.ana, connected.trakt.account("ana-films"))
    answer = visit(household.ana, back, Host="evil.example", X_Forwarded_Host="worse.example")
    assert answer.headers["Location"] == "/settings#trakt"
    assert connected.row(household.ana)


def test_only_the_signed_in_member_can_be_named(household: Household, connected: Connected) -> None:
    client = household.cleo.client
    for user in ("Cleo", str(household.cleo.id)):
        assert client.get("/auth/trakt/login", query_string={"user": user}).status_code == 303
    before = connected.count("trakt_starts")
    for user in ("Ana", str(household.ana.id), "Nobody", "2" * 40):
        answer = client.get("/auth/trakt/login", query_string={"user": user})
        assert answer.status_code == 403
        assert "<h1>" in answer.text
    assert connected.count("trakt_starts") == before


@pytest.mark.parametrize(
    ("change", "status", "sentence"),
    [
        ({"state": None}, 403, "begun too long ago"),
        ({"state": "guessed"}, 403, "begun too long ago"),
        ({"code": None}, 400, "without a code"),
        ({"code": "guessed"}, 409, "did not accept"),
        ({"code": None, "error": "access_denied"}, 403, "You said no"),
        ({"code": None, "error": "server_error"}, 409, "broke off"),
        ({"code": None, "error": "<script>"}, 409, "broke off"),
    ],
)
def test_whatever_comes_back_instead_is_a_page_and_makes_no_link(
    household: Household,
    connected: Connected,
    change: dict[str, str | None],
    status: int,
    sentence: str,
) -> None:
    back = connected.sign_in_at_trakt(household.ana, connected.trakt.account("ana-films"))
    query = {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}
    sent = {name: value for name, value in {**query, **change}.items() if value is not None}
    answer = household.ana.client.get("/auth/trakt/callback", query_string=sent)
    assert (answer.status_code, sentence in answer.text) == (status, True), answer.text
    assert "<script>" not in answer.text
    assert connected.row(household.ana) is None


def test_a_no_at_trakt_is_a_page_and_uses_the_state_up(
    household: Household, connected: Connected
) -> None:
    account = connected.trakt.account("ana-films")
    back = connected.sign_in_at_trakt(household.ana, account, "deny")
    assert "You said no" in household.ana.client.get(back).text
    assert "begun too long ago" in household.ana.client.get(back).text


def test_a_state_works_once_soon_and_in_its_own_session(
    household: Household, connected: Connected
) -> None:
    account = connected.trakt.account("ana-films")
    late = connected.sign_in_at_trakt(household.ana, account)
    connected.clock.forward(minutes=10)
    assert household.ana.client.get(late).status_code == 403

    elsewhere = Person(household.app, "Ana", household.ana.id)
    elsewhere.sign_in("4821")
    back = connected.sign_in_at_trakt(household.ana, account)
    for other in (household.cleo, elsewhere):
        assert other.client.get(back).status_code == 403
    assert household.stranger.client.get(back).headers["Location"] == "/who"
    assert household.ana.client.get(back).status_code == 303
    assert household.ana.client.get(back).status_code == 403  # the page was reloaded
    assert connected.row(household.ana)
    assert connected.count("trakt_auth") == 1


def test_fifty_abandoned_starts_leave_a_small_cookie_and_few_rows(
    household: Household, connected: Connected
) -> None:
    before = household.ana.client.get_cookie("movie_night")
    for number in range(50):
        connected.clock.forward(seconds=number < 40)
        for person in (household.ana, household.cleo):
            assert person.client.get("/auth/trakt/login").status_code == 303
    assert connected.count("trakt_starts") == 5 + 5
    assert household.ana.client.get_cookie("movie_night") == before
    assert connected.linked(household.ana)
    connected.clock.forward(minutes=11)
    assert household.cleo.client.get("/auth/trakt/login").status_code == 303
    assert connected.count("trakt_starts") == 1


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (faults.lost(), 503),
        (faults.cut(), 503),
        (faults.answer(503), 503),
        (faults.answer(403), 503),
        (faults.answer(403, "{}", "application/json"), 409),
        (faults.answer(429, Retry_After="40"), 503),
        (faults.garbage(), 503),
        (faults.garbage('{"access_token": 7, "refresh_token": null, "expires_in": "x"}'), 503),
        (
            faults.garbage('{"access_token": "a\\r\\nb", "refresh_token": "r", "expires_in": 9}'),
            503,
        ),
        (faults.garbage('{"access_token": "\u00e9", "refresh_token": "r", "expires_in": 9}'), 503),
        (faults.garbage('{"access_token": "a", "refresh_token": "", "expires_in": 9}'), 503),
        (faults.answer(400, '{"error": "invalid_client"}', "application/json"), 409),
        (faults.answer(302, "", Location="https://evil.example/"), 503),
    ],
)
def test_an_answer_that_fails_on_the_last_step_is_a_page_and_makes_no_link(
    household: Household, connected: Connected, fault: faults.Fault, status: int
) -> None:
    back = connected.sign_in_at_trakt(household.ana, connected.trakt.account("ana-films"))
    connected.trakt.fail("/oauth/token", fault)
    answer = household.ana.client.get(back)
    assert (answer.status_code, "<h1>" in answer.text) == (status, True), answer.text
    assert connected.row(household.ana) is None
    assert connected.tokens() == 1


def test_without_an_address_of_ours_the_code_is_offered_instead(
    household: Household, connected: Connected
) -> None:
    household.app.config["PUBLIC_URL"] = ""
    page = household.ana.page("/settings")
    assert "needs PUBLIC_URL" in page
    assert "Link with a code" in page
    assert "/auth/trakt/login" not in page
    answer = household.ana.client.get("/auth/trakt/login")
    assert (answer.status_code, "Use a code" in answer.text) == (409, True)
    household.app.config["TRAKT_REDIRECT_URI"] = "https://other.example/back"
    assert "other.example" in household.ana.client.get("/auth/trakt/login").headers["Location"]


def test_without_a_trakt_app_every_way_says_so(household: Household) -> None:
    assert "no Trakt app yet" in household.ana.page("/settings")
    for answer in (
        household.ana.client.get("/auth/trakt/login"),
        household.ana.submit("/settings/trakt/code"),
    ):
        assert (answer.status_code, "not set up" in answer.text) == (409, True)
    refused = household.ana.send("/trakt/auth/device")
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (409, "not_configured")


def test_an_account_is_linked_by_one_member_unless_the_household_shares(
    household: Household, connected: Connected
) -> None:
    account = connected.linked(household.ana)
    answer = connected.link(household.ben, account)
    assert (answer.status_code, "Somebody else here" in answer.text) == (409, True)
    assert connected.row(household.ben) is None
    assert connected.audit()[-1] == (
        "link_refused", household.ben.id, household.ben.id, "trakt_account_taken",
    )  # fmt: skip
    with connected.conn() as conn, transaction(conn):
        settings.put(conn, "share_trakt_accounts", "1")
    assert connected.link(household.ben, account).status_code == 303
    assert connected.count("trakt_auth") == 2


def test_an_account_of_somebody_who_left_moves_to_who_links_it(
    household: Household, connected: Connected
) -> None:
    account = connected.linked(household.dan)
    assert household.ana.send(f"/admin/members/{household.dan.id}/retire").status_code == 200
    assert connected.link(household.cleo, account).status_code == 303
    assert connected.row(household.dan) is None
    assert connected.row(household.cleo)


def test_an_account_kept_for_a_member_is_refused_to_others(
    household: Household, connected: Connected
) -> None:
    account = connected.trakt.account("Ben Watches")
    with connected.conn() as conn, transaction(conn):
        trakt_reservations.add(conn, "BEN-watches", household.ben.id, instants.now())
    answer = connected.link(household.ana, account)
    assert (answer.status_code, "keeps this Trakt account" in answer.text) == (409, True)
    assert connected.row(household.ana) is None
    connected.linked(household.ana, "ana-films")
    assert connected.link(household.ben, account).status_code == 303


def test_linking_again_replaces_the_link_and_forgets_what_was_read_of_another_account(
    household: Household, connected: Connected
) -> None:
    account = connected.linked(household.ana)
    wish(connected, household.ana)
    assert connected.link(household.ana, account).status_code == 303
    assert connected.count("watchlist") == 1
    connected.linked(household.ana, "other-films")
    link = connected.row(household.ana)
    assert link
    assert link.username == "other-films"
    assert connected.count("watchlist") == 0


def test_linking_again_without_trakt_telling_the_account_forgets_what_was_read(
    household: Household, connected: Connected
) -> None:
    account = connected.linked(household.ana)
    wish(connected, household.ana)
    connected.trakt.fail("/users/settings", faults.answer(423))
    assert connected.link(household.ana, account).status_code == 303
    assert connected.count("watchlist") == 0


def test_unlinking_wipes_what_came_from_trakt_and_keeps_what_was_seen_and_rated(
    household: Household, connected: Connected
) -> None:
    account = connected.linked(household.ana)
    wish(connected, household.ana)
    for url, fields in (("/films/603/watched", {}), ("/films/603/rating", {"rating": 9})):
        assert household.ana.send(url, **fields).status_code == 200
    assert connected.count("outbox") == 2
    page = household.ana.page("/settings")
    assert "<summary>Unlink" in page  # it asks first
    answer = household.ana.submit("/auth/trakt/unlink")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/settings#trakt")
    assert connected.row(household.ana) is None
    assert (connected.count("watchlist"), connected.count("trakt_device_codes")) == (0, 0)
    assert (connected.count("ratings"), connected.count("watch_history")) == (1, 1)
    with connected.conn() as conn:
        states = conn.execute("SELECT DISTINCT status FROM outbox").fetchall()
    assert [row[0] for row in states] == ["parked"]
    assert all(grant.ended for grant in connected.trakt.grants if grant.account is account)
    assert connected.audit()[-1] == ("unlinked", household.ana.id, household.ana.id, "ana-films")
    assert household.ana.send("/auth/trakt/unlink").status_code == 409


def test_unlinking_leaves_ones_own_wishes_and_all_that_is_anothers(
    household: Household, connected: Connected
) -> None:
    assert household.ana.send("/watchlist/film/680").status_code == 200
    film, stranger = connected.trakt.film(603, "The Matrix"), connected.trakt.film(None, "Home")
    account = connected.trakt.account("ben-films")
    for person, own in ((household.ben, account), (household.ana, connected.trakt.account("ana"))):
        own.wish(film), own.wish(stranger)
        own.rate(film, 8)
        connected.link(person, own)
    told = household.ben.ask("/api/trakt/status/Ben").get_json()
    household.ana.submit("/auth/trakt/unlink")
    assert household.ben.ask("/api/trakt/status/Ben").get_json() == told
    assert household.cleo.ask("/films/680").get_json()["wanted_by"] == ["Ana"]
    assert household.cleo.ask("/films/603").get_json()["wanted_by"] == ["Ben"]
    pages = [person.page("/settings") for person in (household.ana, household.ben)]
    assert ["1 title of your Trakt" in page for page in pages] == [False, True]
    account.unrate(film)
    household.ben.send("/api/trakt/sync/Ben")
    assert sync_queue.executor(connected.app).wait(20)
    assert household.ben.ask("/films/603").get_json()["your_rating"] is None, "both had agreed"


def test_what_was_begun_before_unlinking_links_nobody_but_the_others(
    household: Household, connected: Connected
) -> None:
    account = connected.linked(household.ana)
    ben = connected.trakt.account("ben-films")
    sign_ins, codes = [], []
    for person, own in ((household.ana, account), (household.ben, ben)):
        sign_ins.append(connected.sign_in_at_trakt(person, own))
        begun = person.send("/trakt/auth/device").get_json()
        connected.trakt.decide(begun["userCode"], own)
        codes.append(begun["deviceCode"])
    household.ana.submit("/auth/trakt/unlink")
    connected.clock.forward(seconds=5)
    for person, back, handle, statuses in (
        (household.ana, sign_ins[0], codes[0], (404, 403)),
        (household.ben, sign_ins[1], codes[1], (200, 303)),
    ):
        checked = person.send("/trakt/auth/device/check", deviceCode=handle)
        assert (checked.status_code, person.client.get(back).status_code) == statuses
    assert connected.row(household.ana) is None


def test_what_somebody_does_not_send_is_not_sent_after_they_have_linked_again(
    household: Household, connected: Connected
) -> None:
    connected.linked(household.ana)
    household.ana.submit("/settings/trakt", by_itself="1", send_watches="1")
    household.ana.submit("/auth/trakt/unlink")
    connected.linked(household.ana)
    page = household.ana.page("/settings")
    ticked = re.findall(r'name="(\w+)" value="1" checked', page)
    assert ticked == ["by_itself", "send_watches"]


def test_who_cannot_link_now_is_told_to_try_again_and_not_that_something_waits(
    household: Household, connected: Connected
) -> None:
    connected.trakt.fail("/oauth/device/code", faults.answer(503))
    answer = household.ana.submit("/settings/trakt/code")
    assert (answer.status_code, "Please try again in some minutes." in answer.text) == (503, True)
    assert "sent later" not in answer.text


def test_a_link_whose_tokens_cannot_be_read_can_be_ended(
    household: Household, connected: Connected
) -> None:
    connected.linked(household.ana)
    connected.app.config["TRAKT_KEY"] = b"w" * 32
    assert household.ana.submit("/auth/trakt/unlink").status_code == 303
    assert connected.row(household.ana) is None


def test_a_trakt_that_hangs_up_keeps_nobody_linked(
    household: Household, connected: Connected
) -> None:
    connected.linked(household.ana)
    connected.trakt.fail("/oauth/revoke", faults.refused())
    assert household.ana.submit("/auth/trakt/unlink").status_code == 303
    assert connected.row(household.ana) is None


def test_an_app_has_its_secret_out_of_sight() -> None:
    assert "hush" not in repr(Application("id", "hush", "https://a", "https://b", None))


def visit(person: Person, url: str, **headers: str) -> TestResponse:
    """With the person's cookie, whatever host the browser says it is at."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    with person.client.application.test_client(use_cookies=False) as client:
        return client.get(url, headers={"Cookie": f"movie_night={person.cookie}", **sent})


def wish(connected: Connected, person: Person) -> None:
    with connected.conn() as conn:
        conn.execute(
            "INSERT INTO watchlist (user_id, kind, tmdb_id, title, listed_at, source)"
            " VALUES (?, 'film', 603, 'A Film', '2026-11-01T00:00:00.000Z', 'trakt')",
            (person.id,),
        )
