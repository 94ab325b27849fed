"""A link stays alive: refreshed in time, once, saved before use; and ends in one sentence."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Event, Thread

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

import db
from db import trakt_auth, transaction
from db.trakt_auth import Link
from services import sync_queue, timers
from tests.conftest import Household, Person
from tests.fake_trakt import faults
from tests.trakt.connected import Connected
from tests.trakt.fakes import Waits
from trakt import application, sync, tokens
from trakt.errors import TraktError
from trakt.oauth import Tokens
from utils import encryption, messages

HOUSE = Path(__file__).resolve().parents[2]
THREADS, PROCESSES, ROUNDS = 8, 2, 50


def token(connected: Connected, person: Person, stale: str | None = None) -> str:
    with connected.conn() as conn:
        config = connected.app.config
        household = application.require(conn, config)
        return tokens.token_source(conn, config, household, person.id)(stale)


def failure(act: Callable[[], object]) -> str:
    with pytest.raises(TraktError) as caught:
        act()
    return caught.value.code


def link(connected: Connected, person: Person) -> Link:
    found = connected.row(person)
    assert found
    return found


def test_a_token_is_refreshed_at_half_of_its_life_and_not_before(
    household: Household, connected: Connected
) -> None:
    connected.linked(household.ana)
    first = token(connected, household.ana)
    connected.clock.forward(days=3.4)
    assert token(connected, household.ana) == first
    connected.clock.forward(days=0.1)
    second = token(connected, household.ana)
    assert second != first
    assert token(connected, household.ana) == second
    assert connected.tokens() == 2  # the sign-in's, and one refresh
    renewed = link(connected, household.ana)
    assert renewed.refresh_at == connected.clock.now + timedelta(days=3.5)


@pytest.mark.parametrize(
    ("seconds", "life"),
    [(0, timedelta(minutes=1)), (-(10**9), timedelta(minutes=1)), (10**9, timedelta(days=365))],
)
def test_a_life_beyond_reason_is_cut(
    household: Household, connected: Connected, seconds: int, life: timedelta
) -> None:
    connected.trakt.lifetime = seconds
    connected.linked(household.ana)
    found, now = link(connected, household.ana), connected.clock.now
    assert (found.expires_at, found.refresh_at) == (now + life, now + life / 2)


def test_a_token_that_trakt_refused_is_never_given_again(
    household: Household, connected: Connected
) -> None:
    connected.linked(household.ana)
    first = token(connected, household.ana)
    second = token(connected, household.ana, stale=first)
    assert second != first
    assert token(connected, household.ana, stale=first) == second
    assert connected.tokens() == 2


def test_an_access_token_that_dies_between_pages_costs_one_refresh_and_no_page(
    household: Household, connected: Connected
) -> None:
    account = connected.linked(household.ana)
    for number in range(600):
        account.watch(connected.trakt.film(number + 1, f"Film {number}"))
    die = faults.shifting(lambda: connected.trakt.expire(account))
    connected.trakt.fail("/sync/watched/movies", die)
    with connected.conn() as conn:
        client = sync.member_client(conn, connected.app.config, household.ana.id)
        seen = [item["movie"]["ids"]["tmdb"] for page in client.pages("/sync/watched/movies")
                for item in page]  # fmt: skip
    assert sorted(seen) == list(range(1, 601))
    assert connected.tokens() == 2


def test_the_new_pair_is_saved_before_anybody_uses_it(
    household: Household, connected: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected.linked(household.ana)
    connected.clock.forward(days=4)
    tries: list[int] = []
    renew = trakt_auth.replace_tokens

    def locked_once(*values: object, **names: object) -> bool:
        tries.append(1)
        if len(tries) == 1:
            raise db.DatabaseError("database is locked")
        return renew(*values, **names)  # type: ignore[arg-type]

    monkeypatch.setattr(trakt_auth, "replace_tokens", locked_once)
    fresh = token(connected, household.ana)
    key = connected.app.config["TRAKT_KEY"]
    assert tokens.decrypt_token(link(connected, household.ana), "access_token", key) == fresh
    assert (len(tries), connected.tokens()) == (2, 2)


def test_a_link_that_trakt_ended_is_one_sentence_and_is_left_alone_until_linked_anew(
    household: Household, connected: Connected
) -> None:
    account = connected.linked(household.ana)
    connected.trakt.disconnect(account)
    connected.clock.forward(days=4)
    for _ in range(5):
        assert failure(lambda: token(connected, household.ana)) == "reconnect"
        connected.clock.forward(hours=1)
        run_job(connected)
    assert connected.tokens() == 2
    assert messages.trakt("reconnect") in household.ana.page("/settings")
    assert connected.audit()[1:] == [("refresh_failed", None, household.ana.id, "reconnect")]
    assert connected.link(household.ana, account).status_code == 303
    assert link(connected, household.ana).problem is None
    assert token(connected, household.ana)


def test_a_refresh_whose_answer_is_lost_ends_in_one_sentence_without_a_storm(
    household: Household, connected: Connected
) -> None:
    connected.linked(household.ana)
    connected.trakt.expire()
    connected.clock.forward(days=8)
    connected.trakt.fail("/oauth/token", faults.lost())
    for _ in range(5):
        assert failure(lambda: token(connected, household.ana)) == "unavailable"
    assert connected.tokens() == 2
    assert messages.trakt("unavailable") in household.ana.page("/settings")
    connected.clock.forward(minutes=5)
    for _ in range(5):
        assert failure(lambda: token(connected, household.ana)) == "reconnect"
    assert connected.tokens() == 3


def test_a_trakt_that_is_away_leaves_the_old_token_in_use_while_it_lasts(
    household: Household, connected: Connected
) -> None:
    connected.linked(household.ana)
    first = token(connected, household.ana)
    connected.clock.forward(days=4)
    connected.trakt.fail("/oauth/token", faults.answer(503), times=2)
    assert [token(connected, household.ana) for _ in range(3)] == [first] * 3
    assert connected.tokens() == 2
    assert failure(lambda: token(connected, household.ana, stale=first)) == "unavailable"
    connected.clock.forward(minutes=5)
    assert token(connected, household.ana) == first
    connected.clock.forward(minutes=5)
    assert token(connected, household.ana) != first
    assert link(connected, household.ana).problem is None
    noted = [row for row in connected.audit() if row[0] == "refresh_failed"]
    assert noted == [("refresh_failed", None, household.ana.id, "unavailable")]


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (faults.answer(400, '{"error": "invalid_request"}', "application/json"), "app_refused"),
        (faults.answer(401, ""), "reconnect"),
        (faults.answer(403), "blocked"),
        (faults.answer(403, "{}", "application/json"), "app_refused"),
        (faults.answer(423, ""), "locked"),
        (faults.answer(429, ""), "slow_down"),
        (faults.answer(500), "unavailable"),
        (faults.cut(), "unavailable"),
        (faults.garbage(), "garbage"),
        (faults.answer(200, "[]", "application/json"), "garbage"),
    ],
)
def test_every_failed_refresh_has_its_own_sentence(
    household: Household, connected: Connected, fault: faults.Fault, code: str
) -> None:
    connected.linked(household.ana)
    connected.clock.forward(days=8)
    connected.trakt.fail("/oauth/token", fault)
    assert failure(lambda: token(connected, household.ana)) == code
    body = household.ana.ask("/api/trakt/status/Ana").get_json()
    assert body["needs_reconnect"] == (code == "reconnect")
    assert body["problem"] == {"code": code, "message": messages.trakt(code)}


def test_a_pause_that_trakt_asks_for_is_kept_to_for_every_member(
    household: Household, connected: Connected, waits: Waits
) -> None:
    for person, username in ((household.ana, "ana-films"), (household.ben, "ben-watches")):
        connected.linked(person, username)
    connected.clock.forward(days=8)
    asked = connected.tokens()
    connected.trakt.fail("/oauth/token", faults.answer(429, "", Retry_After="1800"))
    for minutes in (1, 10, 20):
        for person in (household.ana, household.ben):
            assert failure(partial(token, connected, person)) == "slow_down"
        waits.sleep(60 * minutes)
        connected.clock.forward(minutes=minutes)
    assert connected.tokens() == asked + 1
    for person in (household.ana, household.ben):
        assert token(connected, person)


def test_without_an_address_of_ours_a_refresh_says_so_in_trakts_word(
    household: Household, connected: Connected
) -> None:
    connected.linked(household.ana)
    first = token(connected, household.ana)
    connected.app.config["PUBLIC_URL"] = ""
    connected.registered.redirects = ["urn:ietf:wg:oauth:2.0:oob"]  # Trakt refuses all others
    assert token(connected, household.ana, stale=first) != first


def test_a_pair_put_in_place_by_somebody_else_is_used_instead_of_giving_up(
    household: Household, connected: Connected
) -> None:
    account = connected.linked(household.ana)
    connected.clock.forward(days=8)
    renewed = connected.trakt.grant(account, connected.registered.client_id)

    def put() -> None:
        pair = Tokens(renewed.access, renewed.refresh, renewed.expires_at, renewed.expires_at)
        sealed = tokens.seal(pair, connected.app.config["TRAKT_KEY"], household.ana.id)
        with db.transaction(conn := db.connect(connected.app.config["DATABASE"])):
            trakt_auth.store_link(conn, household.ana.id, sealed, connected.clock.now)
        conn.close()

    connected.trakt.disconnect(account)
    renewed.ended = False
    connected.trakt.fail("/oauth/token", faults.shifting(put))
    assert token(connected, household.ana) == renewed.access


def test_who_unlinks_while_trakt_is_asked_stays_unlinked(
    household: Household, connected: Connected
) -> None:
    account = connected.linked(household.ana)
    connected.clock.forward(days=4)

    def unlink() -> None:
        with db.transaction(conn := db.connect(connected.app.config["DATABASE"])):
            trakt_auth.delete(conn, household.ana.id, connected.clock.now)
        conn.close()

    connected.trakt.fail("/oauth/token", faults.shifting(unlink))
    assert failure(lambda: token(connected, household.ana)) == "reconnect"
    assert connected.row(household.ana) is None
    assert all(grant.ended for grant in connected.trakt.grants if grant.account is account)


def test_a_link_of_the_old_app_opens_and_is_sealed_anew_at_first_use(
    household: Household, connected: Connected
) -> None:
    account = connected.trakt.account("ben-watches")
    old = connected.trakt.grant(account, connected.registered.client_id)
    key = connected.app.config["TRAKT_KEY"]
    with connected.conn() as conn, transaction(conn):
        conn.execute(
            "INSERT INTO trakt_auth (user_id, trakt_user, access_token, refresh_token, created_at)"
            " VALUES (?, 'ben-watches', ?, ?, '2025-01-01T00:00:00.000Z')",
            (household.ben.id, as_node_wrote(old.access, key), as_node_wrote(old.refresh, key)),
        )
    run_job(connected)
    found = link(connected, household.ben)
    assert found.access_token.startswith(encryption.PREFIX)
    assert (found.uuid, found.refresh_at) == (
        account.uuid, connected.clock.now + timedelta(days=3.5),
    )  # fmt: skip
    assert old.ended
    assert connected.tokens() == 1


def test_the_job_keeps_links_fresh_for_weeks_without_anybody_there(
    household: Household, connected: Connected
) -> None:
    connected.linked(household.ana)
    connected.linked(household.ben, "ben-watches")
    for _ in range(28 * 2):
        connected.clock.forward(hours=12)
        run_job(connected)
    assert connected.tokens() == 2 + 2 * 8
    assert token(connected, household.ana)
    connected.clock.forward(days=2)
    assert household.ana.send(f"/admin/members/{household.ben.id}/retire").status_code == 200
    connected.clock.forward(days=2)
    run_job(connected)
    assert connected.tokens() == 2 + 2 * 8 + 1  # who has left is not kept fresh


def test_one_link_that_fails_keeps_no_other_from_its_refresh(
    household: Household, connected: Connected
) -> None:
    account = connected.linked(household.ana)
    connected.linked(household.ben, "ben-watches")
    connected.trakt.disconnect(account)
    connected.clock.forward(days=4)
    run_job(connected)
    assert link(connected, household.ana).problem == "reconnect"
    assert link(connected, household.ben).refresh_at == connected.clock.now + timedelta(days=3.5)


def test_without_an_app_the_job_leaves_the_links_alone(
    household: Household, connected: Connected
) -> None:
    connected.linked(household.ana)
    connected.clock.forward(days=28)
    connected.app.config["TRAKT_CLIENT_ID"] = ""
    run_job(connected)
    assert connected.tokens() == 1


def test_a_profile_that_did_not_come_is_fetched_later_and_the_link_is_not_ready_before(
    household: Household, connected: Connected
) -> None:
    account = connected.trakt.account("ana-films")
    connected.trakt.fail("/users/settings", faults.answer(423))
    assert connected.link(household.ana, account).status_code == 303
    assert not link(connected, household.ana).is_ready
    assert "has not said yet whose account" in household.ana.page("/settings")
    run_job(connected)
    assert link(connected, household.ana).is_ready
    assert "@ana-films" in household.ana.page("/settings")
    with connected.conn():
        timers.sync_members()
    assert sync_queue.executor(connected.app).wait(20)
    assert household.ana.ask("/api/trakt/status/Ana").get_json()["last_sync"]


def test_a_profile_that_comes_after_another_account_was_linked_is_not_taken_for_its(
    household: Household, connected: Connected
) -> None:
    account, other = connected.trakt.account("ana-films"), connected.trakt.account("another")
    connected.trakt.fail("/users/settings", faults.answer(423))
    connected.link(household.ana, account)
    connected.clock.forward(minutes=15)
    back, answered = connected.sign_in_at_trakt(household.ana, other), Event()
    connected.trakt.fail("/users/settings", faults.held(answered))
    before = connected.trakt.count("/users/settings")
    job = Thread(target=run_job, args=[connected])
    job.start()
    while connected.trakt.count("/users/settings") == before:
        time.sleep(0.002)
    household.ana.client.get(back)
    answered.set()
    job.join()
    assert link(connected, household.ana).username == "another"


def test_an_account_found_taken_only_later_is_kept_unused_until_sharing_is_allowed(
    household: Household, connected: Connected
) -> None:
    account = connected.linked(household.ana)
    connected.trakt.fail("/users/settings", faults.answer(423))
    assert connected.link(household.ben, account).status_code == 303
    run_job(connected)
    run_job(connected)
    assert not link(connected, household.ben).is_ready
    assert "Somebody else here" in household.ben.page("/settings")
    assert [row[0] for row in connected.audit()] == ["linked", "linked", "link_refused"]
    with connected.conn() as conn, transaction(conn):
        db.settings.put(conn, "share_trakt_accounts", "1")
    run_job(connected)
    found = link(connected, household.ben)
    assert (found.is_ready, found.problem) == (True, None)


def test_sixteen_who_want_an_expired_token_at_once_make_one_refresh(
    household: Household, connected: Connected, tmp_path: Path
) -> None:
    connected.linked(household.ana)
    config = {
        name: str(connected.app.config[name])
        for name in ("DATA_DIR", "DATABASE", "PUBLIC_URL", "TRAKT_CLIENT_ID",
                     "TRAKT_CLIENT_SECRET", "TRAKT_API_URL", "TRAKT_AUTH_URL")
    } | {"TRAKT_KEY": connected.app.config["TRAKT_KEY"].hex()}  # fmt: skip
    told = json.dumps({
        "config": config, "user_id": household.ana.id, "now": str(connected.clock.now),
        "threads": THREADS, "processes": PROCESSES, "rounds": ROUNDS,
    })  # fmt: skip
    ran = subprocess.run(
        [sys.executable, "-m", "tests.trakt.race"],
        input=told, cwd=HOUSE, capture_output=True, text=True, timeout=120,
        env={**os.environ, "PYTHONPATH": str(HOUSE)},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    got = json.loads(ran.stdout)
    assert len(got) == ROUNDS
    assert all(len(accesses) == 1 for accesses in got), got
    assert len({accesses[0] for accesses in got}) == ROUNDS
    assert connected.tokens() == 1 + ROUNDS
    assert {entry.status for entry in connected.trakt.requests("/oauth/token")} == {200}


def run_job(connected: Connected) -> None:
    with connected.app.app_context():
        timers.refresh_links()


def as_node_wrote(text: str, key: bytes) -> str:
    """The old app's envelope: a nonce of 16 bytes, then tag and ciphertext apart, all in hex."""
    nonce = os.urandom(16)
    sealed = AESGCM(key).encrypt(nonce, text.encode(), None)
    return f"{nonce.hex()}:{sealed[-16:].hex()}:{sealed[:-16].hex()}"
