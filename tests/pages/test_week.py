"""This week from Monday to the evening: nominating, an admin's hand, the count, the couch."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

import db
import migrate_json
from db import movies, settings
from tests.conftest import CHEAP, Clock, Household
from tests.migration.household import current, nomination, vote_id, write_json

WEEK = "/weeks/2026-W47"
HOSTILE = '<script>alert("1")</script>'


def code(answer: TestResponse) -> str:
    return str(answer.get_json()["error"]["code"])


def test_nominating_answers_the_state(household: Household) -> None:
    answer = household.ana.send("/nominations", tmdb_id=603)
    assert answer.status_code == 200
    assert [film["title"] for film in answer.get_json()["nominations"]] == ["The Matrix"]
    assert answer.get_json()["members"][0]["nominated"]


def test_a_form_nominates_and_leads_back_to_the_week(household: Household) -> None:
    answer = household.ana.submit("/nominations", tmdb_id="603")
    assert (answer.status_code, answer.location) == (303, "/")
    assert "The Matrix" in household.ben.page("/")


def test_a_second_nomination_is_refused_until_the_first_is_withdrawn(household: Household) -> None:
    (first,) = household.nominate(603)
    refused = household.ana.send("/nominations", tmdb_id=862)
    assert (refused.status_code, code(refused)) == (409, "nominations_used")
    page = household.ana.submit("/nominations", tmdb_id="862")
    assert page.status_code == 409
    assert "Withdraw your film first" in page.text
    assert household.ana.send(f"/nominations/{first}/withdraw").status_code == 200
    assert household.ana.send("/nominations", tmdb_id=862).status_code == 200


def test_a_film_is_nominated_once_a_week(household: Household) -> None:
    household.nominate(603)
    refused = household.ben.send("/nominations", tmdb_id=603)
    assert (refused.status_code, code(refused)) == (409, "already_nominated")
    assert "Ana has nominated" in household.ben.submit("/nominations", tmdb_id="603").text


def test_only_the_proposer_withdraws(household: Household) -> None:
    (first,) = household.nominate(603)
    refused = household.ben.send(f"/nominations/{first}/withdraw")
    assert (refused.status_code, code(refused)) == (403, "not_your_nomination")
    assert len(household.ben.state()["nominations"]) == 1
    assert f"/nominations/{first}/withdraw" in household.ana.page("/")
    assert f"/nominations/{first}/withdraw" not in household.ben.page("/")


def test_nothing_is_withdrawn_once_voting_is_open(household: Household, clock: Clock) -> None:
    """Nor while the next week is nominating."""
    first, *rest = household.nominate(603, 862, 129, 13)
    for weekday in (1, 5, 8):
        clock.to(weekday)
        refused = household.ana.send(f"/nominations/{first}/withdraw")
        assert (refused.status_code, code(refused)) == (409, "not_nominating")
        assert "/withdraw" not in household.ana.page("/")
    films = household.ana.ask(WEEK).get_json()["nominations"]
    assert [film["id"] for film in films] == [first, *rest]


def test_voting_opens_early_when_everybody_has_nominated(household: Household) -> None:
    household.nominate(603, 862, 129)
    assert household.dan.state()["phase"] == "nomination"
    answer = household.dan.send("/nominations", tmdb_id=13)
    assert answer.get_json()["phase"] == "voting"
    assert answer.get_json()["votes_left"] == 2


def test_voting_opens_early_when_everybody_has_used_all_nominations(
    household: Household, clock: Clock
) -> None:
    household.ana.send("/admin/limits", max_nominations=2, max_votes=2)
    household.nominate(603, 862, 129, 13)
    clock.to(8)
    household.nominate(603, 862, 129, 13)
    household.nominate(680, 949, 8587)
    assert household.dan.state()["phase"] == "nomination"
    assert "Your films are in." in household.ana.page("/")
    assert "Which film do you want to see?" in household.dan.page("/")
    answer = household.dan.send("/nominations", tmdb_id=194)
    assert answer.get_json()["phase"] == "voting"


def test_who_brought_more_along_than_the_week_allows_has_done_their_part(
    household: Household, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old app set no such limit."""
    monkeypatch.setenv("DATA_DIR", str(household.app.config["DATA_DIR"]))
    films = [nomination(film, "Ana") for film in (603, 862, 949)]
    votes = {vote_id(film): {"Ben": True} for film in (603, 862, 949)}
    document = {"currentWeek": current("2026-W47", films, votes)}
    file = write_json(tmp_path / "old" / "data.json", document)
    assert migrate_json.main([str(file)], pin_cost=CHEAP) == 0
    for person, film in ((household.ben, 129), (household.cleo, 13), (household.dan, 680)):
        assert household.ana.state()["phase"] == "nomination"
        assert person.send("/nominations", tmdb_id=film).status_code == 200
    assert household.ana.state()["phase"] == "voting"
    assert household.ben.state()["votes_left"] == 0


def test_a_film_that_nobody_knows_gets_the_title_of_its_card(household: Household) -> None:
    fields = {"tmdb_id": 987654321, "title": "  Our   Holiday ", "year": "2019"}
    card = household.ana.send("/nominations", **fields).get_json()["nominations"][0]
    assert (card["title"], card["year"]) == ("Our Holiday", 2019)


def test_a_title_that_is_sent_does_not_rename_a_film_of_the_list(household: Household) -> None:
    answer = household.ana.send("/nominations", tmdb_id=603, title="Mine", year=1900)
    card = answer.get_json()["nominations"][0]
    assert (card["title"], card["year"]) == ("The Matrix", 1999)


def test_a_film_without_any_title_is_called_by_its_number(household: Household) -> None:
    card = household.ana.send("/nominations", tmdb_id=2**63 - 1).get_json()["nominations"][0]
    assert card["title"] == f"TMDB film {2**63 - 1}"


def test_a_hostile_title_is_only_text(household: Household) -> None:
    household.ana.send("/nominations", tmdb_id=987654321, title=HOSTILE)
    for url in ("/", "/films/987654321", "/posters/film/987654321", WEEK):
        text = household.ben.page(url)
        assert HOSTILE not in text, url
        assert "&lt;script&gt;" in text, url


BAD_NOMINATIONS: list[tuple[dict[str, Any], int]] = [
    ({}, 400),
    ({"tmdb_id": ""}, 400),
    ({"tmdb_id": None}, 400),
    ({"tmdb_id": "abc"}, 400),
    ({"tmdb_id": True}, 400),
    ({"tmdb_id": [603]}, 400),
    ({"tmdb_id": {"id": 603}}, 400),
    ({"tmdb_id": "\x00"}, 400),
    ({"tmdb_id": 603.5}, 422),
    ({"tmdb_id": 0}, 422),
    ({"tmdb_id": -5}, 422),
    ({"tmdb_id": 2**63}, 422),
    ({"tmdb_id": 10**400}, 422),
    ({"tmdb_id": 987654321, "title": "\ud800"}, 400),
    ({"tmdb_id": 987654321, "title": "a\x00b"}, 400),
    ({"tmdb_id": 987654321, "title": 5}, 400),
    ({"tmdb_id": 987654321, "title": "x" * 301}, 422),
    ({"tmdb_id": 987654321, "title": "x", "year": 99999}, 422),
    ({"tmdb_id": 987654321, "title": "x", "year": "soon"}, 400),
]


def test_a_bad_nomination_changes_nothing(
    household: Household, app: Flask, subtests: pytest.Subtests
) -> None:
    for body, status in BAD_NOMINATIONS:
        with subtests.test(body=body):
            answer = household.ana.send("/nominations", **body)
            assert answer.status_code == status, answer.text
            assert answer.get_json()["error"]["message"]
            assert household.ana.state()["nominations"] == []
            with app.app_context():
                assert movies.get(db.get_db(), 987654321) is None


BAD_IDS: list[str] = ["abc", "", "0", str(2**63), "603.5", "\x00"]


def test_a_bad_form_comes_back_as_the_page_with_a_sentence(
    household: Household, subtests: pytest.Subtests
) -> None:
    for tmdb_id in BAD_IDS:
        with subtests.test(tmdb_id=tmdb_id):
            by_json = household.ana.send("/nominations", tmdb_id=tmdb_id)
            page = household.ana.submit("/nominations", tmdb_id=tmdb_id)
            assert page.status_code == by_json.status_code
            assert "role=alert" in page.text
            assert "Nominating" in page.text


NO_JSON: list[tuple[bytes, int]] = [
    (b"{", 400),
    (b"[603]", 400),
    (b"NaN", 400),
    (b'{"tmdb_id": NaN}', 400),
    (b'{"tmdb_id": Infinity}', 400),
    (b"[" * 100_000, 400),
    (b'{"tmdb_id": ' * 20_000, 400),
    (b"\xff\xfe", 400),
    (json.dumps({"tmdb_id": 603, "title": "x" * 300_000}).encode(), 413),
]


def test_a_body_that_is_no_json_is_refused(household: Household, subtests: pytest.Subtests) -> None:
    for data, status in NO_JSON:
        with subtests.test(data=data):
            headers = {"Accept": "application/json", "X-CSRFToken": household.ana.token}
            kind = "application/json"
            answer = household.ana.client.post(
                "/nominations", data=data, headers=headers, content_type=kind
            )
            assert answer.status_code == status
            assert answer.get_json()["error"]["code"]
            assert household.ana.state()["nominations"] == []


def test_only_an_admin_hurries_or_skips_the_week(household: Household) -> None:
    for act in ("open-voting", "close", "skip"):
        refused = household.ben.send(f"{WEEK}/{act}")
        assert (refused.status_code, code(refused)) == (403, "admins_only")
    assert household.ben.state()["phase"] == "nomination"
    assert "Skip this week" not in household.ben.page("/")
    assert "Skip this week" in household.ana.page("/")


def test_an_admin_opens_voting_and_closes_it(household: Household) -> None:
    first, _second = household.nominate(603, 862)
    assert household.ana.send(f"{WEEK}/open-voting").get_json()["phase"] == "voting"
    household.cleo.send(f"/nominations/{first}/vote")
    body = household.ana.send(f"{WEEK}/close").get_json()
    assert (body["phase"], body["result"]["first"]) == ("results", first)


def test_an_admin_skips_the_week(household: Household) -> None:
    body = household.ana.send(f"{WEEK}/skip").get_json()
    assert (body["phase"], body["result"]) == ("skipped", None)
    assert "No movie night this week" in household.ben.page("/")
    assert household.ben.send("/nominations", tmdb_id=603).status_code == 409


def test_a_skipped_week_is_not_counted_but_may_have_its_evening(
    household: Household, clock: Clock
) -> None:
    household.nominate(603)
    household.ana.send(f"{WEEK}/skip")
    clock.to(5)
    assert household.ana.state()["phase"] == "skipped"
    assert f'action="{WEEK}/watched"' in household.ben.page("/")
    clock.to(8)
    assert household.ana.ask(WEEK).get_json()["result"] is None


@pytest.mark.parametrize("acts", [["open-voting"], ["open-voting", "close"], ["skip"]])
def test_an_act_changes_its_own_week_alone(
    household: Household, clock: Clock, acts: list[str]
) -> None:
    """The server's clock was a week fast, so the next week is there already."""
    clock.to(8)
    household.nominate(603)
    clock.to(1)
    household.nominate(603)
    for act in acts:
        assert household.ana.send(f"{WEEK}/{act}").status_code == 200
    clock.to(8)
    assert household.ana.state()["phase"] == "nomination"


def test_nobody_opens_voting_on_nothing(household: Household, clock: Clock) -> None:
    """Nobody could nominate any more; the clock opens it all the same."""
    household.nominate(862)
    clock.forward(days=7)
    (only,) = household.nominate(603)
    household.ana.send(f"/nominations/{only}/withdraw")
    sentence = "Nobody has nominated a film yet, so there is nothing to vote on."
    refused = household.ana.send("/weeks/2026-W48/open-voting")
    assert (refused.status_code, code(refused)) == (409, "nothing_nominated")
    assert sentence in household.ana.submit("/weeks/2026-W48/open-voting").text
    clock.to(11)
    assert household.ana.state()["phase"] == "voting"


def test_voting_is_not_offered_before_there_is_a_film(household: Household, clock: Clock) -> None:
    for film in (None, 603):
        if film:
            household.nominate(film)
        for url in ("/", "/admin"):
            page = household.ana.page(url)
            assert (f'action="{WEEK}/open-voting"' in page) is bool(film), (url, film)
            assert f'action="{WEEK}/skip"' in page


@pytest.mark.parametrize(
    ("acts", "refusal"),
    [
        (["close"], "voting_not_open"),
        (["open-voting", "open-voting"], "voting_opened_already"),
        (["open-voting", "close", "close"], "week_over"),
        (["open-voting", "close", "skip"], "week_over"),
        (["skip", "skip"], "week_over"),
        (["skip", "close"], "week_over"),
        (["skip", "open-voting"], "voting_opened_already"),
    ],
)
def test_an_act_at_the_wrong_time_is_refused(
    household: Household, acts: list[str], refusal: str
) -> None:
    household.nominate(603)
    *earlier, last = acts
    for act in earlier:
        assert household.ana.send(f"{WEEK}/{act}").status_code == 200
    before = household.ana.state()
    refused = household.ana.send(f"{WEEK}/{last}")
    assert (refused.status_code, code(refused)) == (409, refusal)
    assert household.ana.state() == before


UNKNOWN_WEEKS: list[str] = ["2026-W46", "2026-W48", "2026-W99", "2026-w47", "x", "2026-W470"]


def test_a_week_that_nobody_knows_is_404(household: Household, subtests: pytest.Subtests) -> None:
    for week in UNKNOWN_WEEKS:
        with subtests.test(week=week):
            for act in ("open-voting", "close", "skip"):
                assert household.ana.send(f"/weeks/{week}/{act}").status_code == 404
            assert household.ana.ask(f"/weeks/{week}").status_code == 404
            body = {"tmdb_id": 603, "members": ["Ana"], "action": "start"}
            for act in ("watched", "unwatched", "playing"):
                assert household.ana.send(f"/weeks/{week}/{act}", **body).status_code == 404
                assert household.ana.submit(f"/weeks/{week}/{act}", **body).status_code == 404


def test_a_week_that_is_over_takes_no_acts(household: Household, clock: Clock) -> None:
    household.nominate(603)
    clock.to(7)
    refused = household.ana.send(f"{WEEK}/close")
    assert (refused.status_code, code(refused)) == (409, "not_this_week")


def audit_log(app: Flask) -> list[tuple[int | None, str, str, str]]:
    columns = "actor_id, action, detail, address"
    with app.app_context():
        return [
            tuple(row)
            for row in db.get_db().execute(
                f"SELECT {columns} FROM audit_log WHERE action LIKE 'v%' OR action LIKE 'week%'"
            )
        ]


def test_the_log_has_one_name_for_an_act_of_an_admin_the_clock_or_the_command(
    household: Household, app: Flask, clock: Clock
) -> None:
    ana, dan = household.ana.id, household.dan.id
    household.nominate(603, 862, 129)
    household.ana.send(f"{WEEK}/open-voting")
    household.ana.send(f"{WEEK}/close")
    clock.to(7)
    household.nominate(603, 862, 129, 13)  # Dan is the last, so voting opens
    clock.to(14)
    household.ana.send("/weeks/2026-W49/skip")
    clock.to(21)
    household.nominate(603)
    clock.to(24)
    household.ana.state()
    app.test_cli_runner().invoke(args=["close-week"])
    browser, nowhere = "127.0.0.1", ""
    assert audit_log(app) == [
        (ana, "voting_opened", "2026-W47", browser),
        (ana, "week_closed", "2026-W47", browser),
        (dan, "voting_opened_early", "2026-W48", browser),
        (None, "week_closed", "2026-W48", nowhere),
        (ana, "week_skipped", "2026-W49", browser),
        (None, "voting_opened", "2026-W50", nowhere),
        (None, "week_closed", "2026-W50", nowhere),
    ]
    with app.app_context():
        rows = db.get_db().execute("SELECT voting_opened_by, closed_by, skipped_by FROM weeks")
        assert [tuple(row) for row in rows] == [
            (ana, ana, None),
            (None, None, None),
            (None, None, ana),
            (None, None, None),
        ]


def test_a_missed_deadline_is_caught_up_once_at_the_next_look(
    household: Household, clock: Clock
) -> None:
    first, *_rest = household.nominate(603, 862, 129, 13)
    household.ben.send(f"/nominations/{first}/vote")
    clock.forward(days=20)
    assert household.ana.state()["week"] == "2026-W50"
    result = household.ana.ask(WEEK).get_json()["result"]
    assert result["first"] == first
    assert household.ben.ask(WEEK).get_json()["result"] == result


def test_a_week_without_votes_says_so(household: Household, clock: Clock) -> None:
    household.nominate(603, 862)
    clock.to(5)
    result = household.ana.state()["result"]
    assert (result["first"], result["second"]) == (None, None)
    assert result["reason"] == "Nobody voted, so there is no winner."
    assert "Nobody voted, so there is no winner." in household.ana.page("/")


def test_after_the_count_each_film_shows_its_votes_and_who_has_seen_it(
    household: Household, clock: Clock
) -> None:
    ids = household.nominate(603, 862, 129)
    for person, film in ((household.cleo, 603), (household.ben, 862), (household.dan, 129)):
        person.send(f"/films/{film}/watched")
    clock.to(3)
    household.dan.send(f"/nominations/{ids[0]}/vote")
    household.cleo.send(f"/nominations/{ids[1]}/vote")
    clock.to(5)
    page = household.ana.page("/")
    winner, second, rest = (page.index(words) for words in (">Winner<", ">Second<", ">Also nom"))
    assert page.count("Seen by") == 3
    assert winner < page.index("Seen by Cleo") < second
    assert second < page.index("Seen by Ben") < rest < page.index("Seen by Dan")
    assert re.findall(r"<strong>(\d votes?)</strong>", page) == ["1 vote", "1 vote", "0 votes"]
    assert page.count("Nominated by") == 3
    assert page.count("place--first") == 1
    assert "You voted for it" not in page
    assert 'id="people"' not in page
    assert "For admins" not in page
    assert winner < household.dan.page("/").index("You voted for it") < second


def test_the_page_names_the_winner_and_the_rule(household: Household, clock: Clock) -> None:
    first, second, *_rest = household.nominate(603, 862, 129, 13)
    household.cleo.send(f"/nominations/{first}/vote")
    household.dan.send(f"/nominations/{second}/vote")
    clock.to(5)
    page = household.ana.page("/")
    assert "1 vote each; The Matrix was nominated earlier than Toy Story." in page
    assert 'data-reveal="2026-W47"' in page


@pytest.mark.parametrize(
    ("weekday", "says"),
    [(1, "Be the first!"), (3, "No film was nominated this week."), (5, "There is no winner")],
)
def test_an_empty_week_is_never_a_blank_page(
    household: Household, clock: Clock, weekday: int, says: str
) -> None:
    clock.to(weekday)
    assert says in household.cleo.page("/")


def test_the_deadline_stands_there_on_the_households_clock(household: Household) -> None:
    with household.app.app_context(), db.transaction(conn := db.get_db()):
        settings.put(conn, "zone", "America/New_York")
    page = household.cleo.page("/")
    assert "Thursday 19 November, 00:00" in page
    assert 'datetime="2026-11-19T05:00:00.000Z"' in page


BAD_FIELDS: list[tuple[dict[str, Any], int]] = [
    ({}, 422),
    ({"members": []}, 422),
    ({"members": None}, 422),
    ({"members": ["Nobody"]}, 404),
    ({"members": [999]}, 404),
    ({"members": [2**70]}, 404),
    ({"members": ["Ana", "Nobody"]}, 404),
    ({"members": [1.5]}, 400),
    ({"members": [True]}, 400),
    ({"members": {"Ana": 1}}, 400),
    ({"members": ["\ud800"]}, 400),
    ({"members": ["Ana"], "watched_at": "yesterday"}, 400),
    ({"members": ["Ana"], "watched_at": "2026-11-20T18:00:00"}, 400),
    ({"members": ["Ana"], "watched_at": 5}, 400),
    ({"members": ["Ana"], "watched_at": "2026-11-21T20:00:01Z"}, 422),
    ({"members": ["Ana"], "watched_at": "1899-12-31T23:59:59Z"}, 422),
    ({"members": ["Ana"], "tmdb_id": 2**63}, 422),
    ({"members": ["Ana"], "tmdb_id": "x"}, 400),
]


class TestMovieNight:
    @pytest.fixture(autouse=True)
    def _counted(self, household: Household, clock: Clock) -> None:
        first, *_rest = household.nominate(603, 862, 129, 13)
        household.ben.send(f"/nominations/{first}/vote")
        clock.to(4, hour=20)

    def seen(self, household: Household, tmdb_id: int = 603) -> list[str]:
        return [row["member"] for row in self.film(household, tmdb_id)["seen"]]

    def film(self, household: Household, tmdb_id: int = 603) -> dict[str, Any]:
        body: dict[str, Any] = household.dan.ask(f"/films/{tmdb_id}").get_json()
        return body

    def test_anybody_marks_anybody_by_id_or_name(self, household: Household) -> None:
        household.dan.send(f"{WEEK}/watched", tmdb_id=862, members=["Dan"])
        who = ["Ana", household.ben.id, str(household.cleo.id)]
        answer = household.dan.send(f"{WEEK}/watched", tmdb_id=603, members=who)
        assert answer.get_json() == {
            "receipts": [
                {"member": name, "tmdb_id": 603, "status": "not linked", "detail": ""}
                for name in ("Ana", "Ben", "Cleo")
            ]
        }
        assert self.seen(household) == ["Ana", "Ben", "Cleo"]

    def test_marking_twice_marks_once(self, household: Household) -> None:
        for _ in range(2):
            household.dan.send(f"{WEEK}/watched", tmdb_id=603, members=["Ana", household.ana.id])
        (watched,) = household.dan.ask(WEEK).get_json()["watched"]
        assert watched["members"] == ["Ana"]

    def test_the_evening_is_when_results_start(self, household: Household) -> None:
        household.dan.send(f"{WEEK}/watched", tmdb_id=603, members=["Ana"])
        assert self.film(household)["seen"][0]["watched_at"] == "2026-11-20T18:00:00.000Z"

    def test_an_evening_that_is_ahead_was_just_now(
        self, household: Household, clock: Clock
    ) -> None:
        clock.to(8)
        household.dan.send("/weeks/2026-W48/watched", tmdb_id=8587, members=["Ana"])
        assert self.film(household, 8587)["seen"][0]["watched_at"] == "2026-11-24T12:00:00.000Z"

    def test_a_time_that_is_given_is_kept(self, household: Household) -> None:
        fields = {"tmdb_id": 603, "members": ["Ana"], "watched_at": "2026-11-19T21:30:00+01:00"}
        household.dan.send(f"{WEEK}/watched", **fields)
        assert self.film(household)["seen"][0]["watched_at"] == "2026-11-19T20:30:00.000Z"

    def test_bad_fields_mark_nobody(self, household: Household, subtests: pytest.Subtests) -> None:
        for fields, status in BAD_FIELDS:
            with subtests.test(fields=fields):
                answer = household.dan.send(f"{WEEK}/watched", **{"tmdb_id": 603, **fields})
                assert answer.status_code == status, answer.text
                assert self.seen(household) == []

    @pytest.mark.parametrize("watched_at", ["2026-11-21T20:00:00Z", "1900-01-01T00:00:00Z"])
    def test_an_evening_is_of_1900_at_the_earliest_and_of_tomorrow_at_the_latest(
        self, household: Household, watched_at: str
    ) -> None:
        """The clock of a device may run fast, and its zone may be ahead."""
        fields = {"tmdb_id": 603, "members": ["Ana"], "watched_at": watched_at}
        assert household.dan.send(f"{WEEK}/watched", **fields).status_code == 200

    def test_who_has_left_was_not_there(self, household: Household) -> None:
        household.ana.send(f"/admin/members/{household.dan.id}/retire")
        refused = household.ben.send(f"{WEEK}/watched", tmdb_id=603, members=["Ana", "Dan"])
        assert (refused.status_code, code(refused)) == (409, "retired")
        assert household.ben.ask("/films/603").get_json()["seen"] == []
        assert household.ben.page("/").count('name="members"') == 3
        assert ">Dan<" not in household.ben.page("/")

    def test_who_has_left_can_be_taken_off_an_evening(self, household: Household) -> None:
        household.ben.send(f"{WEEK}/watched", tmdb_id=603, members=["Ben", "Dan"])
        household.ana.send(f"/admin/members/{household.dan.id}/retire")
        undo = {"tmdb_id": 603, "members": ["Dan"]}
        assert household.ben.send(f"{WEEK}/unwatched", **undo).status_code == 200
        (watched,) = household.ben.ask(WEEK).get_json()["watched"]
        assert watched["members"] == ["Ben"]

    @pytest.mark.parametrize("who", ["ben", "cleo", "ana"])
    def test_undone_by_who_marked_it_who_is_meant_or_an_admin(
        self, household: Household, who: str
    ) -> None:
        household.ben.send(f"{WEEK}/watched", tmdb_id=603, members=["Ben", "Cleo"])
        person = getattr(household, who)
        answer = person.send(f"{WEEK}/unwatched", tmdb_id=603, members=["Cleo"])
        assert answer.status_code == 200
        assert self.seen(household) == ["Ben"]

    def test_one_is_taken_off_one_film_of_one_evening(
        self, household: Household, clock: Clock
    ) -> None:
        ben, weeks = household.ben, ("2026-W47", "2026-W48")
        clock.to(9)
        ben.state()
        for week, film, who in ((0, 603, ["Ben", "Cleo"]), (0, 862, ["Ben"]), (1, 603, ["Ben"])):
            ben.send(f"/weeks/{weeks[week]}/watched", tmdb_id=film, members=who)
        for _time in range(2):
            answer = ben.send(f"{WEEK}/unwatched", tmdb_id=603, members=["Ben"])
            assert answer.status_code == 200
            nights = [ben.ask(f"/weeks/{week}").get_json()["watched"] for week in weeks]
            assert [{film["tmdb_id"]: film["members"] for film in night} for night in nights] == [
                {603: ["Cleo"], 862: ["Ben"]},
                {603: ["Ben"]},
            ]

    def test_somebody_elses_mark_stays(self, household: Household) -> None:
        household.ben.send(f"{WEEK}/watched", tmdb_id=603, members=["Ben", "Cleo"])
        refused = household.dan.send(f"{WEEK}/unwatched", tmdb_id=603, members=["Cleo"])
        assert (refused.status_code, code(refused)) == (403, "not_your_mark")
        assert self.seen(household) == ["Ben", "Cleo"]
        for person in household.everyone:
            offered = "That is not right" in person.page("/")
            assert offered is (person is not household.dan)

    def test_each_is_offered_to_take_back_only_what_is_theirs(self, household: Household) -> None:
        household.ben.send(f"{WEEK}/watched", tmdb_id=603, members=["Cleo", "Ben"])
        pages = {person.name: person.page("/") for person in household.everyone}
        box = re.compile(r'name="members" value="\d+"> <span>(\w+)</span>')
        assert {name: box.findall(page) for name, page in pages.items()} == {
            "Ana": ["Cleo", "Ben"],
            "Ben": ["Cleo", "Ben"],
            "Cleo": ["Cleo"],
            "Dan": [],
        }
        assert "That is not right" not in pages["Dan"]

    def test_the_form_marks_rates_and_takes_back(self, household: Household) -> None:
        page = household.ben.page("/")
        assert page.count('name="members"') == 4
        members = [str(household.ben.id), str(household.cleo.id)]
        done = household.ben.submit(f"{WEEK}/watched", tmdb_id="603", members=members)
        assert (done.status_code, done.location) == (303, "/#evening")
        rated = household.ben.submit("/films/603/rating", rating="7", week="2026-W47")
        assert (rated.status_code, rated.location) == (303, "/#rating-603")
        assert household.dan.send("/films/603/rating", rating=1).status_code == 200  # not there
        assert "Together you gave it" not in household.cleo.page("/")
        assert household.cleo.send("/films/603/rating", rating=8).status_code == 200
        assert "Together you gave it 7.5 of 10." in household.cleo.page("/")
        for person, rating in ((household.ben, 7), (household.cleo, 8)):
            assert f'id="rate-603-{rating}" value="{rating}" checked' in person.page("/")
        undone = household.ben.submit(f"{WEEK}/unwatched", tmdb_id="603", members=members)
        assert undone.status_code == 303
        assert self.seen(household) == []

    def test_a_form_without_anybody_comes_back_with_a_sentence(self, household: Household) -> None:
        page = household.ben.submit(f"{WEEK}/watched", tmdb_id="603")
        assert page.status_code == 422
        assert "Say who was watching." in page.text

    def test_an_evening_can_be_marked_later(self, household: Household, clock: Clock) -> None:
        clock.to(9)
        page = household.ben.page(WEEK)
        assert "We watched it" in page
        assert "Start the film" not in page
        done = household.ben.submit(f"{WEEK}/watched", tmdb_id="603", members=["Ben"])
        assert done.location == f"{WEEK}#evening"
        page = household.ben.page(WEEK)
        assert "Watched together on" in page
        assert 'id="watched"' in page
        assert 'id="start"' not in page

    def test_what_is_watched_or_on_is_no_choice_any_more(self, household: Household) -> None:
        start = {"tmdb_id": 862, "members": ["Ben"], "action": "start"}
        household.ben.send(f"{WEEK}/playing", **start)
        household.ben.send(f"{WEEK}/watched", tmdb_id=603, members=["Ben"])
        choices = re.findall(r'<option value="?(\d+)', household.ben.page("/"))
        assert choices == ["129", "13"]


def test_an_evening_before_the_count_is_marked_not_started(household: Household) -> None:
    household.nominate(603, 862)
    assert 'id="evening"' not in household.ben.page("/")
    household.ben.send(f"{WEEK}/watched", tmdb_id=603, members=["Ben"])
    page = household.ben.page("/")
    assert "Watched together on" in page
    assert re.findall(r'<option value="(\d+)"', page) == ["862"]
    assert 'id="start"' not in page


def test_a_page_that_is_old_votes_for_no_other_film(household: Household) -> None:
    first, second = household.nominate(603, 680)
    household.ben.send(f"/nominations/{second}/withdraw")
    household.cleo.send("/nominations", tmdb_id=862)
    household.ana.send("/weeks/2026-W47/open-voting")
    answer = household.dan.send(f"/nominations/{second}/vote")
    assert answer.status_code == 404
    assert [card["your_vote"] for card in household.dan.state()["nominations"]] == [False, False]
    assert first not in (second, household.dan.state()["nominations"][1]["id"])
