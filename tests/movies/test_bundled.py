from collections import Counter
from time import perf_counter

import pytest

from movies import bundled
from movies.film import Film

GENRES = {
    *("Action", "Adventure", "Animation", "Comedy", "Crime", "Documentary", "Drama", "Family"),
    *("Fantasy", "History", "Horror", "Music", "Mystery", "Romance", "Science Fiction"),
    *("Thriller", "War", "Western"),
}
LIST = bundled.LIST.read_text(encoding="utf-8")


def films() -> list[Film]:
    ids = [int(line.split(",", 1)[0]) for line in LIST.splitlines()[1:]]
    return [film for film in map(bundled.by_id, ids) if film]


def titles(text: str, limit: int = 20) -> list[str]:
    return [film.title for film in bundled.search(text, limit)]


def test_the_list_is_long_and_names_each_film_once() -> None:
    lines = LIST.splitlines()
    assert lines[0] == "tmdb_id,title,year,runtime,genres"
    assert len(lines) > 650
    assert len({film.tmdb_id for film in films()}) == len(lines) - 1
    assert len({(film.title, film.year) for film in films()}) == len(lines) - 1


def test_the_list_is_sorted_by_year_then_title() -> None:
    assert films() == sorted(films(), key=lambda film: (film.year, film.title))


def test_each_film_is_plausible() -> None:
    for film in films():
        assert film.tmdb_id > 0
        assert film.title == film.title.strip() != ""
        assert not film.title.endswith((", The", ", A", ", An"))
        assert film.year is not None
        assert 1930 <= film.year <= 2025
        assert film.runtime is not None
        assert 1 <= film.runtime <= 400
        assert film.genres
        assert set(film.genres) <= GENRES
        assert len(set(film.genres)) == len(film.genres)


def test_every_decade_and_genre_is_there_several_times() -> None:
    decades = Counter((film.year or 0) // 10 * 10 for film in films())
    genres = Counter(genre for film in films() for genre in film.genres)
    assert all(decades[decade] >= 10 for decade in range(1930, 2030, 10))
    assert all(genres[genre] >= 3 for genre in GENRES)


def test_a_film_is_found_by_its_id() -> None:
    film = bundled.by_id(603)
    assert film == Film(603, "The Matrix", 1999, 136, ("Action", "Science Fiction"))
    assert bundled.by_id(2**63) is None


def test_the_best_match_comes_first() -> None:
    expected = [
        ("The Matrix", "The Matrix"),
        ("matrix", "The Matrix"),
        ("MATRIX", "The Matrix"),
        ("a matrix", "The Matrix"),
        ("amelie", "Amélie"),
        ("Amélié", "Amélie"),
        ("up", "Up"),
        ("m", "M"),
        ("walle", "WALL·E"),
        ("wall-e", "WALL·E"),
        ("et", "E.T. the Extra-Terrestrial"),
        ("E.T.", "E.T. the Extra-Terrestrial"),
        ("Spiderman", "Spider-Man"),
        ("spider man", "Spider-Man"),
        ("its a wonderful life", "It's a Wonderful Life"),
        ("wallace and gromit rabbit", "Wallace & Gromit: The Curse of the Were-Rabbit"),
        ("potter chamber", "Harry Potter and the Chamber of Secrets"),
        ("chamber potter", "Harry Potter and the Chamber of Secrets"),
        ("ratatou", "Ratatouille"),
        ("die ha", "Die Hard"),
        ("matrx", "The Matrix"),
        ("matirx", "The Matrix"),
        ("frozenn", "Frozen"),
        ("spidreman", "Spider-Man"),
        ("totorro", "My Neighbor Totoro"),
        ("wizzard of oz", "The Wizard of Oz"),
        ("1917", "1917"),
        ("2001", "2001: A Space Odyssey"),
        ("starwars", "Star Wars: Episode IV - A New Hope"),
        ("star wars", "Star Wars: Episode IV - A New Hope"),
        ("starwars 1999", "Star Wars: Episode I - The Phantom Menace"),
        ("lordoftherings", "The Lord of the Rings"),
        ("frozen 2", "Frozen II"),
        ("frozen2", "Frozen II"),
        ("toy story iii", "Toy Story 3"),
        ("rocky 5", "Rocky V"),
        ("godfather 2", "The Godfather Part II"),
        ("blade runner 2049", "Blade Runner 2049"),
    ]
    assert [(text, titles(text)[0]) for text, _first in expected] == expected


@pytest.mark.parametrize("text", ["lion king 2019", "The Lion King (2019)", "2019 lion king"])
def test_a_year_narrows(text: str) -> None:
    assert [(film.title, film.year) for film in bundled.search(text)] == [("The Lion King", 2019)]


def test_a_series_is_listed_from_its_start() -> None:
    rocky = ["Rocky", "Rocky II", "Rocky III", "Rocky IV", "Rocky V", "Rocky Balboa"]
    assert titles("rocky")[:6] == rocky


def test_a_title_that_is_a_year_comes_before_the_films_of_that_year() -> None:
    first, *rest = bundled.search("2001")
    assert first.title == "2001: A Space Odyssey"
    assert {film.year for film in rest} == {2001}


def test_a_year_alone_lists_its_films() -> None:
    assert {film.year for film in bundled.search("1977", 50)} == {1977}


def test_whole_title_then_start_then_any_word_then_a_wrong_letter() -> None:
    assert titles("hook") == ["Hook"]
    assert titles("jaws 1975") == ["Jaws"]
    found = titles("alien", 50)
    assert found[:2] == ["Alien", "Aliens"]
    found = titles("toy story")
    assert found == ["Toy Story", "Toy Story 2", "Toy Story 3", "Toy Story 4"]
    found = titles("frozen")
    assert found[:2] == ["Frozen", "Frozen II"]
    found = titles("lion", 50)
    assert found.index("The Lion King") < found.index(
        "The Chronicles of Narnia: The Lion, the Witch and the Wardrobe"
    )


def test_a_wrong_letter_is_forgiven_only_where_little_else_was_found() -> None:
    assert titles("intouchables") == ["The Intouchables"]
    assert set(titles("entouchables")) == {"The Intouchables", "The Untouchables"}
    assert "Star Trek" not in titles("star wars", 50)


@pytest.mark.parametrize("text", ["upp", "ups", "1918x", "matrxxix", "1902"])
def test_short_words_numbers_and_two_slips_are_not_forgiven(text: str) -> None:
    assert titles(text) == []


def test_strange_text_finds_nothing_or_something_but_never_raises() -> None:
    for text in [
        "", "   ", "\x00", "😀", "()[]*%_\"'", "'; DROP TABLE movies; --", "\ud800", "x" * 10_000,
        "%", "_", "*", "\\", "the " * 3_000, "\u202e\ufffe", "no such film anywhere",
        "\"", "'", "star* wars", "star_wars\x00", "x " * 150, "ii" * 150, "9" * 300,
    ]:  # fmt: skip
        assert len(bundled.search(text)) <= 20, text


def test_wildcards_mean_nothing() -> None:
    assert titles("%") == titles("*") == titles("_") == []


@pytest.mark.parametrize("text", ["10", "10 men", "10men"])
def test_a_letter_that_a_title_begins_with_is_no_numeral(text: str) -> None:
    assert "X-Men" not in titles(text, 50)


def test_of_titles_that_hold_a_word_inside_the_shorter_comes_first() -> None:
    found = titles("story", 50)
    assert found.index("Toy Story 4") < found.index("West Side Story")


def test_the_limit_holds() -> None:
    assert len(bundled.search("the", 3)) == 3
    assert bundled.search("the", 0) == bundled.search("the", -1) == []


def test_a_search_is_cheap() -> None:
    bundled.search("warm")
    texts = ["matrix", "the lord of the rings", "matrx", "a", "no such film", "spider man 2002"]
    start = perf_counter()
    for text in texts * 5:
        bundled.search(text)
    # Ten times the time it takes, so that a busy machine does not fail it.
    assert (perf_counter() - start) / 30 < 0.015
