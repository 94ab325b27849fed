import logging

import pytest

from movies import Film, bundled, search

LOCAL = Film(7_000_001, "Kitchen Table", 2020, 90, ("Drama",))
OTHER = Film(7_000_002, "Kitchen Stories", 2003, None, ())


def broken(text: str) -> list[Film]:
    raise TimeoutError(text)


def test_sources_are_asked_in_order_and_merged_by_id() -> None:
    again = Film(LOCAL.tmdb_id, "Another title of it", None, None, ())
    assert search("kitchen", [lambda _: [LOCAL], lambda _: [again, OTHER]]) == [LOCAL, OTHER]


def test_a_source_that_fails_is_logged_and_left_out(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "movies"):
        assert search("kitchen", [broken, lambda _: [LOCAL]]) == [LOCAL]
    assert "left out" in caplog.text


def test_without_sources_nothing_is_found() -> None:
    assert search("matrix", ()) == []


def test_the_limit_counts_films_of_all_sources() -> None:
    assert search("kitchen", [lambda _: [LOCAL], lambda _: [OTHER]], limit=1) == [LOCAL]


@pytest.mark.parametrize(
    "text", ["https://www.themoviedb.org/movie/603-wrong-slug", "tmdb:603", "/movie/603"]
)
def test_a_link_to_a_known_film_is_that_film(text: str) -> None:
    assert search(text, [bundled.search]) == [bundled.by_id(603)]


def test_a_link_to_an_unknown_film_takes_its_title_from_the_link() -> None:
    link = "https://www.themoviedb.org/movie/7000003-the-long-way-home"
    assert search(link, ()) == [Film(7_000_003, "The Long Way Home", None, None, ())]
    assert search("tmdb:7000003", ()) == [Film(7_000_003, "TMDB film 7000003", None, None, ())]


def test_a_title_that_is_a_number_comes_before_the_film_of_that_id() -> None:
    titled = Film(7_000_004, "603", 2022, None, ())
    assert search("603", [lambda _: [LOCAL, titled]]) == [titled, bundled.by_id(603), LOCAL]


def test_a_title_that_begins_with_a_number_comes_before_the_film_of_that_id() -> None:
    found = search("12", [bundled.search])
    assert [film.title for film in found[:2]] == ["12 Angry Men", "Finding Nemo"]


def test_a_number_that_no_title_equals_names_the_film_of_that_id_first() -> None:
    assert search("603", [lambda _: [LOCAL]]) == [bundled.by_id(603), LOCAL]


def test_a_short_number_of_no_known_film_is_only_a_title() -> None:
    assert [film.title for film in search("1917", [bundled.search])] == ["1917"]
    assert search("300", [lambda _: []]) == []


@pytest.mark.parametrize("tmdb_id", [10_000, 7_000_005])
def test_a_long_number_is_an_id_even_of_an_unknown_film(tmdb_id: int) -> None:
    assert [film.tmdb_id for film in search(str(tmdb_id), [bundled.search])] == [tmdb_id]


@pytest.mark.parametrize("text", ["", "\x00", "\ud800", "9" * 10_000, "%", "x" * 10_000])
def test_strange_text_never_raises(text: str) -> None:
    assert search(text, [bundled.search]) == []
