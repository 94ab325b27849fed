"""The client against the fake: what each answer means, what is tried again, what never is."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.fake_trakt import FakeTrakt, Title, faults
from tests.trakt.fakes import Linked, Waits, application
from trakt import errors, pacing, pages
from trakt.client import DEADLINE, LONGEST_WAIT, Client
from utils import instants, messages

SETTINGS, WATCHED, HISTORY = "/users/settings", "/sync/watched/movies", "/sync/history"

ANSWERS: list[tuple[faults.Fault, type[errors.TraktError], bool]] = [
    (faults.answer(400), errors.Invalid, True),
    (faults.answer(401), errors.LinkRevoked, True),
    (faults.answer(403, body=""), errors.AppRefused, True),
    (faults.answer(403, '{"error": "x"}', "application/json"), errors.AppRefused, True),
    (faults.answer(403), errors.Blocked, False),
    (faults.answer(404), errors.NotFound, True),
    (faults.answer(405), errors.Invalid, True),
    (faults.answer(409), errors.Conflict, True),
    (faults.answer(412, body=""), errors.Invalid, True),
    (faults.answer(418, body=""), errors.Invalid, True),
    (faults.answer(420, body=""), errors.AccountLimit, True),
    (faults.answer(420, body="", X_Account_Limit="250"), errors.AccountLimit, True),
    (faults.answer(422, '{"errors": {}}', "application/json"), errors.Invalid, True),
    (faults.answer(423, body=""), errors.Locked, True),
    (faults.answer(426, body=""), errors.VipOnly, True),
    (faults.answer(429), errors.SlowDown, False),
    (faults.answer(500), errors.Unavailable, False),
    (faults.answer(503), errors.Unavailable, False),
    (faults.answer(520), errors.Unavailable, False),
    (faults.answer(302, Location="/elsewhere"), errors.InvalidResponse, False),
    (faults.garbage(), errors.InvalidResponse, False),
    (faults.garbage(""), errors.InvalidResponse, False),
    (faults.garbage('{"user": NaN}'), errors.InvalidResponse, False),
    (faults.cut(), errors.Unavailable, False),
    (faults.refused(), errors.Unavailable, False),
]


@pytest.fixture
def film(fake_trakt: FakeTrakt) -> Title:
    return fake_trakt.film(603, "The Lighthouse Keeper", 1999)


def test_a_call_brings_all_that_trakt_demands_and_the_answer_back(linked: Linked) -> None:
    assert linked.client().get(SETTINGS)["user"]["username"] == "ana-films"
    assert linked.client().get("/users/me/watching") is None
    assert linked.asked == [None, None]


@pytest.mark.parametrize(("fault", "kind", "permanent"), ANSWERS)
def test_every_answer_has_its_error(
    linked: Linked, fault: faults.Fault, kind: type[errors.TraktError], permanent: bool
) -> None:
    linked.trakt.fail("/", fault, times=20)
    calls: list[Callable[[], Any]] = [
        lambda: linked.client().get(SETTINGS),
        lambda: linked.client().post("/sync/history/remove", {"ids": [1]}),
    ]
    if not fault.edit and fault.delivery != "cut":  # a 204 has no body that could be wrong
        calls.append(lambda: linked.client().delete("/checkin"))
    for number, call in enumerate(calls):
        with pytest.raises(errors.TraktError) as caught:
            call()
        assert type(caught.value) is kind
        assert caught.value.permanent is permanent
        is_unknown = not permanent and kind not in (errors.Blocked, errors.SlowDown)
        if fault.instead is None or fault.instead.status != 302:
            assert caught.value.may_have_arrived is (number > 0 and is_unknown)


def test_each_error_has_a_sentence_and_a_place_in_the_guide_of_its_own() -> None:
    kinds: list[type[errors.TraktError]] = [*errors.TraktError.__subclasses__(), errors.Blocked]
    assert len({messages.trakt(kind.code) for kind in kinds}) == len(kinds) == 13
    assert len({messages.guide_anchor(kind.code) for kind in kinds}) == len(kinds)
    assert messages.trakt("as old as the hills") == messages.trakt("garbage")


@pytest.mark.parametrize(
    ("status", "tries"),
    [(500, 2), (502, 4), (503, 4), (504, 4), (522, 4), (403, 1), (404, 1), (420, 1)],
)
def test_a_read_is_tried_again_as_its_failure_deserves(
    linked: Linked, waits: Waits, status: int, tries: int
) -> None:
    linked.trakt.fail(SETTINGS, faults.answer(status), times=9)
    with pytest.raises(errors.TraktError):
        linked.client(DEADLINE).get(SETTINGS)
    assert linked.trakt.count(SETTINGS) == tries
    assert len(waits.slept) == tries - 1
    assert sorted(waits.slept) == waits.slept


@pytest.mark.parametrize(
    "fault", [faults.answer(503), faults.answer(500), faults.cut(), faults.refused()]
)
def test_a_read_that_succeeds_the_second_time_tells_nobody(
    linked: Linked, fault: faults.Fault
) -> None:
    linked.trakt.fail(SETTINGS, fault)
    assert linked.client().get(SETTINGS)["user"]["username"] == "ana-films"


@pytest.mark.parametrize(
    "fault", [faults.lost(), faults.cut(), faults.after(502), faults.after(500), faults.garbage()]
)
def test_a_write_with_an_unknown_outcome_is_not_sent_again(
    linked: Linked, film: Title, fault: faults.Fault
) -> None:
    linked.trakt.fail(HISTORY, fault)
    with pytest.raises(errors.TraktError) as caught:
        linked.client().post(HISTORY, {"movies": [{"ids": {"tmdb": film.tmdb}}]})
    assert caught.value.may_have_arrived
    assert len(linked.account.plays) == linked.trakt.count(HISTORY) == 1


def test_a_write_that_never_left_is_known_not_to_have_arrived(
    linked: Linked, fake_trakt: FakeTrakt
) -> None:
    client = linked.client()
    fake_trakt.stop()
    with pytest.raises(errors.Unavailable) as caught:
        client.post(HISTORY, {"movies": []})
    assert not caught.value.may_have_arrived


@pytest.mark.parametrize("fault", [faults.hang(5), faults.drip(0.05)])
def test_no_call_outlasts_its_deadline(linked: Linked, fault: faults.Fault) -> None:
    linked.trakt.fail("/", fault, times=9)
    start = time.monotonic()
    with pytest.raises(errors.Unavailable):
        linked.client(deadline=0.2).get(SETTINGS)
    with pytest.raises(errors.Unavailable):
        linked.client(deadline=0.2).auth("/oauth/revoke", {})
    assert time.monotonic() - start < 1


def test_pauses_between_tries_end_with_the_deadline(linked: Linked, waits: Waits) -> None:
    linked.trakt.fail(SETTINGS, faults.answer(503, Retry_After="3"), times=9)
    with pytest.raises(errors.Unavailable):
        linked.client(deadline=5).get(SETTINGS)
    assert waits.slept == [3.0]
    assert linked.trakt.count(SETTINGS) == 2


def test_a_longer_wait_than_the_cap_is_left_to_the_caller(linked: Linked, waits: Waits) -> None:
    linked.trakt.fail(SETTINGS, faults.answer(503, Retry_After=f"{LONGEST_WAIT + 1:.0f}"))
    with pytest.raises(errors.Unavailable) as caught:
        linked.client(DEADLINE).get(SETTINGS)
    assert caught.value.retry_after == LONGEST_WAIT + 1
    assert waits.slept == []


def test_a_token_that_cannot_be_had_ends_the_call_at_once(linked: Linked, waits: Waits) -> None:
    asked: list[str | None] = []

    def no_token(stale: str | None) -> str:
        asked.append(stale)
        raise errors.Unavailable("the refresh was lost", may_have_arrived=True)

    client = Client(application(linked.trakt, linked.app), no_token, user_id=1)
    with pytest.raises(errors.Unavailable):
        client.get(SETTINGS)
    with pytest.raises(errors.Unavailable) as caught:
        client.post(HISTORY, {"movies": []})
    assert not caught.value.may_have_arrived
    assert (asked, waits.slept, linked.trakt.log) == ([None, None], [], [])


def test_an_access_token_that_died_is_replaced_once_and_the_call_made_again(
    linked: Linked, film: Title
) -> None:
    client = linked.client()
    client.get(SETTINGS)
    linked.trakt.expire()
    client.post(HISTORY, {"movies": [{"ids": {"trakt": film.trakt}}]})
    old = linked.trakt.grants[0].access
    assert linked.asked == [None, None, old]
    assert len(linked.account.plays) == 1


def test_a_token_that_is_refused_twice_means_reconnect(linked: Linked) -> None:
    linked.trakt.fail(SETTINGS, faults.answer(401, body=""), times=9)
    with pytest.raises(errors.LinkRevoked):
        linked.client().get(SETTINGS)
    assert linked.trakt.count(SETTINGS) == 2
    assert [stale is None for stale in linked.asked] == [True, False]


def test_a_token_dying_between_pages_loses_none(linked: Linked) -> None:
    watch(linked, 600)
    linked.trakt.fail(WATCHED, faults.shifting(linked.trakt.expire))
    assert [len(page) for page in linked.client().pages(WATCHED)] == [250, 250, 100]
    assert len(linked.trakt.grants) == 2


@pytest.mark.parametrize("body", [None, "3", "3.5", "later", "-1", "9" * 4000])
def test_trakt_says_how_long_to_wait_if_it_likes(
    linked: Linked, waits: Waits, film: Title, body: str | None
) -> None:
    headers = {"Retry_After": body} if body else {}
    linked.trakt.fail(HISTORY, faults.answer(429, **headers))
    play = {"movies": [{"ids": {"tmdb": film.tmdb}}]}
    if body and len(body) > 100:
        with pytest.raises(errors.SlowDown) as caught:
            linked.client(DEADLINE).post(HISTORY, play)
        assert caught.value.retry_after
        assert LONGEST_WAIT < caught.value.retry_after < 1e9
        assert linked.account.plays == {}
        waits.sleep(pacing.LONGEST_HOLD)
        linked.client().post(HISTORY, play)
        return
    linked.client(DEADLINE).post(HISTORY, play)
    assert len(linked.account.plays) == 1
    assert sum(waits.slept) == pytest.approx(3.0 if body == "3" else 0.7, abs=0.5)


def test_a_date_to_wait_for_is_understood(linked: Linked, waits: Waits, clock: Any) -> None:
    until = instants.now() + timedelta(seconds=4)
    linked.trakt.fail(
        SETTINGS, faults.answer(429, Retry_After=until.strftime("%a, %d %b %Y %H:%M:%S GMT"))
    )
    linked.client(DEADLINE).get(SETTINGS)
    assert sum(waits.slept) == pytest.approx(4.0, abs=0.1)


def test_a_member_who_must_wait_does_not_knock_meanwhile_and_others_may(
    linked: Linked, waits: Waits
) -> None:
    linked.trakt.fail(SETTINGS, faults.answer(429, Retry_After="300"))
    for _ in range(2):
        with pytest.raises(errors.SlowDown) as caught:
            linked.client().get(SETTINGS)
        assert caught.value.retry_after == pytest.approx(300, abs=1)
    assert linked.trakt.count(SETTINGS) == 1
    linked.client(member=2).get(SETTINGS)
    waits.sleep(301)
    linked.client().get(SETTINGS)


def test_a_running_check_in_is_told_with_its_end(linked: Linked, film: Title) -> None:
    client = linked.client()
    client.post("/checkin", {"movie": film.short()})
    with pytest.raises(errors.Conflict) as caught:
        client.post("/checkin", {"movie": film.short()})
    end = instants.from_text(caught.value.body["expires_at"])
    assert timedelta(minutes=99) < end - instants.now() <= timedelta(minutes=100)


def test_writes_leave_a_second_apart_for_each_member(
    waits: Waits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pacing, "monotonic", lambda: 1000.0)
    threads = [
        threading.Thread(target=pacing.writes.turn, args=(member, DEADLINE))
        for member in (1, 1, 2, 1, 2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    second = pacing.writes.period
    assert sorted(waits.slept) == pytest.approx([second, second, 2 * second])
    assert 1.0 < second < 1.1


def test_a_queue_longer_than_the_deadline_is_refused_at_once(linked: Linked, waits: Waits) -> None:
    client = linked.client(deadline=0.5)
    client.delete("/checkin")
    with pytest.raises(errors.SlowDown):
        client.delete("/checkin")
    assert waits.slept == []
    assert linked.trakt.count("/checkin") == 1


def test_whoever_comes_too_fast_waits_as_told_and_loses_no_write(
    linked: Linked, waits: Waits, film: Title, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when somebody else writes to the same account."""
    monkeypatch.setattr(pacing, "writes", pacing.Pace(1, 0.0))
    linked.trakt.limits.clock, linked.trakt.limits.speed = waits.monotonic, 1.0
    for _ in range(3):
        linked.client(DEADLINE).post(HISTORY, {"movies": [{"ids": {"tmdb": film.tmdb}}]})
    assert len(linked.account.plays) == 3
    assert [entry.status for entry in linked.trakt.log] == [201, 429, 201, 429, 201]
    assert waits.slept == pytest.approx([1.0, 1.0], abs=0.1)


def test_reads_wait_for_their_five_minutes_in_the_background_only(
    linked: Linked, waits: Waits, small_pages: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pacing, "reads", pacing.Pace(3, 300.0))
    watch(linked, 35)
    assert sum(len(page) for page in linked.client().pages(WATCHED)) == 35
    assert waits.slept == [pytest.approx(300, abs=5)]
    linked.client().get(SETTINGS)
    linked.client().get(SETTINGS)
    with pytest.raises(errors.SlowDown):
        linked.client().get(SETTINGS)


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "LIMIT", 10)


def watch(linked: Linked, count: int) -> list[Title]:
    films = [linked.trakt.film(number, f"Film {number}") for number in range(1000, 1000 + count)]
    for film in films:
        linked.account.watch(film)
    return films


@pytest.mark.parametrize(
    "when", ["Tue, 17 Nov 2026 11:59:00 GMT", "Tue, 17 Nov 2026 12:00:03 -0000"]
)
def test_a_date_that_is_past_or_names_no_zone_is_understood(
    linked: Linked, waits: Waits, clock: Any, when: str
) -> None:
    linked.trakt.fail(SETTINGS, faults.answer(503, Retry_After=when))
    linked.client(DEADLINE).get(SETTINGS)
    assert waits.slept in ([0.0], [3.0])


@pytest.mark.parametrize(("count", "requests"), [(0, 1), (1, 1), (250, 1), (251, 2), (750, 3)])
def test_a_list_comes_whole_in_as_few_pages_as_there_are(
    linked: Linked, count: int, requests: int
) -> None:
    films = watch(linked, count)
    listed = linked.client().pages(WATCHED, extended="full", start_at=None)
    found = [row["movie"]["ids"]["trakt"] for page in listed for row in page]
    assert sorted(found) == [film.trakt for film in films]
    assert listed.count == count
    entries = linked.trakt.requests(WATCHED)
    assert [entry.query for entry in entries] == [
        {"extended": "full", "page": str(page), "limit": "250"} for page in range(1, requests + 1)
    ]


def test_pages_that_do_not_add_up_are_garbage(
    linked: Linked, small_pages: None, subtests: pytest.Subtests
) -> None:
    watch(linked, 24)
    for fault in [
        faults.empty_page(),
        faults.short_page(),
        faults.garbage("{}"),
        faults.garbage(),
        faults.lying(Item_Count="23"),
        faults.lying(Item_Count="25", Page_Count="2"),
        faults.lying(Page_Count="2"),
        faults.lying(Page="1"),
        faults.lying(Limit="5"),
        faults.lying(Item_Count=""),
        faults.lying(Item_Count="2e1"),
    ]:
        for page in (2, 3):
            linked.trakt.fail(WATCHED, *[faults.Fault()] * (page - 1), fault)
            with subtests.test(fault=fault, page=page), pytest.raises(errors.InvalidResponse):
                list(linked.client().pages(WATCHED))


@pytest.mark.parametrize(
    "fault",
    [
        faults.lying(Item_Count="0"),
        faults.lying(Item_Count="0", Page_Count="0"),
        faults.lying(Item_Count="999999990", Page_Count="99999999"),
        faults.lying(Item_Count="9" * 5000),
        faults.garbage('"0123456789"'),
        faults.lying(Item_Count="24", Limit="0", Page_Count="0"),
        faults.lying(Item_Count="0", Limit="0", Page_Count="0"),
        faults.empty_page(),
        faults.lying(Item_Count="", Page_Count="", Limit="", Page=""),
    ],
)
def test_a_first_page_that_lies_is_garbage_before_its_rows_are_used(
    linked: Linked, small_pages: None, fault: faults.Fault
) -> None:
    watch(linked, 24)
    linked.trakt.fail(WATCHED, fault)
    listed = linked.client().pages(WATCHED)
    with pytest.raises(errors.InvalidResponse):
        next(listed)


def test_a_list_that_moves_while_it_is_read_is_read_again_later(
    linked: Linked, small_pages: None
) -> None:
    films = watch(linked, 24)
    more = linked.trakt.film(5, "One more")
    for change in (lambda: linked.account.watch(more), lambda: linked.account.forget_all(films[0])):
        linked.trakt.fail(WATCHED, faults.shifting(change))
        with pytest.raises(errors.InvalidResponse):
            list(linked.client().pages(WATCHED))
    assert sum(len(page) for page in linked.client().pages(WATCHED)) == 24


def test_the_auth_host_gets_json_without_a_bearer_and_leaves_the_status_to_the_caller(
    linked: Linked,
) -> None:
    body = {"client_id": linked.app.client_id}
    answer = linked.client().auth("/oauth/device/code", body)
    assert answer.status == 200
    pending = {**body, "code": answer.json()["device_code"]}
    assert linked.client().auth("/oauth/device/token", pending).status == 400
    assert linked.client().auth("/oauth/device/token", {**body, "code": "none"}).status == 404
    assert linked.asked == []


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (faults.answer(503), errors.Unavailable),
        (faults.answer(403), errors.Blocked),
        (faults.answer(423, body=""), errors.Locked),
        (faults.lost(), errors.Unavailable),
    ],
)
def test_the_auth_host_is_asked_once(linked: Linked, fault: faults.Fault, kind: type[Any]) -> None:
    linked.trakt.fail("/oauth", fault)
    with pytest.raises(kind) as caught:
        linked.client().auth("/oauth/device/code", {"client_id": linked.app.client_id})
    assert caught.value.may_have_arrived is (kind is errors.Unavailable)
    assert linked.trakt.count("/oauth") == 1


@pytest.mark.parametrize("path", ["@127.0.0.1:9/", ".example.test/", "\\@x"])
def test_no_path_leads_to_another_host(linked: Linked, path: str) -> None:
    with pytest.raises(ValueError, match="not a host"):
        linked.client().get(path)
    assert linked.trakt.log == []


def test_a_removed_app_is_told_from_a_gatekeeper(linked: Linked) -> None:
    linked.app.removed = True
    with pytest.raises(errors.AppRefused):
        linked.client().get(SETTINGS)
    mine = application(linked.trakt, linked.app)
    with pytest.raises(errors.AppRefused):
        Client(replace(mine, client_id="unknown")).get("/movies/trending")


def test_errors_name_no_token(linked: Linked) -> None:
    linked.trakt.fail("/", faults.answer(503), faults.cut(), times=9)
    with pytest.raises(errors.Unavailable) as caught:
        linked.client().get(SETTINGS)
    told = f"{caught.value!r} {caught.value} {caught.value.__cause__!r} {linked.client()!r}"
    assert not any(secret in told for secret in linked.trakt.secrets)
