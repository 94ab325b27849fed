"""Whose taste is like mine, by table."""

import pytest

from rules.taste_similarity import Common, Favourite, best_recommendations, similarity_weights


@pytest.mark.parametrize(
    ("films", "apart", "counts"),
    [
        (1, 0, False),  # one film says nothing
        (2, 0, True),
        (4, 6, True),  # a point and a half apart
        (4, 7, False),
        (100, 330, False),  # as far apart as chance
    ],
)
def test_who_is_close_on_enough_films_is_alike(films: int, apart: int, counts: bool) -> None:
    assert (7 in similarity_weights({7: Common(films, apart)})) is counts


def test_the_same_closeness_on_more_films_counts_for_more_and_closer_counts_for_more() -> None:
    weights = similarity_weights(
        {1: Common(2, 2), 2: Common(20, 20), 3: Common(20, 0), 4: Common(2, 0)}
    )
    assert sorted(weights, key=lambda who: weights[who]) == [1, 4, 2, 3]
    assert all(0 < weight < 1 for weight in weights.values())


def test_what_most_speaks_for_comes_first_once_and_in_the_words_of_who_says_most() -> None:
    loved = [Favourite(10, 1, 8), Favourite(20, 1, 10), Favourite(10, 2, 10), Favourite(30, 3, 10)]
    assert best_recommendations(loved, {1: 0.4, 2: 0.5}) == [
        Favourite(10, 2, 10),
        Favourite(20, 1, 10),
    ]


def test_films_level_keep_one_order() -> None:
    loved = [Favourite(20, 1, 9), Favourite(10, 1, 9)]
    assert [one.tmdb_id for one in best_recommendations(loved, {1: 0.5})] == [10, 20]
