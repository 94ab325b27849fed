"""A member's lists on the terminal."""

import json
from pathlib import Path

from click.testing import Result

from tests.conftest import Household
from tests.trakt.connected import Connected, connected
from tests.trakt.synced import Synced, synced

__all__ = ["connected", "synced"]


def run(household: Household, *words: str) -> Result:
    return household.app.test_cli_runner().invoke(args=words)


def test_without_trakt_there_is_the_watchlist(household: Household) -> None:
    household.ana.send("/watchlist/film/603")
    household.ana.send("/watchlist/show/1396", title="[red]Breaking Bad", year=2008)
    rows = json.loads(run(household, "lists", "Ana", "--format", "json").stdout)
    assert rows == [{"name": "Watchlist", "slug": "watchlist", "titles": 2, "privacy": ""}]
    titles = json.loads(run(household, "list", "Ana", "--format", "json").stdout)
    assert [(one["title"], one["type"], one["tmdb_id"]) for one in titles] == [
        ("The Matrix", "film", 603),
        ("[red]Breaking Bad", "show", 1396),
    ]
    table = run(household, "list", "Ana").stdout
    assert "The Matrix" in table
    assert "[red]Breaking Bad" in table


def test_a_personal_list_is_found_by_name_or_slug_and_written_to_a_file(
    household: Household, connected: Connected, synced: Synced, tmp_path: Path
) -> None:
    account = connected.linked(household.ana)
    mine = account.make_list("My Movies")
    account.enlist(mine, synced.trakt.film(603, "The Matrix", 1999))
    file = tmp_path / "lists.json"
    assert run(household, "lists", "Ana", "--output", str(file)).exit_code == 0
    assert [one["slug"] for one in json.loads(file.read_text("utf-8"))] == [
        "watchlist",
        "my-movies",
    ]
    for name in ("my-movies", "My Movies", "MY MOVIES"):
        result = run(household, "list", "Ana", "--list", name, "--format", "json")
        assert [one["title"] for one in json.loads(result.stdout)] == ["The Matrix"]
    unknown = run(household, "list", "Ana", "--list", "yours")
    assert unknown.exit_code == 1
    assert "Ana has no list called “yours”. There are: watchlist, my-movies." in unknown.stderr


def test_who_is_not_linked_has_no_personal_lists(household: Household) -> None:
    result = run(household, "list", "Ana", "--list", "my-movies")
    assert (result.exit_code, "has not linked" in result.stderr) == (1, True)


def test_a_link_that_ended_is_told(household: Household, connected: Connected) -> None:
    account = connected.linked(household.ana)
    connected.trakt.disconnect(account)
    result = run(household, "lists", "Ana")
    assert (result.exit_code, "link your account again" in result.stderr) == (1, True)
