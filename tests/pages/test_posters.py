"""Posters and backdrops: drawn until the real ones have come; no request waits for them."""

import logging
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Household
from tests.fake_tmdb import FakeTmdb, png

MATRIX, OURS = 603, 987654321
POSTER = f"/posters/film/{MATRIX}"
Fetch = Callable[[], None]


@pytest.fixture
def matrix(tmdb: FakeTmdb) -> FakeTmdb:
    tmdb.film(MATRIX, "The Matrix", 1999, poster_path="/m.png", backdrop_path="/wide.png")
    return tmdb


def test_the_card_is_drawn_until_the_poster_is_there(
    matrix: FakeTmdb, household: Household, fetch: Fetch
) -> None:
    drawn = household.ana.client.get(POSTER)
    assert drawn.mimetype == "image/svg+xml"
    assert drawn.headers["Cache-Control"] == "no-store"
    assert matrix.asked == []
    fetch()
    real = household.ana.client.get(POSTER)
    assert (real.mimetype, real.data) == ("image/png", png())
    assert real.headers["Cache-Control"] == "private, max-age=2592000"
    assert real.headers["X-Content-Type-Options"] == "nosniff"
    again = household.ana.client.get(POSTER, headers={"If-None-Match": real.headers["ETag"]})
    assert again.status_code == 304


def test_what_is_cached_is_asked_for_only_once(
    matrix: FakeTmdb, household: Household, fetch: Fetch
) -> None:
    for _ in range(3):
        household.ana.client.get(POSTER)
        household.ben.client.get(f"/films/{MATRIX}")
        fetch()
    assert sorted(matrix.asked) == ["/3/movie/603", "/t/p/w1280/wide.png", "/t/p/w500/m.png"]


def test_a_backdrop_is_shown_once_it_is_there(
    matrix: FakeTmdb, household: Household, fetch: Fetch
) -> None:
    url = f"/backdrops/{MATRIX}"
    assert household.ana.client.get(url).status_code == 404
    assert url not in household.ana.page(f"/films/{MATRIX}")
    fetch()
    assert household.ana.client.get(url).data == png()
    assert f'src="{url}"' in household.ana.page(f"/films/{MATRIX}")


def test_screens_learn_that_the_poster_of_a_nomination_has_come(
    matrix: FakeTmdb, household: Household, fetch: Fetch
) -> None:
    household.nominate(MATRIX)
    before = household.ana.state()["version"]
    fetch()
    assert household.ana.state()["version"] > before
    assert household.ana.client.get(POSTER).mimetype == "image/png"


def test_a_poster_of_a_film_that_was_only_found_needs_no_details(
    tmdb: FakeTmdb, household: Household, fetch: Fetch
) -> None:
    tmdb.film(OURS, "Our Holiday", poster_path="/o.png")
    household.ana.page("/search?q=our+holiday")
    household.ana.client.get(f"/posters/film/{OURS}")
    fetch()
    assert household.ana.client.get(f"/posters/film/{OURS}").data == png()
    assert f"/3/movie/{OURS}" not in tmdb.asked


def test_a_show_has_a_poster_too(tmdb: FakeTmdb, household: Household, fetch: Fetch) -> None:
    tmdb.shows[42], tmdb.images["/show.png"] = "/show.png", png()
    household.ana.client.get("/posters/show/42")
    fetch()
    assert household.ana.client.get("/posters/show/42").data == png()


BAD: dict[str, dict[str, Any]] = {
    "SVG": {"body": b'<svg xmlns="http://www.w3.org/2000/svg"/>', "mimetype": "image/png"},
    "HTML": {"body": b"<html><script>go()</script>", "mimetype": "image/jpeg"},
    "huge": {"body": png() + b"\0" * (5 * 1024 * 1024)},
    "elsewhere": {"status": 302, "headers": {"Location": "/t/p/w500/other.png"}},
    "half": {"body": png()[:40], "claimed": len(png())},
    "half, and it does not say so": {"body": png()[:40]},
    "gone": {"status": 404},
    "failing": {"status": 500},
}


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_image_leaves_the_drawn_card(
    matrix: FakeTmdb, household: Household, fetch: Fetch, bad: str
) -> None:
    matrix.images["/other.png"] = png()
    matrix.fail("/t/p/", **BAD[bad])
    for _ in range(2):
        assert household.ana.client.get(POSTER).mimetype == "image/svg+xml"
        fetch()
    answer = household.ana.client.get(POSTER)
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert "/t/p/w500/other.png" not in matrix.asked
    assert matrix.asked.count("/t/p/w500/m.png") == 1  # not again and again
    assert household.ana.ask(f"/films/{MATRIX}").get_json()["poster"] == POSTER


def test_a_film_that_nobody_has_heard_of_is_asked_for_once(
    tmdb: FakeTmdb, household: Household, fetch: Fetch
) -> None:
    for _ in range(3):
        household.ana.client.get(f"/posters/film/{OURS}")
        fetch()
    assert tmdb.asked == [f"/3/movie/{OURS}"]


def test_a_full_disk_is_a_drawn_card(
    matrix: FakeTmdb,
    household: Household,
    fetch: Fetch,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_args: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("movies.image_cache.ImageCache._write", full)
    household.ana.client.get(POSTER)
    with caplog.at_level(logging.WARNING):
        fetch()
    assert "No space" in caplog.text
    assert household.ana.client.get(POSTER).mimetype == "image/svg+xml"


@pytest.mark.parametrize(
    "url", ["/posters/film/..%2f..%2fmovie-night.db", "/backdrops/0", "/backdrops/x"]
)
def test_nothing_but_an_id_names_a_file(tmdb: FakeTmdb, household: Household, url: str) -> None:
    assert household.ana.client.get(url).status_code == 404
