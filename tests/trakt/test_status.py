"""How a link stands, told to its member and to admins; and that no secret is ever seen."""

import logging
import sqlite3
import zipfile
from functools import partial
from pathlib import Path

import pytest

from db import backup, transaction
from services import sync_queue, timers
from tests.conftest import Household
from tests.fake_trakt import faults
from tests.trakt.connected import Connected
from trakt import application
from utils import instants


def test_the_status_is_the_contracts(household: Household, connected: Connected) -> None:
    nothing = household.ana.ask("/api/trakt/status/Ana").get_json()
    sync = nothing["sync"]
    idle = {"state": "idle", "step": "", "done": 0, "total": 0, "error": None}
    assert idle.items() <= sync.items()
    assert nothing == {
        "linked": False,
        "username": None,
        "linked_at": None,
        "last_sync": None,
        "needs_reconnect": False,
        "pending_writes": 0,
        "sync": sync,
        "problem": None,
    }
    connected.linked(household.ana)
    assert household.ana.ask(f"/api/trakt/status/{household.ana.id}").get_json() == nothing | {
        "linked": True,
        "username": "ana-films",
        "linked_at": instants.to_text(connected.clock.now),
        "last_sync": instants.to_text(connected.clock.now),
    }
    connected.trakt.fail("/sync/last_activities", faults.answer(403))
    household.ana.send("/api/trakt/sync/Ana")
    assert sync_queue.executor(connected.app).wait(20)
    assert household.ana.ask("/api/trakt/status/Ana").get_json()["sync"]["state"] == "failed"
    household.ana.submit("/auth/trakt/unlink")
    assert household.ana.ask("/api/trakt/status/Ana").get_json() == nothing


def test_members_see_their_own_and_admins_everybodys(
    household: Household, connected: Connected
) -> None:
    connected.linked(household.ana, "admins-films")
    connected.linked(household.cleo)
    assert "admins-films" not in household.cleo.page("/settings")
    for who in ("Cleo", str(household.cleo.id)):
        for person in (household.cleo, household.ana):
            assert person.ask(f"/api/trakt/status/{who}").get_json()["linked"]
        assert household.dan.ask(f"/api/trakt/status/{who}").status_code == 403
    assert household.dan.ask("/api/trakt/status/Nobody").status_code == 403
    assert household.ana.ask("/api/trakt/status/Nobody").status_code == 404
    assert "ana-films" not in household.dan.page("/settings")


def test_no_token_or_secret_is_seen_in_pages_logs_database_or_backups(
    household: Household,
    connected: Connected,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
) -> None:
    caplog.set_level(logging.DEBUG)
    seen: list[str] = []
    account = connected.linked(household.ana)
    for fault in (faults.after(500), faults.garbage('{"access_token": "canary"}'), faults.cut()):
        begun = household.ben.send("/trakt/auth/device").get_json()
        connected.trakt.fail("/oauth/device/token", fault)
        connected.trakt.decide(begun["userCode"], account)
        connected.clock.forward(seconds=5)
        sent = household.ben.send("/trakt/auth/device/check", deviceCode=begun["deviceCode"])
        seen += [str(begun), sent.text]
    with connected.conn() as conn, transaction(conn):
        application.store(
            conn, "id", connected.registered.secret, connected.app.config["TRAKT_KEY"]
        )
    seen += [household.ana.page("/settings"), household.ana.ask("/api/trakt/status/Ana").text]
    with connected.conn() as conn:
        backup.save(conn, tmp_path / "copy.db")
        backup.save_with_keys(conn, tmp_path / "copy.zip", connected.app.config["DATA_DIR"])
    with sqlite3.connect(tmp_path / "copy.db") as copy:
        seen.append("\n".join(copy.iterdump()))
    copy.close()
    seen += [caplog.text]
    with zipfile.ZipFile(tmp_path / "copy.zip") as archive:
        files = [archive.read(name) for name in archive.namelist()]
    for folder in (tmp_path, connected.app.config["DATA_DIR"]):
        files += [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    assert len(connected.trakt.secrets) > 8
    for secret in connected.trakt.secrets:
        assert not any(secret in text for text in seen)
        assert not any(secret.encode() in data for data in files)


def test_no_token_or_secret_is_seen_when_trakt_shouts_it_back(
    household: Household, connected: Connected, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    connected.linked(household.ana)
    runner = connected.app.test_cli_runner()
    said: list[str] = []
    for path in ("/sync/last_activities", "/sync/ratings", "/oauth/token", "/users/settings"):
        for shout in (faults.garbage, partial(faults.answer, 403), partial(faults.answer, 503)):
            shouted = " ".join(connected.trakt.secrets)
            connected.trakt.fail(path, shout(f'{{"error": "{shouted}"}}'), times=4)
            connected.clock.forward(hours=1)
            household.ana.send("/films/603/rating", rating=1 + len(said) % 10)
            connected.trakt.expire()
            said.append(runner.invoke(args=["sync", "Ana"]).output)
            with connected.conn():
                timers.refresh_links()
            connected.trakt.heal()
            said.append(household.ana.page("/settings"))
    household.ana.submit("/auth/trakt/unlink")
    said.append(runner.invoke(args=["doctor"]).output)
    for url in ("/admin", "/admin/audit", "/admin/trakt", "/admin/jobs", "/settings/audit", "/"):
        said.append(household.ana.page(url))
    folder = connected.app.config["DATA_DIR"]
    said += [path.read_bytes().decode("latin-1") for path in folder.rglob("*") if path.is_file()]
    assert any("refresh_failed" in text for text in said)
    for secret in connected.trakt.secrets:
        assert not any(secret in text for text in [*said, caplog.text])
