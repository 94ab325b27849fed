"""Which film the name of a file means."""

import time

import pytest

from movies import bundled, file_names, search


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("The.Matrix.1999.1080p.BluRay.x264.mkv", "The Matrix 1999"),
        ("Inception (2010) [1080p].mp4", "Inception 2010"),
        ("Movie.Name.2023.mkv", "Movie Name 2023"),
        ("Unknown.Movie.mkv", "Unknown Movie"),
        ("Breaking.Bad.S01E01.Pilot.2008.mkv", "Breaking Bad 2008"),
        ("Game.of.Thrones.1x01.Winter.Is.Coming.mkv", "Game of Thrones"),
        ("Show Name S02E05 Episode Title.mp4", "Show Name"),
        ("/videos/films/Inside.Out.2015.MKV", "Inside Out 2015"),
        ("D:\\videos\\Inside.Out.2015.avi", "Inside Out 2015"),
    ],
)
def test_a_file_is_looked_for_by_its_title_and_year(name: str, title: str) -> None:
    assert file_names.typed_title(name) == title


@pytest.mark.parametrize(
    "text", ["the matrix", "Mr. Brooks", "E.T.", ".mkv", "2012", "9.mp4x", "a" * 201 + ".mkv", ""]
)
def test_what_is_no_file_is_looked_for_as_it_is(text: str) -> None:
    assert file_names.typed_title(text) == text


@pytest.mark.parametrize("name", ["[[[.mkv", "\x00\u202e.mkv", "1080p.mkv", "(" * 190 + ".mkv"])
def test_a_name_that_tells_nothing_does_no_harm(name: str) -> None:
    assert search(name, [bundled.search]) == []


def test_a_pasted_file_name_finds_its_film() -> None:
    (film, *_others) = search("The.Matrix.1999.1080p.BluRay.x264.mkv", [bundled.search])
    assert (film.title, film.year) == ("The Matrix", 1999)


@pytest.mark.parametrize("name", ["S01E01" * 32, "S1-9-" * 38, "S1-9-" * 14])
def test_no_name_keeps_the_search_busy(name: str) -> None:
    file_names.parse_path("The.Matrix.1999.mkv")  # what reads names is loaded
    began = time.thread_time()
    search(f"{name}/{name}.mkv", [bundled.search])
    assert time.thread_time() - began < 1.2
