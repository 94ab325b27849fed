"""Members and the week from the command line."""

from typing import Any

import pytest
from click.testing import Result
from flask import Flask

import db
from db import users
from tests.conftest import Clock, Household


def run(app: Flask, *words: str, typed: str = "") -> Result:
    return app.test_cli_runner().invoke(args=words, input=typed)


def rows(app: Flask, query: str) -> list[tuple[Any, ...]]:
    with app.app_context():
        return [tuple(row) for row in db.get_db().execute(query)]


def test_a_member_is_added_with_everything(app: Flask) -> None:
    result = run(app, "add-member", "Eva", "--icon", "🦊", "--pin", "4821", "--admin")
    assert (result.exit_code, result.output) == (0, "Eva is a member now.\n")
    with app.app_context():
        (eva,) = users.list_active(db.get_db())
    assert (eva.name, eva.icon, eva.has_pin, eva.is_admin) == ("Eva", "🦊", True, True)
    assert rows(app, "SELECT action, actor_id, subject_id FROM audit_log") == [
        ("member_added", None, eva.id)
    ]


def test_a_member_needs_no_pin(app: Flask) -> None:
    assert run(app, "add-member", "Eva").exit_code == 0
    with app.app_context():
        assert not users.find(db.get_db(), "Eva").has_pin


REFUSALS: list[tuple[list[str], str]] = [
    (["add-member", "Eva", "--pin", "12"], "A PIN is four to eight digits."),
    (["add-member", "Eva", "--pin", "1234"], "That PIN is among the first that anybody tries."),
    (["add-member", "Eva", "--admin"], "An admin needs a PIN."),
    (["add-member", "ana"], "There is “Ana” already"),
    (["add-member", "a/b"], "A name needs letters"),
    (["make-admin", "Cleo"], "An admin needs a PIN."),
    (["make-admin", "Nobody"], "There is no such member."),
    (["set-pin", "Nobody", "--pin", "4821"], "There is no such member."),
    (["set-pin", "Ben", "--pin", "2580"], "That PIN is among the first that anybody tries."),
    (["open-voting", "2026-W46"], "That is not the week that is on."),
    (["open-voting"], "Nobody has nominated a film yet, so there is nothing to vote on."),
    (["close-week"], "Voting has not begun, so there is nothing to count."),
    (["close-week", "nonsense"], "That is not the week that is on."),
]


def test_a_refusal_is_a_sentence_and_changes_nothing(
    app: Flask, household: Household, subtests: pytest.Subtests
) -> None:
    for words, sentence in REFUSALS:
        with subtests.test(words=words):
            everything = "SELECT id, name, pin, is_admin FROM users"
            before = rows(app, everything)
            result = run(app, *words)
            assert result.exit_code == 1
            assert result.stdout == ""
            assert result.stderr.startswith(f"Error: {sentence}")
            assert rows(app, everything) == before


def test_a_member_becomes_an_admin_and_signs_in_anew(app: Flask, household: Household) -> None:
    assert run(app, "make-admin", "Ben").exit_code == 0
    with app.app_context():
        assert users.find(db.get_db(), "Ben").is_admin
    assert household.ben.ask("/api/state").status_code == 401


def test_who_is_an_admin_already_stays_signed_in(app: Flask, household: Household) -> None:
    assert run(app, "make-admin", "Ana").exit_code == 0
    assert household.ana.ask("/admin").status_code == 200
    assert rows(app, "SELECT action FROM audit_log WHERE action <> 'signed_in'") == []


def test_every_act_is_in_the_audit_log_as_the_server_s(
    app: Flask, household: Household, clock: Clock
) -> None:
    household.nominate(603)
    for words in (
        ["make-admin", "Ben"],
        ["set-pin", "Ben", "--pin", "9146"],
        ["open-voting"],
        ["close-week"],
    ):
        assert run(app, *words).exit_code == 0
    log = "SELECT action, actor_id, subject_id, detail FROM audit_log WHERE action <> 'signed_in'"
    assert rows(app, log) == [
        ("made_admin", None, 2, ""),
        ("pin_reset", None, 2, ""),
        ("voting_opened", None, None, "2026-W47"),
        ("week_closed", None, None, "2026-W47"),
    ]
    assert rows(app, "SELECT voting_opened_by, closed_by FROM weeks") == [(None, None)]


def test_a_new_pin_is_asked_for_twice_and_ends_sessions(app: Flask, household: Household) -> None:
    result = run(app, "set-pin", "Ben", typed="9146\n9146\n")
    assert result.exit_code == 0, result.output
    assert "9146" not in result.output
    assert household.ben.ask("/api/state").status_code == 401
    household.ben.sign_in("9146")


def test_the_week_is_opened_and_closed(app: Flask, household: Household, clock: Clock) -> None:
    first, _second = household.nominate(862, 8587)
    opened = run(app, "open-voting", "2026-W47")
    assert (opened.exit_code, opened.output) == (0, "2026-W47: voting is open.\n")
    household.cleo.send(f"/nominations/{first}/vote")
    closed = run(app, "close-week")
    assert closed.exit_code == 0, closed.output
    assert closed.output.startswith("2026-W47: ")
    assert "1 vote" in closed.output
    assert household.ana.state()["result"]["first"] == first
    assert run(app, "close-week").exit_code == 1
    assert rows(app, "SELECT closed_by FROM weeks") == [(None,)]


def test_a_week_without_votes_is_closed_honestly(app: Flask, household: Household) -> None:
    household.nominate(603)
    assert run(app, "open-voting").exit_code == 0
    closed = run(app, "close-week", "2026-W47")
    assert closed.exit_code == 0
    assert "there is no winner" in closed.output


NO_UTF8: list[list[str]] = [
    ["add-member", "Ev\udcff"],
    ["add-member", "Eva", "--icon", "\udcff"],
    ["add-member", "Eva", "--pin", "48\udcff21"],
    ["make-admin", "\udcff"],
    ["set-pin", "\udcff"],
    ["open-voting", "2026-W\udcff"],
    ["close-week", "\udcff"],
    ["backup", "\udcff.db"],
    ["restore", "\udcff.db"],
]


def test_words_that_are_not_utf8_are_refused_in_a_sentence(
    app: Flask, household: Household, subtests: pytest.Subtests
) -> None:
    for words in NO_UTF8:
        with subtests.test(words=words):
            result = run(app, *words)
            assert (result.exit_code, result.stdout) == (1, "")
            assert result.stderr.endswith(" is not UTF-8, so it cannot be read.\n")
            assert rows(app, "SELECT action FROM audit_log WHERE action <> 'signed_in'") == []


def test_what_is_typed_may_be_anything(app: Flask, household: Household) -> None:
    result = app.test_cli_runner().invoke(args=["set-pin", "Ben"], input=b"\xff\xfe\n")
    assert result.exit_code == 1
    assert "Traceback" not in result.output
