"""The fake refuses what Trakt refuses; a lenient one would prove nothing."""

import base64
import hashlib
import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.conftest import Clock
from tests.fake_trakt import FakeTrakt, TrackedApp
from tests.fake_trakt.lists import season
from tests.trakt.fakes import Linked
from trakt.errors import AccountLimit, Conflict, Invalid, NotFound, VipOnly
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


@pytest.mark.parametrize(
    "changed",
    [
        {"code_verifier": "w" * 64},
        {"code_verifier": None},
        {"redirect_uri": CALLBACK + "/"},
        {"client_secret": "wrong"},
        {"client_id": None},
        {"client_id": "unknown"},
        {"code": "unknown"},
        {"grant_type": "password"},
    ],
)
def test_an_exchange_must_fit_in_every_point(
    fake_trakt: FakeTrakt, app_of: TrackedApp, changed: dict[str, Any]
) -> None:
    code = code_of(authorize(fake_trakt, app_of.client_id))
    assert exchange(fake_trakt, app_of, **{"code": code, **changed}).status == 400


@pytest.mark.parametrize(
    "changed",
    [
        {"client_id": "unknown"},
        {"redirect_uri": CALLBACK.upper()},
        {"code_challenge": ""},
        {"code_challenge_method": "plain"},
        {"response_type": "token"},
    ],
)
def test_a_wrong_question_is_not_sent_back_to_its_redirect(
    fake_trakt: FakeTrakt, app_of: TrackedApp, changed: dict[str, str]
) -> None:
    query = {"client_id": app_of.client_id, **changed}
    assert authorize(fake_trakt, query.pop("client_id"), **query).status == 400


def test_forms_and_basic_authorization_are_refused(
    fake_trakt: FakeTrakt, app_of: TrackedApp
) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    told = ask(fake_trakt, "/oauth/token", headers=form).json()
    assert told["error_description"] == "client_id is required"
    basic = {"Authorization": "Basic YTpi"}
    body = {"client_id": app_of.client_id, "token": "x"}
    assert ask(fake_trakt, "/oauth/revoke", body, headers=basic).status == 400
    assert ask(fake_trakt, "/oauth/revoke", body).status == 200


def test_a_device_code_goes_through_all_its_statuses(
    fake_trakt: FakeTrakt, app_of: TrackedApp, clock: Clock
) -> None:
    def begin() -> dict[str, Any]:
        told: dict[str, Any] = ask(
            fake_trakt, "/oauth/device/code", {"client_id": app_of.client_id}
        ).json()
        return told

    def poll(code: str) -> int:
        body = {"code": code, "client_id": app_of.client_id}
        return ask(fake_trakt, "/oauth/device/token", body).status

    ana = fake_trakt.accounts["ana-films"]
    first = begin()
    code = first["device_code"]
    assert (poll("unknown"), poll(code), poll(code)) == (404, 400, 429)
    clock.forward(seconds=5)
    assert fake_trakt.decide(first["user_code"], ana)
    assert (poll(code), poll(code)) == (200, 409)
    denied, expired = begin(), begin()
    assert fake_trakt.decide(denied["user_code"], ana, approve=False)
    assert poll(denied["device_code"]) == 418
    clock.forward(seconds=expired["expires_in"])
    assert poll(expired["device_code"]) == 410


def test_the_pages_can_be_used_from_a_browser(fake_trakt: FakeTrakt) -> None:
    app = fake_trakt.register(redirects=[CALLBACK])
    fake_trakt.account("ana-films")
    page = authorize(fake_trakt, app.client_id).body.decode()
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page))
    assert 'value="approve">Allow' in page
    assert "<option>ana-films</option>" in page
    assert fields["redirect_uri"] == CALLBACK


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"User-Agent": "python-requests/2.34"}, 403),
        ({"trakt-api-key": "unknown"}, 403),
        ({"trakt-api-version": "1"}, 400),
        ({"Content-Type": "text/plain"}, 412),
        ({"Authorization": "Bearer unknown"}, 401),
        ({"Authorization": ""}, 401),
    ],
)
def test_a_call_without_its_headers_is_refused(
    linked: Linked, changed: dict[str, str], status: int
) -> None:
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
    refused = http.call("GET", url, hosts=hosts, deadline=5, headers=headers | changed)
    assert refused.status == status


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


def test_a_list_has_the_room_of_its_plan(linked: Linked) -> None:
    films = [linked.trakt.film(number, f"Film {number}") for number in range(251)]
    body: dict[str, Any] = {"movies": [film.short() for film in films[:250]]}
    assert linked.client().post("/sync/watchlist", body)["added"]["movies"] == 250
    assert linked.client().post("/sync/watchlist", body)["existing"]["movies"] == 250
    with pytest.raises(AccountLimit):
        linked.client().post("/sync/watchlist", {"movies": [films[250].short()]})
    with pytest.raises(VipOnly):
        linked.client().post("/sync/watchlist", {"movies": [films[0].short() | {"notes": "x"}]})


def test_a_list_is_found_by_id_or_slug_for_its_owner_alone(linked: Linked) -> None:
    film, street = linked.trakt.film(1, "What Now?"), linked.trakt.show(1, "Harbour Street")
    theirs = linked.account.make_list("My Movies", [season(street, 1), street])
    linked.trakt.account("ben-watches").make_list("Not Ana's")
    path = "/users/me/lists/my-movies/items"
    before = linked.client().get("/sync/last_activities")["lists"]["updated_at"]
    told = linked.client().post(path, {"movies": [film.short(), {"ids": {"trakt": 7}}]})
    assert (told["added"]["movies"], told["list"]["item_count"]) == (1, 3)
    assert told["not_found"]["movies"] == [{"ids": {"trakt": 7}}]
    assert linked.client().get("/sync/last_activities")["lists"]["updated_at"] > before
    shown = linked.client().get(f"/users/me/lists/{theirs.trakt}/items")
    assert [(item["rank"], item["type"]) for item in shown] == [(1, "season"), (2, "show"),
                                                                (3, "movie")]  # fmt: skip
    assert shown[0]["show"] == shown[1]["show"]
    for words, ranks in (("movie,show", [2, 3]), ("movies", [3]), ("season", [1])):
        assert [item["rank"] for item in linked.client().get(f"{path}/{words}")] == ranks
    for unknown in ("not-ana's", "my-movie", "1"):
        with pytest.raises(NotFound):
            linked.client().get(f"/users/me/lists/{unknown}/items")
    with pytest.raises(VipOnly):
        linked.client().post(path, {"movies": [film.short() | {"notes": "x"}]})


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


def test_recommendations_are_flat_and_can_be_hidden(linked: Linked) -> None:
    films = [linked.trakt.film(number, f"Film {number}") for number in range(3)]
    linked.account.recommended = films
    linked.account.watch(films[0])
    shown = linked.client().get("/recommendations/movies", ignore_watched=True)
    assert [film["title"] for film in shown] == ["Film 1", "Film 2"]
    linked.client().delete(f"/recommendations/movies/{films[1].trakt}")
    shown = linked.client().get("/recommendations/movies", extended="full")
    assert [film["runtime"] for film in shown] == [100, 100]


def test_search_takes_operators_only_when_they_are_escaped(linked: Linked) -> None:
    linked.trakt.film(1, "What Now?")
    linked.trakt.show(1, "What Now? The Series")
    with pytest.raises(Invalid):
        linked.client().get("/search/movie", query="what now?")
    found = linked.client().get("/search/movie", query="what now\\?")
    assert [hit["movie"]["ids"]["tmdb"] for hit in found] == [1]
    assert linked.client().get("/search/movie/exact", query="What Now?") == [
        {**found[0], "score": 42.5}
    ]
    assert [hit["type"] for hit in linked.client().get("/search/tmdb/1")] == ["movie", "show"]
    assert linked.client().get("/search/tmdb/2", type="movie") == []


@pytest.mark.parametrize(
    ("words", "kinds"),
    [("movie", ["movie"]), ("show", ["show"]), ("movie,show", ["movie", "show"]), ("person", [])],
)
def test_search_wraps_each_hit_by_its_type(linked: Linked, words: str, kinds: list[str]) -> None:
    linked.trakt.film(1, "Harbour Street")
    linked.trakt.show(1, "Harbour Street")
    for path in (f"/search/{words}", f"/search/{words}/exact"):
        found = linked.client().get(path, query="harbour street")
        assert [hit["type"] for hit in found] == kinds
        assert [hit[hit["type"]]["title"] for hit in found] == ["Harbour Street"] * len(kinds)
