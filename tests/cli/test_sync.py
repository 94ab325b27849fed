"""`flask sync`: one member or all of them, as the button does."""

import pytest
from click.testing import Result

from tests.conftest import Household
from tests.fake_trakt import FakeTrakt
from tests.trakt.connected import Connected


def run(household: Household, *words: str) -> Result:
    return household.app.test_cli_runner().invoke(args=["sync", *words])


def synced(trakt: FakeTrakt) -> set[str]:
    """Whose, since the last look."""
    names = {entry.username for entry in trakt.requests("/sync") if entry.status == 200}
    trakt.log.clear()
    return names


def test_all_are_synced_though_one_fails_and_who_has_left_is_not(
    household: Household, connected: Connected
) -> None:
    for person in household.everyone:
        connected.linked(person, f"{person.name}-films")
    household.ana.send(f"/admin/members/{household.dan.id}/retire")
    connected.trakt.disconnect(connected.trakt.accounts["Ana-films"])
    synced(connected.trakt)
    result = run(household, "--all")
    assert (result.exit_code, result.stdout) == (1, "Ben: in step\nCleo: in step\n")
    assert result.stderr.startswith("Ana: Trakt has ended this link.")
    assert synced(connected.trakt) == {"Ben-films", "Cleo-films"}


def test_a_member_who_is_named_is_synced_alone(household: Household, connected: Connected) -> None:
    for person in (household.ana, household.ben):
        connected.linked(person, f"{person.name}-films")
    synced(connected.trakt)
    result = run(household, "Ben")
    assert (result.exit_code, result.output) == (0, "Ben: in step\n")
    assert synced(connected.trakt) == {"Ben-films"}


@pytest.mark.parametrize(
    ("words", "status", "sentence"),
    [
        ([], 2, "Name one member, or say --all."),
        (["Ana", "--all"], 2, "Name one member, or say --all."),
        (["Nobody"], 1, "There is no such member."),
        (["Ana"], 1, "This member has not linked a Trakt account."),
        (["Dan"], 1, "Dan has left the household."),
    ],
)
def test_what_cannot_be_synced_is_a_sentence(
    household: Household, connected: Connected, words: list[str], status: int, sentence: str
) -> None:
    connected.linked(household.dan)
    household.ana.send(f"/admin/members/{household.dan.id}/retire")
    result = run(household, *words)
    assert (result.exit_code, sentence in result.stderr) == (status, True), result.output
