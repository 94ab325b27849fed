"""After a change the page says so, once, at the place where it was pressed."""

import re
from typing import Any

import pytest

from tests.conftest import Clock, Household, Person

WEEK = "/weeks/2026-W47"
SCHEDULE = {"zone": "Europe/Vienna"}
LIMITS = {"max_nominations": "2", "max_votes": "3"}


def said(page: str) -> list[str]:
    return re.findall(r'<p class="notice notice--done" role="status" data-done>([^<]*)</p>', page)


@pytest.mark.parametrize(
    ("who", "url", "fields", "place", "sentence"),
    [
        ("ana", "/admin/members", {"name": "Finn"}, "/admin#member-5", "Finn is a member now."),
        (
            "ana",
            "/admin/members/3/rename",
            {"name": "Clio"},
            "/admin#member-3",
            "The name is Clio now.",
        ),
        ("ana", "/admin/members/3/pin", {"pin": "5937"}, "/admin#member-3", "Cleo has a new PIN."),
        ("ana", "/admin/members/2/pin", {"pin": ""}, "/admin#member-2", "Ben has no PIN any more."),
        ("ana", "/admin/members/2/role", {"admin": "1"}, "/admin#member-2", "Ben is an admin now."),
        ("ana", "/admin/members/4/retire", {}, "/admin#member-4", "Dan has left the household."),
        ("ana", "/admin/members/4/bring-back", {}, "/admin#member-4", "Dan is a member again."),
        ("ana", "/admin/schedule", SCHEDULE, "/admin#schedule", "The schedule is saved."),
        ("ana", "/admin/limits", LIMITS, "/admin#limits", "The limits are saved."),
        ("ana", f"{WEEK}/open-voting", {}, "/#now", "Voting is open."),
        ("ana", f"{WEEK}/skip", {}, "/#now", "This week was skipped."),
        ("cleo", "/settings/icon", {"icon": "🦊"}, "/settings#icon", "Your icon is saved."),
        ("cleo", "/settings/pin", {"pin": "5937"}, "/settings#pin", "Your PIN is saved."),
        (
            "ben",
            "/settings/pin",
            {"pin": "", "current_pin": "7306"},
            "/settings#pin",
            "You have no PIN any more.",
        ),
        ("cleo", "/films/603/watched", {}, "/films/603#seen", "You have seen it."),
        ("cleo", "/films/603/unwatched", {}, "/films/603#seen", "You have not seen it."),
        (
            "cleo",
            "/films/603/rating",
            {"rating": "8"},
            "/films/603#rating-603",
            "Your rating is saved: 8 of 10.",
        ),
        (
            "cleo",
            "/films/603/rating",
            {"rating": "", "week": "2026-W47"},
            "/#rating-603",
            "You have not rated it any more.",
        ),
        (
            "cleo",
            f"{WEEK}/watched",
            {"tmdb_id": "603", "members": ["1", "3"]},
            "/#evening",
            "Marked as watched by Ana, Cleo.",
        ),
        (
            "cleo",
            f"{WEEK}/unwatched",
            {"tmdb_id": "603", "members": "3"},
            "/#evening",
            "Not watched by Cleo.",
        ),
    ],
)
def test_a_change_is_confirmed_once_where_it_was_pressed(
    household: Household, who: str, url: str, fields: dict[str, Any], place: str, sentence: str
) -> None:
    household.nominate(862)
    person = getattr(household, who)
    answer = person.submit(url, **fields)
    assert (answer.status_code, answer.location) == (303, place)
    page, _hash, anchor = place.partition("#")
    assert said(person.page(page)) == [sentence]
    assert said(person.page(page)) == []
    if anchor.startswith(("member", "schedule", "limits", "now", "pin", "icon", "seen")):
        assert f'id="{anchor}"' in person.page(page)


def test_the_places_of_an_evening_are_on_the_page(household: Household) -> None:
    household.cleo.send(f"{WEEK}/watched", tmdb_id=603, members=["Cleo"])
    page = household.cleo.page("/")
    assert 'id="evening"' in page
    assert 'id="rating-603"' in page


def test_a_program_is_told_by_its_answer_and_leaves_no_message(household: Household) -> None:
    household.cleo.send("/settings/icon", icon="🦊")
    household.cleo.send("/films/603/rating", rating=8)
    assert said(household.cleo.page("/settings")) == []


def test_a_refused_change_is_not_confirmed(household: Household) -> None:
    refused = household.cleo.submit("/settings/icon", icon="x" * 200)
    assert refused.status_code == 422
    assert said(refused.text) == []


def test_a_withdrawn_film_is_named(household: Household) -> None:
    (first,) = household.nominate(603)
    answer = household.ana.submit(f"/nominations/{first}/withdraw")
    assert answer.location == "/#now"
    assert said(household.ana.page("/")) == ["You withdrew The Matrix."]


def test_the_count_leads_to_the_result_and_names_the_winner(
    household: Household, clock: Clock
) -> None:
    first, *_rest = household.nominate(603, 862, 129, 13)
    household.ben.send(f"/nominations/{first}/vote")
    assert household.ana.submit(f"{WEEK}/close").location == "/#result"
    page = household.ana.page("/")
    assert said(page) == ["The votes are counted. Movie night goes to The Matrix."]
    assert 'id="result" tabindex="-1"' in page


def test_a_count_without_votes_says_why_nobody_won(household: Household) -> None:
    household.nominate(603, 862, 129, 13)
    household.ana.submit(f"{WEEK}/close")
    assert said(household.ana.page("/")) == ["Nobody voted, so there is no winner."]


def test_who_retires_themselves_hears_it_at_the_door(household: Household) -> None:
    household.ana.send("/admin/members/2/role", admin=True)
    household.ana.submit("/admin/members/1/retire")
    assert said(household.ana.page("/who")) == ["Ana has left the household."]


def test_a_message_is_text_and_goes_to_nobody_else(household: Household) -> None:
    household.ana.submit("/admin/members/3/rename", name="<b>Cleo")
    assert said(household.ben.page("/")) == []
    assert said(Person(household.app).page("/who")) == []
    assert "The name is &lt;b&gt;Cleo now." in household.ana.page("/admin")
