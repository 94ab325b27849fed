"""Bad input at the household's doors: a sentence, the right status, nothing changed."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

import db
from tests.conftest import Household, Person

# Each door and a body that it would take.
DOORS: dict[str, dict[str, Any]] = {
    "/who": {"member_id": 4, "pin": ""},
    "/setup": {"code": "abcdefghjkmn", "name": "Finn", "icon": "🐙", "pin": "5937"},
    "/settings/icon": {"icon": "🐙"},
    "/settings/pin": {"pin": "5937", "current_pin": "4821"},
    "/admin/members": {"name": "Finn", "icon": "🐙", "pin": "5937", "admin": True},
    "/admin/members/3/rename": {"name": "Clio"},
    "/admin/members/3/pin": {"pin": "5937"},
    "/admin/members/2/role": {"admin": True},
    "/admin/schedule": {"zone": "UTC", "nominating": 0, "voting": 4000, "results": 7000},
    "/admin/country": {"country": "DE"},
    "/admin/limits": {"max_nominations": 2, "max_votes": 3, "own_votes": True},
}
# Values that no field of any kind takes.
NONSENSE: list[Any] = [
    {"a": 1},
    [[]],
    [1, 2],
    3.7,
    -1,
    2**63,
    10**40,
    "\ud800",
    "a\x00b",
    "9" * 5000,
]
BROKEN = {
    "no JSON": b"{",
    "no UTF-8": b'{"name": "\xff"}',
    "a list": b"[]",
    "a number": b"7",
    "NaN": b'{"member_id": NaN, "name": NaN}',
    "infinite": b'{"member_id": -Infinity}',
    "deep": b"[" * 100_000,
    "deep inside": b'{"name": ' + b"[" * 100_000,
}


@pytest.fixture
def unchanged(household: Household) -> Callable[[], None]:
    """Call it to see that nobody has changed the database since the test began."""

    def dump() -> list[str]:
        with household.app.app_context():
            return list(db.get_db().iterdump())

    household.ana.state()
    before = dump()

    def compare() -> None:
        assert dump() == before

    return compare


def raw(person: Person, url: str, body: bytes, mimetype: str = "application/json") -> TestResponse:
    headers = {"Accept": "application/json", "X-CSRFToken": person.token}
    return person.client.post(url, data=body, content_type=mimetype, headers=headers)


def is_sentence(answer: TestResponse) -> bool:
    error = answer.get_json()["error"]
    return set(error) == {"code", "message"} and error["message"].endswith((".", "”"))


X: list[str] = [url for url in DOORS if url != "/setup"]


def test_a_value_that_no_field_takes_is_refused(
    household: Household, unchanged: Callable[[], None], subtests: pytest.Subtests
) -> None:
    for url in X:
        with subtests.test(url=url):
            for field in DOORS[url]:
                for value in NONSENSE:
                    body = json.dumps(DOORS[url] | {field: value}).encode()
                    answer = raw(household.ana, url, body)
                    assert answer.status_code in (400, 422), (field, value, answer.text)
                    assert is_sentence(answer), answer.text
            unchanged()


def test_a_body_that_is_no_object_of_json_is_refused(
    household: Household, unchanged: Callable[[], None], subtests: pytest.Subtests
) -> None:
    for broken in BROKEN:
        with subtests.test(broken=broken):
            for url in DOORS:
                answer = raw(household.ana, url, BROKEN[broken])
                assert (url, answer.status_code) == (url, 400)
                assert is_sentence(answer)
            unchanged()


def test_a_body_too_big_to_read_is_413(household: Household, unchanged: Callable[[], None]) -> None:
    ten_megabytes = b"name=" + b"x" * 10_000_000
    for url in DOORS:
        for mimetype in ("application/json", "application/x-www-form-urlencoded"):
            answer = raw(household.ana, url, ten_megabytes, mimetype)
            assert (url, answer.status_code) == (url, 413)
            assert is_sentence(answer)
    unchanged()


def test_a_body_without_the_fields_is_refused(
    household: Household, unchanged: Callable[[], None]
) -> None:
    for url in DOORS.keys() - {"/admin/schedule"}:  # where what is left out stays as it is
        for body in (b"", b"{}", b'{"unknown": 1}'):
            assert (url, raw(household.ana, url, body).status_code) == (url, 400)
        form = "application/x-www-form-urlencoded"
        assert (url, raw(household.ana, url, b"", form).status_code) == (url, 400)
    unchanged()


def test_an_empty_body_of_a_kind_that_no_form_has_is_refused(
    household: Household, unchanged: Callable[[], None]
) -> None:
    for url in DOORS:
        assert (url, raw(household.ana, url, b"", "text/plain").status_code) == (url, 415)
    unchanged()


def test_a_file_where_a_text_belongs_is_a_missing_field(
    household: Household, unchanged: Callable[[], None]
) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="name"; filename="a"\r\n\r\nFinn\r\n--x--'
    for url in DOORS.keys() - {"/admin/schedule"}:
        answer = raw(household.ana, url, part + b"\r\n", "multipart/form-data; boundary=x")
        assert (url, answer.get_json()["error"]["code"]) == (url, "missing_field")
    unchanged()


def test_a_hostile_query_is_a_page_like_any_other(household: Household) -> None:
    for value in ("2" * 400, "%00", "%ff", "%ed%a0%80", "<script>", "-1", "x" * 9000):
        for query in ("/who?member=", "/setup?code=", "/search?q=", "/admin?x=", "/settings?x="):
            for person in (household.ana, household.stranger):
                answer = person.client.get(query + value)
                assert answer.status_code in (200, 303)
                assert "<script>" not in answer.text
                assert "\0" not in answer.text


def test_a_cookie_of_nonsense_is_nobody(household: Household) -> None:
    for value in ("nonsense", "a.b.c", "eyJfdXNlcl9pZCI6IjEifQ.aaaaaa.bbbb", "\x7f" * 50):
        visitor = Person(household.app)
        visitor.client.set_cookie("movie_night", value)
        assert visitor.ask("/api/state").status_code == 401
        assert visitor.client.get("/who").status_code == 200


def test_a_refused_page_answers_in_the_status_of_its_refusal(household: Household) -> None:
    for url, fields, status in (
        ("/who", {"member_id": "x"}, 400),
        ("/who", {"member_id": "99"}, 404),
        ("/settings/pin", {"pin": "1234", "current_pin": "4821"}, 422),
        ("/admin/members", {"name": "Ana"}, 409),
        ("/admin/members/99/rename", {"name": "Finn"}, 404),
        ("/admin/limits", {"max_nominations": "0", "max_votes": "x"}, 422),
        ("/admin/schedule", {"zone": "<b>"}, 422),
        ("/setup", {"code": "x"}, 409),
    ):
        answer = household.ana.submit(url, **fields)
        assert (url, answer.status_code) == (url, status)
        assert 'class="notice notice--error"' in answer.text
        assert "<b>" not in answer.text


# The fields that only say which page to answer with.
WAYS_BACK: dict[str, dict[str, Any]] = {
    "/films/603/rating": {"rating": 8, "week": 7},
    "/watchlist/film/603": {"back": 7},
    "/discover/film/603/hide": {"back": 7},
}


def test_a_way_back_that_makes_no_sense_is_refused_before_anything_changes(
    household: Household, unchanged: Callable[[], None], subtests: pytest.Subtests
) -> None:
    for url in WAYS_BACK:
        with subtests.test(url=url):
            answer = household.ana.send(url, **WAYS_BACK[url])
            assert (answer.status_code, answer.get_json()["error"]["code"]) == (400, "not_text")
            unchanged()
