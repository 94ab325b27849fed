"""A film by title and year: the one that it can be, or none."""

from movies.matching import TitleIndex

INDEX = TitleIndex(
    [
        (1, "Amélie", 2001),
        (2, "Dune", 1984),
        (3, "Dune", 2021),
        (4, "WALL·E", 2008),
        (5, "Harbour", 2010),
        (6, "Harbour", 2012),
        (7, "Harbour", None),
        (8, "Twins", 1999),
        (9, "Twins", 1999),
        (10, "!!!", 2000),
        (4, "WALL·E", 2008),
    ]
)


def test_which_film_is_meant() -> None:
    expected = [
        ("amelie", 2001, 1),
        ("Amélie", 2002, 1),
        ("Amélie", 2000, 1),
        ("Amélie", 2003, None),
        ("Amélie", None, 1),
        ("Dune", 2021, 3),
        ("Dune", 1985, 2),
        ("Dune", None, None),
        ("Wall-E", 2008, 4),
        ("Harbour", 2010, 5),
        ("Harbour", 2011, None),  # a year from either
        ("Harbour", 2013, 6),
        ("Twins", 1999, None),
        ("???", 2000, None),  # nothing is left of it to compare
        ("Amélie 2", 2001, None),
    ]
    found = [(title, year, INDEX.find(title, year)) for title, year, _tmdb_id in expected]
    assert found == expected
