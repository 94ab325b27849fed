"""TMDB asked over a real socket: what is understood, and every way in which it can go wrong."""

import logging
import time
from collections.abc import Iterator
from typing import Any

import pytest

from movies import bundled, search, tmdb
from movies.film import Film
from movies.guarded_source import GuardedSource
from movies.tmdb import NotFound, SourceError, Tmdb
from tests.fake_tmdb import V3_KEY, V4_KEY, FakeTmdb, png

KITCHEN, HOSTILE = 7_000_001, 7_000_002


@pytest.fixture
def fake() -> Iterator[FakeTmdb]:
    with FakeTmdb() as server:
        server.film(
            KITCHEN,
            "Kitchen Table",
            2020,
            genre_ids=[35, 10751, 999],
            overview="Five people, one table.",
            vote_average=7.26,
            poster_path="/kitchen.jpg",
            runtime=95,
        )
        yield server


def client(fake: FakeTmdb, key: str = "") -> Tmdb:
    return Tmdb(key or fake.key, f"{fake.url}/3", fake.url)


@pytest.mark.parametrize("key", [V3_KEY, V4_KEY])
def test_either_kind_of_key_opens_the_door_in_its_own_way(key: str) -> None:
    with FakeTmdb(key) as fake:
        fake.film(KITCHEN, "Kitchen Table")
        assert [film.tmdb_id for film in client(fake).search("kitchen")] == [KITCHEN]
        assert ("api_key" in fake.queries[0]) is (key == V3_KEY)


def test_a_film_of_a_search_has_all_that_its_list_tells(fake: FakeTmdb) -> None:
    assert client(fake).search("kitchen") == [
        Film(
            KITCHEN,
            "Kitchen Table",
            2020,
            None,
            ("Comedy", "Family"),
            "Five people, one table.",
            7.3,
            "/kitchen.jpg",
        )
    ]


def test_a_year_behind_the_title_is_asked_for_as_a_year(fake: FakeTmdb) -> None:
    fake.film(HOSTILE, "Kitchen Table", 1984)
    assert [film.year for film in client(fake).search("kitchen table 1984")] == [1984]


@pytest.mark.parametrize(
    "text", ["tmdb:7000001", "7000001", "https://www.themoviedb.org/movie/7000001-x"]
)
def test_a_link_or_a_long_number_is_asked_by_its_id(fake: FakeTmdb, text: str) -> None:
    (film,) = search(text, [client(fake).search, bundled.search])
    assert (film.title, film.runtime) == ("Kitchen Table", 95)
    assert fake.asked == [f"/3/movie/{KITCHEN}"]


def test_details_choose_the_country_and_the_official_trailer(fake: FakeTmdb) -> None:
    fake.film(
        KITCHEN,
        "Kitchen Table",
        imdb_id="tt7000001",
        backdrop_path="/wide.png",
        release_dates={
            "results": [
                {"iso_3166_1": "US", "release_dates": [{"type": 3, "certification": "PG"}]},
                {
                    "iso_3166_1": "DE",
                    "release_dates": [
                        {"type": 4, "certification": "16"},
                        {"type": 3, "certification": ""},
                        {"type": 3, "certification": "12"},
                    ],
                },
            ]
        },
        videos={
            "results": [
                {"site": "YouTube", "type": "Teaser", "key": "teaser_1"},
                {"site": "YouTube", "type": "Trailer", "key": "fan_made"},
                {"site": "YouTube", "type": "Trailer", "key": "official_1", "official": True},
                {"site": "Elsewhere", "type": "Trailer", "key": "elsewhere", "official": True},
            ]
        },
    )
    found = client(fake).details(KITCHEN, "DE")
    assert (found.certification, found.trailer) == ("12", "official_1")
    assert (found.imdb_id, found.backdrop_path) == ("tt7000001", "/wide.png")
    assert client(fake).details(KITCHEN, "FR").certification is None


@pytest.mark.parametrize(
    "facts",
    [
        {"title": 7},
        {"title": ""},
        {"title": "\u202e \x00"},
        {"title": None},
        {"id": "7"},
        {"id": True},
        {"id": -1},
        {"id": 2**63},
    ],
)
def test_what_is_no_film_is_left_out(fake: FakeTmdb, facts: dict[str, Any]) -> None:
    fake.lists["/trending/movie/week"] = [KITCHEN, HOSTILE]
    fake.films[HOSTILE] = {"id": HOSTILE, "title": "Fine"} | facts
    assert [film.tmdb_id for film in client(fake).listing("trending", "US")] == [KITCHEN]


@pytest.mark.parametrize(
    ("field", "value", "attribute"),
    [
        ("poster_path", "//elsewhere.example/x.jpg", "poster_path"),
        ("poster_path", "/../secret.jpg", "poster_path"),
        ("poster_path", "/logo.svg", "poster_path"),
        ("poster_path", {"a": 1}, "poster_path"),
        ("release_date", "soon", "year"),
        ("release_date", "0001-01-01", "year"),
        ("runtime", -5, "runtime"),
        ("runtime", 1e400, "runtime"),
        ("vote_average", 0, "rating"),
        ("vote_average", "10", "rating"),
    ],
)
def test_a_field_of_nonsense_is_not_known(
    fake: FakeTmdb, field: str, value: Any, attribute: str
) -> None:
    fake.films[KITCHEN] |= {field: value}
    if value == 1e400:  # JSON has no infinity: all of that answer is garbage
        with pytest.raises(SourceError):
            client(fake).details(KITCHEN, "US")
        return
    assert getattr(client(fake).details(KITCHEN, "US").film, attribute) is None


def test_a_title_of_strangers_becomes_one_line_of_plain_text(fake: FakeTmdb) -> None:
    fake.film(HOSTILE, "<b>Kitchen</b>\n\u202eevil\u2066\x07" + "x" * 400)
    title = client(fake).details(HOSTILE, "US").film.title
    assert title.startswith("<b>Kitchen</b> evilxxx")  # the page escapes it
    assert len(title) == 300


FAULTS: dict[str, dict[str, Any]] = {
    "the key is refused": {"status": 401},
    "too often": {"status": 429, "headers": {"Retry-After": "7"}},
    "a server error": {"status": 503},
    "a redirect": {
        "status": 302,
        "headers": {"Location": "/3/movie/1"},
        "body": b'{"id": 7000001, "title": "Kitchen Table", "results": []}',
    },
    "HTML": {"body": b"<html>sign in to this wifi</html>", "mimetype": "text/html"},
    "garbage": {"body": b"\xff\x00{["},
    "a list": {"body": b"[]"},
    "half a body": {"body": b'{"results": [', "claimed": 500},
    "too much": {"body": b" " * (3 * 1024 * 1024)},
    "another film": {"body": b'{"id": 5, "title": "Other"}'},
}


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_goes_wrong_is_no_answer(fake: FakeTmdb, fault: str) -> None:
    fake.fail("/movie/", **FAULTS[fault])
    with pytest.raises(SourceError) as caught:
        client(fake).details(KITCHEN, "US")
    assert caught.value.retry_after == (7 if fault == "too often" else 0)


@pytest.mark.parametrize("fault", sorted(FAULTS.keys() - {"another film"}))
def test_a_search_goes_on_without_a_tmdb_that_fails(fake: FakeTmdb, fault: str) -> None:
    fake.fail("/search/", **FAULTS[fault])
    found = search("the matrix", [client(fake).search, bundled.search])
    assert found[0].tmdb_id == 603


def test_a_film_that_is_not_there_is_not_a_failure(fake: FakeTmdb) -> None:
    with pytest.raises(NotFound):
        client(fake).details(5, "US")


@pytest.mark.parametrize("how", [{"hang": 9.0}, {"drip": 0.2, "body": b"{" * 500}])
def test_a_tmdb_that_keeps_people_waiting_costs_one_search_two_seconds(
    fake: FakeTmdb, how: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert tmdb.SEARCH_DEADLINE <= 2
    monkeypatch.setattr(tmdb, "SEARCH_DEADLINE", 0.2)
    fake.fail("/search/", **how)
    source = GuardedSource(client(fake).search, "TMDB")
    seconds = []
    for _ in range(3):
        began = time.monotonic()
        assert search("the matrix", [source, bundled.search])[0].tmdb_id == 603
        seconds.append(time.monotonic() - began)
    assert seconds[0] < 0.6
    assert max(seconds[1:]) < 0.3
    assert len(fake.asked) == 1


@pytest.mark.parametrize("key", [V3_KEY, V4_KEY])
def test_the_key_is_in_no_log_whatever_happens(
    caplog: pytest.LogCaptureFixture, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tmdb, "SEARCH_DEADLINE", 0.2)
    with FakeTmdb(key) as fake, caplog.at_level(logging.INFO):
        gone = client(fake)
        for how in (*FAULTS.values(), {"hang": 2.0}):
            fake.fail("/search/", **how)
            search("the matrix", [gone.search, bundled.search])
    search("the matrix", [gone.search, bundled.search])  # nobody listens any more
    assert "left out" in caplog.text
    assert key not in caplog.text


def test_an_image_comes_from_its_host_by_its_name_alone(fake: FakeTmdb) -> None:
    assert client(fake).image("/kitchen.jpg", "poster") == png()
    assert fake.asked == ["/t/p/w500/kitchen.jpg"]
    with pytest.raises(NotFound):
        client(fake).image("/../../secret.jpg", "poster")
    fake.fail("/t/p/", body=png() + b"\0" * tmdb.LARGEST_IMAGE, mimetype="image/png")
    with pytest.raises(SourceError):
        client(fake).image("/kitchen.jpg", "poster")
