"""The fake refuses what Trakt refuses."""

import base64
import hashlib
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.conftest import Clock
from tests.fake_trakt import FakeTrakt, TrackedApp
from tests.trakt.fakes import Linked
from trakt.errors import Conflict, Invalid
from utils import http

CALLBACK = "http://localhost:3000/auth/trakt/callback"
VERIFIER = "v" * 64


@pytest.fixture
def app_of(fake_trakt: FakeTrakt) -> TrackedApp:
    fake_trakt.account("ana-films", consent="approve")
    return fake_trakt.register(redirects=[CALLBACK])


def ask(trakt: FakeTrakt, path: str, body: Any = None, **sent: Any) -> http.Answer:
    method = "GET" if body is None and "headers" not in sent else "POST"
    url = trakt.auth_url + path
    return http.call(method, url, hosts={urlsplit(url).netloc}, deadline=5, json=body, **sent)


def authorize(trakt: FakeTrakt, client_id: str, **changed: str) -> http.Answer:
    digest = hashlib.sha256(VERIFIER.encode()).digest()
    query = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": CALLBACK,
        "state": "abc",
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
        **changed,
    }
    return ask(trakt, f"/oauth/authorize?{urlencode(query)}")


def code_of(answer: http.Answer) -> str:
    assert answer.status == 302
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert query["state"] == ["abc"]
    return query["code"][0]


def exchange(trakt: FakeTrakt, app: TrackedApp, code: str, **changed: Any) -> http.Answer:
    body = {
        "grant_type": "authorization_code",
        "client_id": app.client_id,
        "code": code,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
    }
    return ask(trakt, "/oauth/token", body | changed)


def test_a_sign_in_gives_tokens_once_and_a_refresh_ends_the_pair(
    fake_trakt: FakeTrakt, app_of: TrackedApp
) -> None:
    code = code_of(authorize(fake_trakt, app_of.client_id))
    first = exchange(fake_trakt, app_of, code).json()
    assert exchange(fake_trakt, app_of, code).json()["error"] == "invalid_grant"
    body = {
        "grant_type": "refresh_token",
        "client_id": app_of.client_id,
        "refresh_token": first["refresh_token"],
        "redirect_uri": CALLBACK,
    }
    second = ask(fake_trakt, "/oauth/token", body).json()
    assert second["refresh_token"] != first["refresh_token"]
    again = ask(fake_trakt, "/oauth/token", body)
    assert (again.status, again.json()["error"]) == (400, "invalid_grant")
    assert fake_trakt.bearer(first["access_token"], app_of.client_id) is None
    assert fake_trakt.bearer(second["access_token"], app_of.client_id)


def test_an_exchange_must_fit_in_every_point(fake_trakt: FakeTrakt, app_of: TrackedApp) -> None:
    wrong: list[dict[str, Any]] = [
        {"code_verifier": "w" * 64},
        {"code_verifier": None},
        {"redirect_uri": CALLBACK + "/"},
        {"client_secret": "wrong"},
        {"client_id": None},
        {"client_id": "unknown"},
        {"code": "unknown"},
        {"grant_type": "password"},
    ]
    for changed in wrong:
        code = code_of(authorize(fake_trakt, app_of.client_id))
        assert exchange(fake_trakt, app_of, **{"code": code, **changed}).status == 400, changed


def test_a_call_without_its_headers_is_refused(linked: Linked) -> None:
    grant = linked.trakt.grant(linked.account, linked.app.client_id)
    headers = {
        "Content-Type": "application/json",
        "trakt-api-key": linked.app.client_id,
        "trakt-api-version": "2",
        "Authorization": f"Bearer {grant.access}",
    }
    url = f"{linked.trakt.api_url}/users/settings"
    hosts = {urlsplit(url).netloc}
    assert http.call("GET", url, hosts=hosts, deadline=5, headers=headers).status == 200
    for changed, status in [
        ({"User-Agent": "python-requests/2.34"}, 403),
        ({"trakt-api-key": "unknown"}, 403),
        ({"trakt-api-version": "1"}, 400),
        ({"Content-Type": "text/plain"}, 412),
        ({"Authorization": "Bearer unknown"}, 401),
        ({"Authorization": ""}, 401),
    ]:
        refused = http.call("GET", url, hosts=hosts, deadline=5, headers=headers | changed)
        assert refused.status == status, changed


def test_a_play_is_kept_as_often_as_it_is_sent_and_takes_the_film_off_the_wishes(
    linked: Linked,
) -> None:
    film = linked.trakt.film(603, "The Lighthouse Keeper")
    linked.account.wish(film)
    before = linked.client().get("/sync/last_activities")
    play = {"ids": {"tmdb": 603}, "watched_at": "2026-11-17T20:00:00.000Z"}
    for _ in range(2):
        told = linked.client().post("/sync/history", {"movies": [play, {"ids": {"tmdb": 604}}]})
    assert told["not_found"]["movies"] == [{"ids": {"tmdb": 604}}]
    after = linked.client().get("/sync/last_activities")
    assert after["movies"]["watched_at"] != before["movies"]["watched_at"]
    assert after["watchlist"] != before["watchlist"]
    assert linked.account.wishes == {}
    ids = [play["id"] for page in linked.client().pages("/sync/history/movies") for play in page]
    assert len(set(ids)) == 2
    assert min(ids) > 2**53
    linked.client().post("/sync/history/remove", {"ids": ids[:1]})
    assert list(linked.account.plays) == ids[1:]


def test_a_scrobble_counts_above_four_fifths_and_only_once(linked: Linked, clock: Clock) -> None:
    film = linked.trakt.film(603, "The Lighthouse Keeper", runtime=120)
    body: dict[str, Any] = {"movie": film.short()}
    linked.client().post("/scrobble/start", {**body, "progress": 0.0})
    assert linked.client().get("/users/me/watching")["action"] == "scrobble"
    assert linked.client().post("/scrobble/stop", {**body, "progress": 80})["action"] == "pause"
    with pytest.raises(Invalid):
        linked.client().post("/scrobble/stop", {**body, "progress": 0.5})
    assert linked.client().post("/scrobble/stop", {**body, "progress": 81.5})["id"] > 2**53
    with pytest.raises(Conflict) as caught:
        linked.client().post("/scrobble/stop", {**body, "progress": 99.0})
    assert set(caught.value.body) == {"watched_at", "expires_at"}
    linked.client().post("/checkin", body)
    with pytest.raises(Conflict):
        linked.client().post("/scrobble/start", {**body, "progress": 0.0})
    clock.now += timedelta(minutes=121)
    assert linked.client().get("/users/me/watching") is None
    assert [play.action for play in linked.account.plays.values()] == ["scrobble", "checkin"]
