"""Lists at Trakt against the fake: which there are, what is on them, and more put there."""

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.fake_trakt import Title, faults
from tests.fake_trakt.faults import Fault
from tests.fake_trakt.lists import PersonalList as TheirList
from tests.fake_trakt.lists import person, season
from tests.trakt.fakes import Linked, Waits
from trakt import errors, lists
from trakt.lists import PersonalList

LISTS = "/users/me/lists"


def films(linked: Linked, count: int) -> list[Title]:
    return [linked.trakt.film(number, f"Film {number}") for number in range(1, count + 1)]


def keys(titles: list[Title]) -> list[tuple[str, int]]:
    return [("film", title.tmdb or 0) for title in titles]


def chosen(linked: Linked, theirs: TheirList) -> PersonalList:
    found = lists.by_name(lists.of_member(linked.client()), theirs.slug)
    assert found
    return found


def items_of(theirs: TheirList) -> str:
    return f"{LISTS}/{theirs.trakt}/items"


def says(body: Any) -> Fault:
    """One page that holds just these rows."""
    page = faults.garbage(json.dumps(body))
    counts = faults.lying(Item_Count=str(len(body)), Page_Count="1")
    assert page.edit
    assert counts.edit
    first, then = page.edit, counts.edit
    return Fault(edit=lambda reply: then(first(reply)))


def test_lists_come_from_every_page_as_their_owner_keeps_them(linked: Linked) -> None:
    rainy = linked.account.make_list("Rainy  Sundays", films(linked, 3), privacy="friends")
    for number in range(250):
        linked.account.make_list(f"List {number}")
    linked.trakt.account("ben-watches").make_list("Not Ana's")
    found = lists.of_member(linked.client())
    assert found[0] == PersonalList(rainy.trakt, "rainy-sundays", "Rainy Sundays", 3, "friends")
    assert [one.name for one in found[1:]] == [f"List {number}" for number in range(250)]
    assert linked.trakt.count(LISTS) == 2


def test_nobody_has_to_have_lists(linked: Linked) -> None:
    assert lists.of_member(linked.client()) == []


@pytest.mark.parametrize(
    ("row", "read"),
    [
        ({"ids": {"trakt": 7}}, PersonalList(7, "7", "7", 0, "private")),
        (
            {"ids": {"trakt": 7, "slug": 7}, "name": ["x"], "item_count": "9", "privacy": ["link"]},
            PersonalList(7, "7", "7", 0, "private"),
        ),
        (
            {"ids": {"trakt": 7, "slug": "a"}, "name": "A\u202eB\n", "privacy": "secret"},
            PersonalList(7, "a", "AB", 0, "private"),
        ),
        ({"ids": {"trakt": "7", "slug": "a"}, "name": "A"}, None),
        ({"ids": None, "name": "A"}, None),
        (None, None),
        ([7], None),
    ],
)
def test_a_list_is_read_as_far_as_it_makes_sense(
    linked: Linked, row: Any, read: PersonalList | None
) -> None:
    linked.account.make_list("Here")
    linked.trakt.fail(LISTS, says([row, row]))  # twice, as a list that moves between two pages
    assert lists.of_member(linked.client()) == ([read] if read else [])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("my-movies", "My Movies"),
        ("My Movies", "My Movies"),
        (" My  Movies ", "My Movies"),
        ("MY MOVIES", "MY MOVIES"),
        ("mY mOVIES", "My Movies"),
        ("RAINY-SUNDAYS", "Rainy Sundays"),
        ("Große Filme", "Grosse Filme"),
        ("my movie", None),
        ("", None),
    ],
)
def test_a_list_goes_by_its_slug_or_its_name_and_exactly_comes_first(
    linked: Linked, text: str, name: str | None
) -> None:
    for each in ("My Movies", "MY MOVIES", "Rainy Sundays", "Grosse Filme"):
        linked.account.make_list(each)
    found = lists.by_name(lists.of_member(linked.client()), text)
    assert (found.name if found else None) == name


def test_films_and_shows_of_every_page_are_read_and_nothing_else(linked: Linked) -> None:
    street = linked.trakt.show(900_001, "Harbour Street", 2010)
    nowhere = linked.trakt.film(None, "Nowhere Else", None)
    known = [linked.trakt.film(None, "Nowhere At All", trakt=street.trakt), *films(linked, 260)]
    theirs = linked.account.make_list(
        "Mixed", [season(street, 1), person("Mira Toth"), street, nowhere, *known]
    )
    found = lists.titles(linked.client(), chosen(linked, theirs))
    assert found[0] == ("show", street.trakt, 900_001, "Harbour Street", 2010)
    assert found[1] == ("film", nowhere.trakt, None, "Nowhere Else", None)
    assert [one.title for one in found[2:]] == [film.title for film in known]
    assert linked.trakt.count(items_of(theirs)) == 2


def test_a_season_alone_does_not_bring_its_show(linked: Linked) -> None:
    street = linked.trakt.show(900_001, "Harbour Street")
    theirs = linked.account.make_list("Seasons", [season(street, 1), season(street, 2)])
    assert lists.titles(linked.client(), chosen(linked, theirs)) == []


@pytest.mark.parametrize("row", [None, 7, {"type": ["movie"]}, {"type": "movie", "movie": 7}])
def test_a_row_without_sense_is_left_out_and_one_that_moved_comes_once(
    linked: Linked, row: Any
) -> None:
    (film,) = films(linked, 1)
    theirs = linked.account.make_list("Here", [film])
    told = {"type": "movie", **film.wrapped()}
    ours = chosen(linked, theirs)
    linked.trakt.fail(items_of(theirs), says([told, row, told]))
    assert [one.tmdb_id for one in lists.titles(linked.client(), ours)] == [1]


@pytest.mark.parametrize("fault", [faults.short_page(), faults.lying(Item_Count="9")])
def test_a_list_that_does_not_add_up_is_no_list(linked: Linked, fault: Fault) -> None:
    ours = chosen(linked, linked.account.make_list("Here", films(linked, 3)))
    linked.trakt.fail("/", fault, times=2)
    with pytest.raises(errors.InvalidResponse):
        lists.of_member(linked.client())
    with pytest.raises(errors.InvalidResponse):
        lists.titles(linked.client(), ours)


def test_titles_are_added_a_hundred_at_once_and_a_second_apart(
    linked: Linked, waits: Waits
) -> None:
    street = linked.trakt.show(900_001, "Harbour Street")
    known = films(linked, 204)
    theirs = linked.account.make_list("Here", known[:3])
    unknown = {("film", 800_000), ("show", 1)}
    wanted = [*sorted(unknown), *keys(known), ("show", 900_001)]
    linked.trakt.limits.speed = 1
    linked.trakt.limits.clock = waits.monotonic
    told = lists.add(linked.client(), chosen(linked, theirs), [*wanted, *wanted[:9]])
    assert told == unknown
    assert list(theirs.items) == [*known, street]
    posts = linked.trakt.requests(items_of(theirs), "POST")
    assert [entry.status for entry in posts] == [201, 201, 201]
    assert [round(seconds) for seconds in waits.slept] == [1, 1]


def test_nothing_to_add_asks_nothing(linked: Linked) -> None:
    theirs = linked.account.make_list("Here")
    assert lists.add(linked.client(), chosen(linked, theirs), []) == set()
    assert linked.trakt.count(items_of(theirs)) == 0


@pytest.mark.parametrize("says_limit", [True, False])
def test_a_full_list_takes_no_part_of_a_batch(linked: Linked, says_limit: bool) -> None:
    linked.account.list_limit, linked.account.says_limit = 102, says_limit
    known = films(linked, 110)
    theirs = linked.account.make_list("Here", known[:1])
    with pytest.raises(errors.AccountLimit):
        lists.add(linked.client(), chosen(linked, theirs), keys(known))
    assert list(theirs.items) == known[:100]
    assert linked.trakt.count(items_of(theirs), "POST") == 2


def test_a_list_that_went_away_meanwhile_is_not_found(linked: Linked) -> None:
    theirs = linked.account.make_list("Here", films(linked, 1))
    ours = chosen(linked, theirs)
    del linked.account.lists[theirs.trakt]
    with pytest.raises(errors.NotFound):
        lists.titles(linked.client(), ours)
    with pytest.raises(errors.NotFound):
        lists.add(linked.client(), ours, [("film", 1)])


def test_a_list_with_another_name_is_still_the_one_that_was_chosen(linked: Linked) -> None:
    theirs = linked.account.make_list("Here", films(linked, 1))
    ours = replace(chosen(linked, theirs), slug="there", name="There")
    assert len(lists.titles(linked.client(), ours)) == 1


@pytest.mark.parametrize("body", ["null", "7", "[]", "so"])
def test_an_answer_without_sense_to_an_addition_is_garbage(linked: Linked, body: str) -> None:
    theirs = linked.account.make_list("Here")
    ours = chosen(linked, theirs)
    linked.trakt.fail(items_of(theirs), faults.garbage(body))
    with pytest.raises(errors.InvalidResponse):
        lists.add(linked.client(), ours, [("film", 1)])
