"""The audit log as people read it: all of it for admins, their own for members, never a secret."""

import re
from pathlib import Path
from typing import Any

import db
from db import audit, transaction
from tests.conftest import PINS, ROOT, Household, Person
from utils import instants, messages

NOTED = re.compile(r"(?:audit\.add|record_audit|\.record)\(\s*[\w.]+, [^,]+, (.+?)[,)]", re.DOTALL)
NAME = re.compile(r'"([a-z_]+)"')


def entries(person: Person, url: str = "/admin/audit") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = person.ask(url).get_json()["entries"]
    return found


def note(household: Household, action: str, **about: Any) -> None:
    with household.app.app_context(), transaction(conn := db.get_db()):
        audit.add(conn, instants.now(), action, **about)


def test_the_log_tells_when_who_what_and_from_where(household: Household) -> None:
    before = len(entries(household.ana))
    stranger = household.stranger
    stranger.send("/who", member_id=household.ben.id, pin="9999")
    stranger.send("/who", member_id=household.ben.id, pin=PINS["Ben"])
    household.ben.send("/settings/pin", pin="5937", current_pin=PINS["Ben"])
    household.ana.send("/admin/members/2/pin", pin="")
    household.ana.send("/admin/schedule", zone="Europe/Vienna")
    household.cleo.send("/sign-out")
    found = entries(household.ana)
    told = [(one["sentence"], one["detail"]) for one in found[: len(found) - before]]
    assert told == [
        ("Cleo signed out.", ""),
        (
            "Ana changed the schedule.",
            "Europe/Vienna; nominating from Monday 00:00, voting from Thursday 00:00,"
            " results from Friday 18:00",
        ),
        ("Ana took the PIN away from Ben.", ""),
        ("Ben set a PIN of their own.", ""),
        ("Ben signed in.", ""),
        ("Somebody gave a wrong PIN for Ben.", ""),
    ]
    assert {one["address"] for one in found} == {"127.0.0.1"}
    assert found[0]["at"] == instants.to_text(instants.now())


def test_a_member_sees_their_own_and_nothing_else(household: Household) -> None:
    household.ana.send("/admin/members/4/rename", name="Daniel")
    household.ana.send("/admin/members/3/rename", name="Clio")
    mine = [one["sentence"] for one in entries(household.dan, "/settings/audit")]
    assert mine == ["Ana renamed Daniel.", "Daniel signed in."]
    page = household.dan.page("/settings/audit")
    assert "Dan → Daniel" in page
    assert "Clio" not in page
    assert household.dan.ask("/admin/audit").status_code == 403


def test_an_admin_looks_at_one_member(household: Household) -> None:
    household.ana.send("/admin/members/3/rename", name="Clio")
    filtered = entries(household.ana, f"/admin/audit?member={household.dan.id}")
    assert {one["whom"] for one in filtered} == {"Dan"}
    by_ana = entries(household.ana, f"/admin/audit?member={household.ana.id}")
    assert [one["sentence"] for one in by_ana] == ["Ana renamed Clio.", "Ana signed in."]
    everything = entries(household.ana)
    for odd in ("", "x", "²", "-1", str(2**70)):
        assert entries(household.ana, f"/admin/audit?member={odd}") == everything


def test_pages_end_where_the_next_begins(household: Household) -> None:
    for number in range(96):  # and the cast's sign-ins: two full pages
        note(household, "job_run", detail=f"job {number}", actor_id=1)
    seen, url = [], "/admin/audit"
    while url:
        body = household.ana.ask(url).get_json()
        seen += [one["id"] for one in body["entries"]]
        assert len(body["entries"]) == 50
        url = f"/admin/audit?before={body['older']}" if body["older"] else ""
    assert len(seen) == len(set(seen)) == 96 + 4
    assert seen == sorted(seen, reverse=True)
    first = household.ana.page("/admin/audit")
    assert f'href="/admin/audit?before={seen[49]}"' in first
    assert "Newest" in household.ana.page(f"/admin/audit?before={seen[49]}")


def test_hostile_details_are_only_text(household: Household) -> None:
    note(household, "<script>alert(1)</script>", detail="<img src=x>", address="<b>")
    page = household.ana.page("/admin/audit")
    for text in ("&lt;script&gt;alert(1)&lt;/script&gt;", "&lt;img src=x&gt;", "&lt;b&gt;"):
        assert text in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_choices_as_they_were_written_before_are_shown_as_they_are(household: Household) -> None:
    for stored in ("{'zone': 'UTC'}", "[1]", "{}", "NaN", ""):
        note(household, "schedule_changed", detail=stored)
        assert entries(household.ana)[0]["detail"] == stored


TAKEN = (
    "Somebody else here has linked this Trakt account. Sign in at Trakt as yourself,"
    " or ask an admin to let members share one."
)
DETAILS: list[tuple[str, str, str]] = [
    ("linked", "ana-films", "@ana-films"),
    ("linked", "", ""),  # Trakt could not tell yet whose account it is
    ("unlinked", "ana-films", "@ana-films"),
    ("link_refused", "trakt_account_taken", TAKEN),
    ("link_refused", "code of another version", "code of another version"),
    ("refresh_failed", "reconnect", "Trakt has ended this link. Please link your account again."),
    ("voting_opened", "2026-W47", "Week of 16 November 2026"),
    ("voting_opened", "week of another version", "week of another version"),
    ("imported", '{"members": 4}', ""),
    ("member_added", "admin", ""),
    (
        "limits_changed",
        '{"max_nominations": 1, "max_votes": 2, "own_votes": true}',
        "1 nomination and 2 votes a person, own films too",
    ),
    (
        "limits_changed",
        '{"max_nominations": 2, "max_votes": 1, "own_votes": false}',
        "2 nominations and 1 vote a person",
    ),
    (
        "trakt_settings_changed",
        '{"hours": 1, "share": true}',
        "synced every hour, accounts may be shared",
    ),
    (
        "trakt_settings_changed",
        '{"hours": 3, "share": false}',
        "synced every 3 hours, an account for each",
    ),
]


def test_what_a_row_adds_is_told_in_words(household: Household) -> None:
    for action, stored, told in DETAILS:
        note(household, action, detail=stored, subject_id=household.cleo.id)
        assert (action, entries(household.ana)[0]["detail"]) == (action, told)


def test_an_act_of_another_version_is_told_by_its_name(household: Household) -> None:
    note(household, "danced", actor_id=household.cleo.id)
    note(household, "danced", address="192.0.2.7")
    note(household, "danced")
    told = [one["sentence"] for one in entries(household.ana)[:3]]
    assert told == ["The server: danced", "Somebody: danced", "Cleo: danced"]


def test_every_act_that_is_noted_has_words() -> None:
    noted: set[str] = set()
    for room in ("blueprints", "cli", "services", "trakt", "db"):
        for path in Path(ROOT, room).rglob("*.py"):
            for argument in NOTED.findall(path.read_text("utf-8")):
                noted |= set(NAME.findall(argument))
    assert {"signed_in", "pin_changed", "unmade_admin", "refresh_failed", "job_run"} <= noted
    assert noted - set(messages.AUDIT) == set()


def test_no_pin_or_secret_is_in_the_log(household: Household) -> None:
    household.ana.send("/admin/trakt/app", client_id="an-id", client_secret="canary-secret")
    household.ana.send("/admin/members", name="Finn", pin="5937")
    household.ana.send("/who", member_id=5, pin="8624")
    household.ana.send("/settings/pin", pin="6185", current_pin=PINS["Ana"])
    with household.app.app_context():
        rows = db.get_db().execute("SELECT * FROM audit_log").fetchall()
    stored = str([tuple(row) for row in rows])
    assert "an-id" in stored
    for canary in ("canary-secret", "5937", "8624", "6185", *PINS.values(), household.ana.cookie):
        assert canary not in stored


def test_a_backup_that_was_put_back_is_told(household: Household, tmp_path: Path) -> None:
    copy, run = str(tmp_path / "copy.db"), household.app.test_cli_runner().invoke
    assert run(args=["backup", copy]).exit_code == 0
    db.close_db(household.app)
    assert run(args=["restore", copy]).exit_code == 0
    household.ana.sign_in(PINS["Ana"])
    told = [one["sentence"] for one in entries(household.ana)[:2]]
    assert told == ["Ana signed in.", "The server put a backup in place of the database."]
