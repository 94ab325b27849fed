"""What admins decide: members, PINs, roles, the schedule, the limits."""

import html
from typing import Any

import pytest
from werkzeug.test import TestResponse

import db
from tests.conftest import Clock, Household, Person

FILMS = (603, 862, 8587, 105)


def code_of(answer: TestResponse) -> str:
    return str(answer.get_json()["error"]["code"])


def members(household: Household) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in household.ana.ask("/admin").get_json()["members"]}


def phase(household: Household) -> str:
    return str(household.ana.state()["phase"])


# Members


def test_an_admin_adds_a_member_with_or_without_a_pin(household: Household) -> None:
    added = household.ana.send("/admin/members", name="Finn", icon="🐙").get_json()["member"]
    assert added == {
        "id": 5,
        "name": "Finn",
        "icon": "🐙",
        "has_pin": False,
        "is_admin": False,
        "is_retired": False,
    }
    sent = {"name": "Gwen", "pin": "5937", "admin": "1"}
    assert household.ana.submit("/admin/members", **sent).status_code == 303
    gwen = Person(household.app, "Gwen", members(household)["Gwen"]["id"])
    gwen.sign_in("5937")
    assert "Finn" in gwen.page("/admin")


def test_an_admin_without_a_pin_is_not_added_at_all(household: Household) -> None:
    answer = household.ana.send("/admin/members", name="Finn", admin=True)
    assert (answer.status_code, code_of(answer)) == (409, "admin_needs_pin")
    assert "Finn" not in members(household)


def test_a_name_is_kept_composed_and_with_single_blanks(household: Household) -> None:
    added = household.ana.send("/admin/members", name="  Zoe\u0308   B. ").get_json()["member"]
    assert added["name"] == "Zoë B."


BAD_NAMES: list[tuple[object, int, str]] = [
    ("", 422, "name_missing"),
    (" \t\n ", 422, "name_missing"),
    ("x" * 41, 422, "name_too_long"),
    ("A/B", 422, "name_odd"),
    ("12", 422, "name_odd"),
    ("Finn\u202e", 422, "name_odd"),
    ("\u200b\u200b", 422, "name_odd"),
    ("Fi\u0000nn", 400, "odd_characters"),
    ("Fi\ud800nn", 400, "odd_characters"),
    ("x" * 3000, 422, "text_too_long"),
    (7, 400, "not_text"),
    (["Finn"], 400, "not_text"),
    (None, 400, "missing_field"),
    ("Ana", 409, "name_taken"),
    (" aNA ", 409, "name_taken"),
    ("Ａｎａ", 409, "name_taken"),
    ("A\u200dna", 409, "name_taken"),
    ("D\u00e0n", 409, "name_taken"),
]


def test_a_name_that_nobody_can_use_is_refused(
    household: Household, subtests: pytest.Subtests
) -> None:
    for name, status, refusal in BAD_NAMES:
        with subtests.test(name=name, status=status):
            before = members(household)
            for url in ("/admin/members", "/admin/members/3/rename"):
                answer = household.ana.send(url, name=name)
                assert (answer.status_code, code_of(answer)) == (status, refusal)
            assert members(household) == before


def test_a_member_may_be_renamed_to_the_same_name_in_capitals(household: Household) -> None:
    assert household.ana.send("/admin/members/3/rename", name="CLEO").status_code == 200
    assert household.ana.send("/admin/members/3/rename", name="Clio 🎈").status_code == 200
    assert "Clio 🎈" in household.cleo.page("/settings")


def test_names_alike_that_were_there_before_go_on_working(household: Household) -> None:
    with household.app.app_context():
        db.get_db().execute("UPDATE users SET name = 'BÉN' WHERE name = 'Dan'")
    assert household.dan.send("/settings/icon", icon="🦊").status_code == 200
    assert household.ana.send("/admin/members/4/rename", name="BÉN").status_code == 409
    assert household.ana.send("/admin/members/4/rename", name="Benno").status_code == 200


def test_a_hostile_name_and_icon_are_only_text(household: Household) -> None:
    name, icon = "<script>alert(1)<\\script>", '"><img src=x'
    household.ana.send("/admin/members/3/rename", name=name)
    with household.app.app_context():  # as an old household may have brought it along
        db.get_db().execute("UPDATE users SET icon = ? WHERE id = 3", (icon,))
    for person, url in (
        (household.ana, "/admin"),
        (household.cleo, "/settings"),
        (household.cleo, "/"),
        (household.stranger, "/who"),
    ):
        page = person.page(url)
        assert str(html.escape(name)) in page
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_a_refused_rename_opens_the_member_s_form_with_what_was_typed(
    household: Household,
) -> None:
    answer = household.ana.submit("/admin/members/3/rename", name="Ana ")
    assert answer.status_code == 409
    assert 'id="rename-3" name="name" value="Ana "' in answer.text
    assert answer.text.count("<details open>") == 1


# PINs and roles


def test_a_new_pin_from_the_admin_ends_the_member_s_sessions(household: Household) -> None:
    assert household.ana.send("/admin/members/2/pin", pin="5937").status_code == 200
    assert household.ben.ask("/api/state").status_code == 401
    household.ben.sign_in("5937")
    answer = household.ana.send("/admin/members/2/pin", pin="")
    assert answer.get_json()["member"]["has_pin"] is False
    assert household.ben.ask("/api/state").status_code == 401
    household.ben.sign_in()


REFUSED_ACTS: list[tuple[str, dict[str, Any], int, str]] = [
    ("/admin/members/2/pin", {"pin": "1234"}, 422, "pin_common"),
    ("/admin/members/2/pin", {}, 400, "missing_field"),
    ("/admin/members/1/pin", {"pin": "5937"}, 409, "own_pin"),
    ("/admin/members/3/role", {"admin": True}, 409, "admin_needs_pin"),
    ("/admin/members/2/role", {}, 400, "missing_field"),
    ("/admin/members/2/role", {"admin": "perhaps"}, 400, "not_a_choice"),
    ("/admin/members/1/role", {"admin": False}, 409, "last_admin"),
    ("/admin/members/1/retire", {}, 409, "last_admin"),
    ("/admin/members/99/rename", {"name": "Finn"}, 404, "no_member"),
    ("/admin/members/99/pin", {"pin": "5937"}, 404, "no_member"),
    ("/admin/members/99/retire", {}, 404, "no_member"),
    ("/admin/members/99/bring-back", {}, 404, "no_member"),
    ("/admin/members/99/role", {"admin": True}, 404, "no_member"),
    (f"/admin/members/{2**63}/retire", {}, 404, "http_404"),
    (f"/admin/members/{2**64}/retire", {}, 404, "http_404"),
    ("/admin/members/-1/retire", {}, 404, "http_404"),
    ("/admin/members/Ben/retire", {}, 404, "http_404"),
]


def test_what_an_admin_cannot_do_changes_nothing(
    household: Household, subtests: pytest.Subtests
) -> None:
    for url, fields, status, refusal in REFUSED_ACTS:
        with subtests.test(url=url, fields=fields):
            before = members(household)
            answer = household.ana.send(url, **fields)
            assert (answer.status_code, code_of(answer)) == (status, refusal)
            assert members(household) == before
            assert household.ben.ask("/api/state").status_code == 200


def test_a_new_admin_signs_in_anew_and_an_old_one_may_then_step_down(household: Household) -> None:
    assert household.ana.send("/admin/members/2/role", admin=True).status_code == 200
    assert household.ben.ask("/api/state").status_code == 401
    household.ben.sign_in("7306")
    other = Person(household.app, "Ana", 1)
    other.sign_in("4821")
    answer = household.ana.submit("/admin/members/1/role", admin="0")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert household.ana.ask("/api/state").status_code == 200
    assert household.ana.ask("/admin").status_code == 403
    assert other.ask("/api/state").status_code == 401
    last = household.ben.send("/admin/members/2/role", admin=False)
    assert code_of(last) == "last_admin"


def test_the_same_role_again_signs_nobody_out(household: Household) -> None:
    assert household.ana.send("/admin/members/2/role", admin=False).status_code == 200
    assert household.ben.ask("/api/state").status_code == 200


# Leaving and coming back


def test_who_retires_is_out_at_once_and_may_come_back(household: Household) -> None:
    assert household.ana.send("/admin/members/4/retire").status_code == 200
    assert household.dan.ask("/api/state").status_code == 401
    assert members(household)["Dan"]["is_retired"]
    assert household.ana.send("/admin/members/4/bring-back").status_code == 200
    assert household.dan.ask("/api/state").status_code == 401, "an old cookie stays dead"
    household.dan.sign_in()


def test_who_left_is_listed_last_and_only_for_admins(household: Household) -> None:
    household.ana.send("/admin/members/1/rename", name="Zoë")
    for member_id in (2, 3):
        assert household.ana.send(f"/admin/members/{member_id}/retire").status_code == 200
    assert list(members(household)) == ["Zoë", "Dan", "Ben", "Cleo"]
    at_the_door = household.stranger.ask("/who").get_json()["members"]
    assert [one["name"] for one in at_the_door] == ["Zoë", "Dan"]
    assert household.ana.send("/admin/members/3/bring-back").status_code == 200
    assert list(members(household)) == ["Zoë", "Cleo", "Dan", "Ben"]


def test_who_left_keeps_their_name_and_cannot_become_an_admin(household: Household) -> None:
    assert household.ana.send("/admin/members/2/retire").status_code == 200
    refused = household.ana.send("/admin/members/2/role", admin=True)
    assert (refused.status_code, code_of(refused)) == (409, "retired")
    assert code_of(household.ana.send("/admin/members", name="ben")) == "name_taken"


def test_to_leave_and_to_come_back_a_second_time_is_no_act(household: Household) -> None:
    for act in ("retire", "retire", "bring-back", "bring-back"):
        assert household.ana.send(f"/admin/members/4/{act}").status_code == 200
    newest = household.ana.ask("/admin/audit").get_json()["entries"][:3]
    assert [one["action"] for one in newest] == ["brought_back", "retired", "signed_in"]


def test_an_admin_who_retires_leaves_for_good(household: Household) -> None:
    household.ana.send("/admin/members/2/role", admin=True)
    assert household.ana.submit("/admin/members/1/retire").status_code == 303
    assert household.ana.ask("/api/state").status_code == 401
    household.ben.sign_in("7306")
    assert household.ben.send("/admin/members/1/bring-back").status_code == 200
    ana = {one["name"]: one for one in household.ben.ask("/admin").get_json()["members"]}["Ana"]
    assert (ana["is_retired"], ana["is_admin"]) == (False, False)


def test_voting_opens_when_the_last_who_had_not_nominated_leaves(household: Household) -> None:
    household.nominate(*FILMS[:3])
    assert phase(household) == "nomination"
    assert household.ana.send("/admin/members/4/retire").status_code == 200
    assert phase(household) == "voting"
    (opened, *_) = household.ana.ask("/admin/audit").get_json()["entries"]
    assert (opened["action"], opened["who"]) == ("voting_opened_early", "Ana")


def test_who_leaves_after_nominating_opens_no_voting_again(household: Household) -> None:
    household.nominate(*FILMS)
    household.ana.send(f"/admin/members/{household.dan.id}/retire")
    entries = household.ana.ask("/admin/audit").get_json()["entries"]
    assert [entry["sentence"] for entry in entries[:2]] == [
        "Ana retired Dan.",
        "Voting opened early: everybody had nominated.",
    ]


def test_the_films_of_who_left_stay(household: Household) -> None:
    household.nominate(*FILMS[:2])
    assert household.ana.send("/admin/members/2/retire").status_code == 200
    proposers = [film["nominated_by"] for film in household.ana.state()["nominations"]]
    assert proposers == ["Ana", "Ben"]


# The schedule and the limits


def test_the_page_sends_days_and_times(household: Household) -> None:
    sent = {"zone": "Europe/Vienna", "nominating_day": 0, "nominating_time": "06:00"}
    sent |= {"voting_day": 3, "voting_time": "12:30", "results_day": 5, "results_time": "20:15"}
    assert household.ana.submit("/admin/schedule", **sent).status_code == 303
    assert household.ana.ask("/admin").get_json()["schedule"] == {
        "zone": "Europe/Vienna",
        "nominating": 6 * 60,
        "voting": 3 * 1440 + 12 * 60 + 30,
        "results": 5 * 1440 + 20 * 60 + 15,
    }
    assert 'value="20:15"' in household.ana.page("/admin")


def test_a_program_sends_minutes_and_what_it_leaves_out_stays(household: Household) -> None:
    answer = household.ana.send("/admin/schedule", voting=2 * 1440, results="7000")
    assert answer.get_json()["schedule"] == {
        "zone": "UTC",
        "nominating": 0,
        "voting": 2880,
        "results": 7000,
    }
    assert household.ana.state()["deadline"] == "2026-11-18T00:00:00.000Z"


def test_to_choose_what_is_chosen_already_wakes_no_screen(household: Household) -> None:
    acts: list[tuple[str, dict[str, Any]]] = [
        ("/admin/schedule", {"zone": "UTC", "voting": 4000}),
        ("/admin/limits", {"max_nominations": 1, "max_votes": 3}),
        ("/admin/country", {"country": "DE"}),
        ("/admin/members/3/rename", {"name": "Clio"}),
    ]
    versions = []
    for _ in range(3):
        for url, fields in acts:
            assert household.ana.send(url, **fields).status_code == 200
        versions.append(household.cleo.state()["version"])
    assert versions[0] == versions[1] == versions[2]
    noted = [one["action"] for one in household.ana.ask("/admin/audit").get_json()["entries"]]
    assert noted.count("country_changed") == 1


def test_the_first_and_the_last_minute_of_a_week_may_be_chosen(household: Household) -> None:
    sent = {"nominating": 0, "voting_day": 6, "voting_time": "23:58", "results": 10079}
    answer = household.ana.send("/admin/schedule", **sent).get_json()
    assert answer["schedule"] == {
        "zone": "UTC",
        "nominating": 0,
        "voting": 10078,
        "results": 10079,
    }


BAD_SCHEDULES: list[tuple[dict[str, Any], int, str]] = [
    ({"zone": "Mars/Olympus"}, 422, "zone_unknown"),
    ({"zone": "../../etc/passwd"}, 422, "zone_unknown"),
    ({"zone": ""}, 422, "zone_unknown"),
    ({"zone": "Europe"}, 422, "zone_unknown"),
    ({"zone": "x" * 2000}, 422, "zone_unknown"),
    ({"zone": "x" * 2001}, 422, "text_too_long"),
    ({"zone": 3}, 400, "not_text"),
    ({"voting": 9000}, 422, "schedule_order"),
    ({"voting": 10080}, 422, "out_of_range"),
    ({"voting": -1}, 422, "out_of_range"),
    ({"voting": "soon"}, 400, "not_whole"),
    ({"voting": 1.5}, 422, "fraction"),
    ({"voting": 2**63}, 422, "out_of_range"),
    ({"voting_day": 7, "voting_time": "10:00"}, 422, "out_of_range"),
    ({"voting_day": 2, "voting_time": "24:00"}, 400, "not_a_time"),
    ({"voting_day": 2, "voting_time": "١٠:٠٠"}, 400, "not_a_time"),
    ({"voting_day": 2}, 400, "missing_field"),
    ({"voting_time": "10:00"}, 400, "missing_field"),
]


def test_a_schedule_that_makes_no_sense_is_refused(
    household: Household, subtests: pytest.Subtests
) -> None:
    for fields, status, refusal in BAD_SCHEDULES:
        with subtests.test(fields=fields, status=status):
            before = household.ana.ask("/admin").get_json()["schedule"]
            answer = household.ana.send("/admin/schedule", **fields)
            assert (answer.status_code, code_of(answer)) == (status, refusal)
            assert household.ana.ask("/admin").get_json()["schedule"] == before


def test_a_voting_that_began_by_the_clock_goes_on_when_its_day_is_moved(
    household: Household, clock: Clock
) -> None:
    household.nominate(*FILMS[:2])
    clock.to(3)
    assert household.ana.send("/admin/schedule", voting=4 * 1440).status_code == 200
    assert phase(household) == "voting"


@pytest.mark.parametrize("weekday", [3, 5])
def test_a_week_without_a_film_may_still_be_moved(
    household: Household, clock: Clock, weekday: int
) -> None:
    """A family that installs on a Saturday makes room for its first week with the schedule."""
    clock.to(weekday)
    assert phase(household) != "nomination"
    days = {"voting": 6 * 1440, "results": 6 * 1440 + 1200}
    assert household.ana.send("/admin/schedule", **days).status_code == 200
    assert phase(household) == "nomination"
    household.nominate(FILMS[0])


def test_limits_count_from_the_next_week_on(household: Household, clock: Clock) -> None:
    sent = {"max_nominations": 2, "max_votes": 3, "own_votes": True}
    assert household.ana.send("/admin/limits", **sent).get_json()["limits"] == sent
    assert household.ben.send("/nominations", tmdb_id=FILMS[0]).status_code == 200
    second = household.ben.send("/nominations", tmdb_id=FILMS[1])
    assert code_of(second) == "nominations_used"
    clock.forward(days=7)
    for film in FILMS[:2]:
        assert household.ben.send("/nominations", tmdb_id=film).status_code == 200


@pytest.mark.parametrize(("films", "votes"), [(1, 1), (10, 20)])
def test_the_least_and_the_most_are_within_the_limits(
    household: Household, films: int, votes: int
) -> None:
    sent = {"max_nominations": films, "max_votes": votes, "own_votes": False}
    assert household.ana.send("/admin/limits", **sent).get_json()["limits"] == sent


BAD_LIMITS: list[dict[str, Any]] = [
    {"max_nominations": 0, "max_votes": 2},
    {"max_nominations": 11, "max_votes": 2},
    {"max_nominations": 1, "max_votes": 21},
    {"max_nominations": 1, "max_votes": 0},
    {"max_nominations": 1},
    {"max_nominations": "many", "max_votes": 2},
    {"max_nominations": 1, "max_votes": 2, "own_votes": "perhaps"},
]


def test_limits_out_of_range_are_refused(household: Household, subtests: pytest.Subtests) -> None:
    for fields in BAD_LIMITS:
        with subtests.test(fields=fields):
            assert household.ana.send("/admin/limits", **fields).status_code in (400, 422)
            limits = {"max_nominations": 1, "max_votes": 2, "own_votes": False}
            assert household.ana.ask("/admin").get_json()["limits"] == limits


def test_the_week_by_hand_asks_once_more_without_scripts(household: Household) -> None:
    household.nominate(603)
    page = household.ana.page("/admin")
    assert 'action="/weeks/2026-W47/open-voting"' in page
    assert 'action="/weeks/2026-W47/close"' not in page
    assert household.ana.submit("/weeks/2026-W47/open-voting").status_code == 303
    page = household.ana.page("/admin")
    assert 'action="/weeks/2026-W47/open-voting"' not in page
    assert 'action="/weeks/2026-W47/close"' in page


def test_every_act_is_in_the_audit_log_with_who_whom_and_from_where(household: Household) -> None:
    ana = household.ana
    ana.send("/admin/members", name="Finn", pin="9146", admin=True)
    ana.send("/admin/members/5/rename", name="Fynn")
    ana.send("/admin/members/5/pin", pin="5937")
    for is_admin in (False, True, False):
        ana.send("/admin/members/5/role", admin=is_admin)
    ana.send("/admin/members/5/pin", pin="")
    ana.send("/admin/members/5/retire")
    ana.send("/admin/members/5/bring-back")
    ana.send("/admin/schedule", zone="Europe/Vienna")
    ana.send("/admin/limits", max_nominations=2, max_votes=2)
    with household.app.app_context():
        rows = db.get_db().execute(
            "SELECT action, actor_id, subject_id, address, detail FROM audit_log ORDER BY id"
        )
        found = [tuple(row) for row in rows][-11:]
    assert [row[0] for row in found] == [
        "member_added",
        "renamed",
        "pin_reset",
        "unmade_admin",
        "made_admin",
        "unmade_admin",
        "pin_removed",
        "retired",
        "brought_back",
        "schedule_changed",
        "limits_changed",
    ]
    assert {row[1] for row in found} == {1}
    assert [row[2] for row in found] == [5] * 9 + [None] * 2
    assert {row[3] for row in found} == {"127.0.0.1"}
    assert [row[4] for row in found[:2]] == ["admin", "Finn → Fynn"]
    assert "5937" not in str(found)
