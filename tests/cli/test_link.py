"""`flask link`: a code on the terminal, the wait for Trakt, and whether a link works."""

from collections.abc import Callable
from contextlib import closing

import click
import pytest
from click.testing import Result
from flask import Flask

import db
from cli import trakt
from db import settings, trakt_auth, transaction, watch_history
from tests.conftest import Clock, Household, Person
from tests.fake_trakt import Account, FakeTrakt, faults
from tests.trakt.connected import Connected
from tests.trakt.fakes import Waits
from trakt import accounts, pacing, tokens
from trakt.oauth import Tokens
from utils import qr_code

Act = Callable[[], object]
STAYS = [  # of a link that is only looked at
    "trakt_auth",
    "trakt_sync",
    "trakt_device_codes",
    "audit_log",
    "outbox",
]


class Wait:
    """What happens at Trakt while the command waits: an act for each pause, and the clock moves."""

    def __init__(self, trakt: FakeTrakt, clock: Clock, waits: Waits) -> None:
        self.trakt, self.clock, self.waits = trakt, clock, waits
        self.acts: list[Act] = []
        self.pauses: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.waits.sleep(seconds)
        self.pauses.append(seconds)
        self.clock.forward(seconds=seconds)
        if self.acts:
            self.acts.pop(0)()

    def nothing(self) -> None:
        pass

    def says_yes(self, account: Account) -> Act:
        return lambda: self.trakt.decide(self._code(), account)

    def answers(self, fault: faults.Fault, times: int = 1) -> Act:
        return lambda: self.trakt.fail("/oauth/device/token", fault, times=times)

    def _code(self) -> str:
        return next(reversed(self.trakt.devices.values())).user_code


@pytest.fixture
def wait(
    fake_trakt: FakeTrakt, clock: Clock, waits: Waits, monkeypatch: pytest.MonkeyPatch
) -> Wait:
    wait = Wait(fake_trakt, clock, waits)
    monkeypatch.setattr(pacing, "sleep", wait.sleep)
    return wait


def run(app: Flask, *words: str, typed: str = "") -> Result:
    return app.test_cli_runner().invoke(args=["link", *words], input=typed)


def kept(connected: Connected) -> dict[str, list[tuple[object, ...]]]:
    with connected.conn() as conn:
        return {
            name: [tuple(row) for row in conn.execute(f"SELECT * FROM {name}")] for name in STAYS
        }


def is_nothing_left(connected: Connected, person: Person) -> bool:
    return connected.row(person) is None and connected.count("trakt_device_codes") == 0


def test_a_yes_at_trakt_links_and_the_first_sync_runs_at_once(
    household: Household, connected: Connected, wait: Wait
) -> None:
    account = connected.trakt.account("ana-films")
    account.watch(connected.trakt.film(603, "The Matrix"), wait.clock.now)
    wait.acts = [wait.nothing, wait.says_yes(account)]
    result = run(connected.app, "Ana")
    (device,) = connected.trakt.devices.values()
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "Open this address, sign in at Trakt as Ana:",
        "",
        f"  {connected.trakt.auth_url}/activate",
        "",
        f"Enter this code there: {device.user_code}",
        "Waiting for Trakt, 10 minutes at most. Ctrl-C ends it.",
        "Linked: ana-films.",
        "The first sync runs now. It may take a while.",
        "Ana: in step",
    ]
    assert device.device_code not in result.output
    assert wait.pauses[:2] == [5, 5]
    assert connected.count("trakt_device_codes") == 0
    assert connected.audit() == [("linked", None, household.ana.id, "ana-films")]
    with connected.conn() as conn:
        assert watch_history.seen_by(conn, [603]) == {603: ["Ana"]}
    told = household.ana.ask("/settings/audit").get_json()["entries"][0]
    assert told["sentence"] == "The server linked a Trakt account to Ana."


def test_trakt_is_asked_as_often_as_it_wants(
    household: Household, connected: Connected, wait: Wait
) -> None:
    connected.trakt.interval = 7
    account = connected.trakt.account("ana-films")
    slower = wait.answers(faults.answer(429, ""))
    wait.acts = [slower, wait.nothing, wait.says_yes(account)]
    assert run(connected.app, "Ana").exit_code == 0
    assert wait.pauses[:3] == [7, 12, 12]
    asked = [each.status for each in connected.trakt.requests("/oauth/device/token")]
    assert asked == [429, 400, 200]


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (404, "Trakt does not know this code. Get a new one."),
        (409, "This code was used already. Get a new one."),
        (410, "This code’s time is up. Get a new one."),
        (418, "You said no at Trakt. Get a new code if that was a slip."),
    ],
)
def test_each_end_of_a_code_is_told_apart_and_leaves_nothing(
    household: Household, connected: Connected, wait: Wait, status: int, sentence: str
) -> None:
    wait.acts = [wait.answers(faults.answer(status, ""))]
    result = run(connected.app, "Ana")
    assert (result.exit_code, result.stderr) == (1, f"Error: {sentence}\n")
    assert is_nothing_left(connected, household.ana)


def test_a_code_that_nobody_enters_ends_after_its_time(
    household: Household, connected: Connected, wait: Wait
) -> None:
    result = run(connected.app, "Ana")
    assert (result.exit_code, sum(wait.pauses)) == (1, 600)
    assert result.stderr == "Error: This code’s time is up. Get a new one.\n"
    assert is_nothing_left(connected, household.ana)


def test_an_answer_that_fails_for_now_does_not_end_the_wait(
    household: Household, connected: Connected, wait: Wait
) -> None:
    account = connected.trakt.account("ana-films")
    wait.acts = [wait.answers(faults.answer(503)), wait.answers(faults.lost())]
    wait.acts.append(wait.says_yes(account))
    result = run(connected.app, "Ana")
    assert (result.exit_code, connected.row(household.ana) is not None) == (0, True)
    assert result.stderr == "Trakt cannot tell right now. It is asked again.\n" * 2


def test_an_app_that_trakt_refuses_ends_it(
    household: Household, connected: Connected, wait: Wait
) -> None:
    refused = faults.answer(400, '{"error": "invalid_client"}', "application/json")
    wait.acts = [wait.answers(refused)]
    result = run(connected.app, "Ana")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: Trakt refuses this household’s app")
    assert is_nothing_left(connected, household.ana)


def test_who_leaves_while_the_command_waits_is_not_linked(
    household: Household, connected: Connected, wait: Wait
) -> None:
    account = connected.trakt.account("dan-films")
    leaves = f"/admin/members/{household.dan.id}/retire"
    wait.acts = [lambda: household.ana.send(leaves), wait.says_yes(account)]
    result = run(connected.app, "Dan")
    assert (result.exit_code, result.stderr) == (1, "Error: Dan has left the household.\n")
    assert connected.row(household.dan) is None


def test_ctrl_c_leaves_nothing_behind(
    household: Household, connected: Connected, wait: Wait
) -> None:
    def interrupted() -> None:
        assert connected.count("trakt_device_codes") == 1
        raise KeyboardInterrupt

    wait.acts = [wait.nothing, interrupted]
    result = run(connected.app, "Ana")
    assert (result.exit_code, result.stderr.split()) == (1, ["Aborted!"])
    assert is_nothing_left(connected, household.ana)
    assert connected.audit() == []


def test_an_account_of_somebody_else_is_refused_unless_the_household_shares(
    household: Household, connected: Connected, wait: Wait
) -> None:
    account = connected.linked(household.ben, "ben-watches")
    wait.acts = [wait.says_yes(account)]
    result = run(connected.app, "Ana")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: Somebody else here has linked this Trakt account.")
    assert is_nothing_left(connected, household.ana)
    refused = ("link_refused", None, household.ana.id, "trakt_account_taken")
    assert connected.audit()[-1] == refused
    with connected.conn() as conn, transaction(conn):
        settings.put(conn, accounts.SHARING, "1")
    wait.acts = [wait.says_yes(account)]
    assert run(connected.app, "Ana").exit_code == 0
    assert connected.row(household.ana)


def test_a_link_whose_account_trakt_does_not_tell_is_kept_and_not_synced_yet(
    household: Household, connected: Connected, wait: Wait
) -> None:
    account = connected.trakt.account("ana-films")
    connected.trakt.fail("/users/settings", faults.answer(503), times=9)
    wait.acts = [wait.says_yes(account)]
    result = run(connected.app, "Ana")
    assert result.exit_code == 0
    assert "Linked: an account that Trakt has not named yet.\n" in result.stdout
    assert "The first sync" not in result.stdout
    assert connected.row(household.ana)


def test_a_first_sync_that_fails_is_told_and_leaves_the_link(
    household: Household, connected: Connected, wait: Wait
) -> None:
    account = connected.trakt.account("ana-films")
    connected.trakt.fail("/sync/last_activities", faults.answer(503), times=9)
    wait.acts = [wait.says_yes(account)]
    result = run(connected.app, "Ana")
    assert (result.exit_code, connected.row(household.ana) is not None) == (0, True)
    assert "Ana: Trakt does not answer right now." in result.stderr


def test_a_link_that_works_is_replaced_only_after_a_yes(
    household: Household, connected: Connected, wait: Wait
) -> None:
    account = connected.linked(household.ana)
    before = kept(connected)
    no = run(connected.app, "Ana", typed="n\n")
    assert no.exit_code == 1
    assert no.stdout.startswith(
        "Ana’s Trakt is linked already: ana-films. --test-only asks Trakt whether it works."
    )
    assert (kept(connected), connected.trakt.devices) == (before, {})
    wait.acts = [wait.says_yes(account)]
    assert run(connected.app, "Ana", typed="y\n").exit_code == 0
    assert kept(connected)["trakt_auth"] != before["trakt_auth"]


def test_a_link_that_trakt_ended_is_made_anew_without_a_question(
    household: Household, connected: Connected, wait: Wait
) -> None:
    account = connected.linked(household.ana)
    connected.trakt.disconnect(account)
    assert connected.app.test_cli_runner().invoke(args=["sync", "Ana"]).exit_code == 1
    wait.acts = [wait.says_yes(account)]
    assert run(connected.app, "Ana").exit_code == 0
    row = connected.row(household.ana)
    assert row
    assert row.problem is None


def test_what_cannot_be_linked_is_a_sentence(
    household: Household, connected: Connected, wait: Wait
) -> None:
    household.ana.send(f"/admin/members/{household.dan.id}/retire")
    for words, sentence in (
        (["Nobody"], "There is no such member."),
        (["Nobody", "--test-only"], "There is no such member."),
        (["Ana", "--test-only"], "This member has not linked a Trakt account."),
        (["Dan"], "Dan has left the household."),
    ):
        result = run(connected.app, *words)
        assert (result.exit_code, result.output) == (1, f"Error: {sentence}\n")
    connected.linked(household.ana)
    connected.app.config["TRAKT_KEY"] = b"w" * 32
    for words in (["Ana"], ["Ana", "--test-only"]):
        result = run(connected.app, *words)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith("Error: The encryption key is not the one")


def test_without_a_trakt_app_both_say_so(household: Household) -> None:
    for words in (["Ana"], ["Ana", "--test-only"]):
        result = run(household.app, *words)
        sentence = "Trakt is not set up here. An admin can enter the Trakt app."
        assert (result.exit_code, result.output) == (1, f"Error: {sentence}\n")


def test_a_link_that_works_is_told_after_one_question_and_nothing_changes(
    household: Household, connected: Connected
) -> None:
    connected.linked(household.ana)
    connected.clock.forward(days=5)  # the tokens could be renewed, but need not be
    before, asked = kept(connected), len(connected.trakt.requests())
    result = run(connected.app, "Ana", "--test-only")
    assert (result.exit_code, result.output) == (0, "Ana’s Trakt works: ana-films.\n")
    assert [each.path for each in connected.trakt.requests()[asked:]] == ["/users/settings"]
    assert kept(connected) == before


def of_the_old_app(connected: Connected, account: Account) -> None:
    """Nobody knows when its token ends, but it has."""
    connected.trakt.expire(account)
    with connected.conn() as conn, transaction(conn):
        conn.execute("UPDATE trakt_auth SET expires_at = NULL, refresh_at = NULL")


TROUBLES: list[tuple[Callable[[Connected, Account], object], str]] = [
    (lambda c, account: c.trakt.disconnect(account), "Trakt has ended this link."),
    (lambda c, _: c.clock.forward(days=8), "The token of this link is past its time."),
    (of_the_old_app, "The token of this link is past its time."),
    (lambda _, account: setattr(account, "locked", True), "Trakt has locked this account."),
    (
        lambda c, _: c.trakt.fail("/users/settings", faults.answer(503), times=9),
        "Trakt does not answer right now. Please try again in some minutes.",
    ),
    (lambda c, _: c.trakt.fail("/users/settings", faults.garbage("{}")), "Trakt’s answer made no"),
]


@pytest.mark.parametrize(("befall", "sentence"), TROUBLES)
def test_what_is_wrong_with_a_link_is_told_and_nothing_changes(
    household: Household,
    connected: Connected,
    befall: Callable[[Connected, Account], object],
    sentence: str,
) -> None:
    befall(connected, connected.linked(household.ana))
    before = kept(connected)
    result = run(connected.app, "Ana", "--test-only")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"Error: {sentence}")
    assert kept(connected) == before
    assert connected.trakt.count("/oauth/token") == 1


def test_a_link_that_is_renewed_while_it_is_looked_at_works(
    household: Household, connected: Connected
) -> None:
    account = connected.linked(household.ana)
    connected.trakt.expire(account)
    made = connected.trakt.grant(account, connected.registered.client_id)
    pair = Tokens(made.access, made.refresh, made.expires_at, made.expires_at)
    sealed = tokens.seal(pair, connected.app.config["TRAKT_KEY"], household.ana.id)

    def renew() -> None:
        with closing(db.connect(connected.app.config["DATABASE"])) as conn, transaction(conn):
            former = trakt_auth.get(conn, household.ana.id)
            assert former
            trakt_auth.replace_tokens(conn, former, sealed)

    connected.trakt.fail("/users/settings", faults.shifting(renew))
    result = run(connected.app, "Ana", "--test-only")
    assert (result.exit_code, result.output) == (0, "Ana’s Trakt works: ana-films.\n")


def test_a_link_that_waits_for_an_admin_is_not_said_to_work(
    household: Household, connected: Connected
) -> None:
    connected.linked(household.ana)
    with connected.conn() as conn, transaction(conn):
        conn.execute("UPDATE trakt_auth SET problem = 'trakt_account_taken'")
    result = run(connected.app, "Ana", "--test-only")
    assert result.stderr.startswith("Error: Somebody else here has linked this Trakt account.")


def test_a_terminal_wide_enough_shows_a_square_to_scan(
    household: Household, connected: Connected, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    square = qr_code.terminal_lines(f"{connected.trakt.auth_url}/activate", within=80)
    (width,) = {len(line) for line in square}
    assert 2 * len(square) in (width, width + 1)
    for columns, is_shown in ((width, True), (width - 1, False), (0, False)):
        monkeypatch.setattr(trakt, "_terminal_columns", lambda columns=columns: columns)
        shown = run(connected.app, "Ana").stdout
        assert ("\n".join(square) in click.unstyle(shown)) == is_shown


def test_what_trakt_sends_cannot_steer_the_terminal(
    household: Household, connected: Connected, wait: Wait
) -> None:
    body = (
        '{"device_code": "d", "user_code": "\\u001b[2JAB\\n12", "expires_in": 60,'
        ' "verification_url": "https://trakt.example/\\u001b]0;x\\u0007\\ud800"}'
    )
    connected.trakt.fail("/oauth/device/code", faults.answer(200, body, "application/json"))
    shown = run(connected.app, "Ana").stdout
    assert "Enter this code there: [2JAB 12\n" in shown
    assert not set(shown) & {"\x1b", "\x07", "\ud800"}
