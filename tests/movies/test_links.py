from movies.links import film_id, unsupported_link


def test_a_link_or_an_id_names_a_film() -> None:
    expected = [
        ("https://www.themoviedb.org/movie/603-the-matrix", (603, "The Matrix")),
        ("http://themoviedb.org/movie/603", (603, None)),
        ("themoviedb.org/movie/603/", (603, None)),
        ("www.themoviedb.org/movie/603-the-matrix/watch?locale=DE", (603, "The Matrix")),
        ("https://www.themoviedb.org/movie/603-the-matrix?language=de-DE#x", (603, "The Matrix")),
        ("https://www.themoviedb.org/de/movie/603", (603, None)),
        ("https://www.themoviedb.org/pt-BR/movie/603-matrix", (603, "Matrix")),
        ("HTTPS://WWW.THEMOVIEDB.ORG/movie/603", (603, None)),
        ("/movie/603-the-matrix", (603, "The Matrix")),
        ("Tonight? https://www.themoviedb.org/movie/603-the-matrix :)", (603, "The Matrix")),
        ("themoviedb.org/movie/120-the-lord-of-the-rings", (120, "The Lord of the Rings")),
        ("https://www.themoviedb.org/movie/194-am%C3%A9lie", (194, "Amélie")),
        ("https://www.themoviedb.org/movie/603-%00%0A", (603, None)),
        ("https://www.themoviedb.org/movie/603-", (603, None)),
        ("  603\n", (603, None)),
        ("tmdb:603", (603, None)),
        ("TMDB:603", (603, None)),
        ("1", (1, None)),
        (str(2**63 - 1), (2**63 - 1, None)),
        (str(2**63), None),
        ("0", None),
        ("-603", None),
        ("007", None),
        ("6.03", None),
        ("٦٠٣", None),
        ("603 matrix", None),
        ("https://www.themoviedb.org/movie/0", None),
        (f"https://www.themoviedb.org/movie/{2**63}", None),
        ("https://www.themoviedb.org/movie/6035555555555555555555555", None),
        ("https://www.themoviedb.org/movie/603abc", None),
        ("https://www.themoviedb.org/tv/1396-breaking-bad", None),
        ("https://www.themoviedb.org/movie/now-playing", None),
        ("https://notthemoviedb.org/movie/603", None),
        ("https://example.org/movie/603", None),
        ("The Matrix", None),
        ("", None),
        ("\x00\ud800", None),
        ("9" * 10_000, None),
    ]  # fmt: skip
    assert [(text, film_id(text)) for text, _named in expected] == expected


def test_a_guessed_title_has_an_end() -> None:
    named = film_id("https://www.themoviedb.org/movie/9-" + "very-" * 300)
    assert named is not None
    assert named[1] is not None
    assert len(named[1]) <= 120


def test_a_link_that_names_no_film_here_is_known_for_what_it_is() -> None:
    expected = [
        ("https://www.imdb.com/title/tt0076759/?ref_=nv_sr_1", "imdb"),
        ("m.imdb.com/de/title/tt0076759", "imdb"),
        ("look: HTTPS://IMDB.COM/title/tt0076759", "imdb"),
        (" tt0076759 ", "imdb"),
        ("https://www.themoviedb.org/tv/1396-breaking-bad", "show"),
        ("themoviedb.org/de/tv/1396", "show"),
        ("https://www.themoviedb.org/movie/603-the-matrix", None),
        ("https://notimdb.com/title/tt0076759", None),
        ("tt", None),
        ("the tt0076759 affair", None),
        ("imdb.com/" * 5_000, None),
        ("\x00\ud800", None),
    ]
    assert [(text, unsupported_link(text)) for text, _what in expected] == expected
