"""A scan of video files comes onto a member's list."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click import testing
from click.testing import Result

from tests.conftest import Clock, Household
from tests.fake_trakt import faults
from tests.trakt.connected import Connected, connected
from tests.trakt.fakes import Waits
from tests.trakt.synced import Synced, synced

__all__ = ["connected", "synced"]

SCAN = {
    "results": [
        {"filename": "/videos/The.Matrix.1999.1080p.BluRay.x264.mkv", "is_corrupt": False},
        {"filename": "/videos/Breaking.Bad.S01E01.Pilot.2008.mkv", "is_corrupt": False},
        {"filename": "/videos/Breaking.Bad.S01E02.mkv", "is_corrupt": False},
        {"filename": "/videos/Unknown.Movie.mkv", "is_corrupt": False},
        {"filename": "/videos/Heat.1995.mkv", "is_corrupt": True},
        {"filename": "/videos/1080p.mkv", "is_corrupt": False},
    ]
}
Run = Callable[..., Result]


@pytest.fixture
def run(household: Household, tmp_path: Path) -> Run:
    def call(*words: str, scan: object = SCAN, typed: str = "") -> Result:
        file = tmp_path / "scan.json"
        file.write_text(scan if isinstance(scan, str) else json.dumps(scan), "utf-8")
        names = [word.replace("SCAN", str(file)) for word in words]
        return household.app.test_cli_runner().invoke(args=names, input=typed)

    return call


def told(result: Result) -> dict[str, str]:
    lines = [line.partition(": ") for line in result.stdout.splitlines()]
    return {name: value for name, sign, value in lines if sign}


def wishes(household: Household, kind: str = "film") -> list[str]:
    body = household.ana.ask("/discover?row=mine").get_json()
    return [film["title"] for row in body["rows"] for film in row["films"] if film["kind"] == kind]


def test_whole_files_are_wished_for_and_the_rest_is_told(household: Household, run: Run) -> None:
    result = run("add-films", "Ana", "SCAN", "--verbose")
    assert result.exit_code == 0, result.output
    assert wishes(household) == ["The Matrix"]
    assert "(1/4) The Matrix (1999) [movie]: added: The Matrix (1999)" in result.stdout
    assert "/videos/1080p.mkv [movie]: not found" in result.stdout
    assert told(result) | {"Titles": "4", "Films added": "1", "Not found": "3"} == told(result)
    again = run("add-films", "Ana", "SCAN")
    assert (told(again)["Films added"], told(again)["Not found"]) == ("0", "3")


def test_on_the_list_already_is_only_a_film_that_they_still_wish_for(
    household: Household, run: Run, clock: Clock
) -> None:
    household.ben.send("/watchlist/film/603")
    household.ana.send("/watchlist/show/603")
    household.ana.send("/watchlist/film/862")
    clock.forward(hours=1)
    household.ana.send("/films/862/watched")
    clock.forward(hours=1)
    scan = ["The.Matrix.1999.mkv", "Toy.Story.1995.mkv"]
    assert told(run("add-films", "Ana", "SCAN", scan=scan))["Films added"] == "2"
    assert told(run("add-films", "Ana", "SCAN", scan=scan))["Films added"] == "0"


def test_a_film_of_another_year_is_another_film(
    household: Household, connected: Connected, synced: Synced, run: Run
) -> None:
    connected.linked(household.ana)
    synced.trakt.film(700_001, "A Far Film", 1980)
    result = run("add-films", "Ana", "SCAN", "-v", scan=["A.Far.Film.1995.mkv"])
    assert "A Far Film (1995) [movie]: not found" in result.stdout
    assert wishes(household) == []
    run("add-films", "Ana", "SCAN", scan=["A.Far.Film.1981.mkv"])
    assert wishes(household) == ["A Far Film"]


def test_shows_are_found_at_trakt_and_all_of_it_arrives_there(
    household: Household, connected: Connected, synced: Synced, run: Run, tmp_path: Path
) -> None:
    account = connected.linked(household.ana)
    synced.trakt.film(603, "The Matrix", 1999)
    synced.trakt.show(1396, "Breaking Bad", 2008)
    report = tmp_path / "report.json"
    result = run("add-films", "Ana", "SCAN", "--output", str(report))
    assert result.exit_code == 0, result.output
    assert {wish.tmdb for wish in account.wishes} == {603, 1396}
    body: dict[str, Any] = json.loads(report.read_text("utf-8"))
    assert (body["total"], body["movies_added"], body["shows_added"], body["failed"]) == (
        4,
        1,
        1,
        2,
    )
    assert body["results"][1] == {
        "title": "Breaking Bad",
        "year": 2008,
        "type": "show",
        "status": "added",
        "tmdb_id": 1396,
        "filename": "/videos/Breaking.Bad.S01E01.Pilot.2008.mkv",
        "files": 2,
    }
    assert told(result)["Success rate"] == "50.0 %"


def test_a_personal_list_takes_them_by_its_name(
    household: Household, connected: Connected, synced: Synced, run: Run, tmp_path: Path
) -> None:
    account = connected.linked(household.ana)
    heat = synced.trakt.film(949, "Heat", 1995)
    mine = account.make_list("My Movies", [heat])
    series = synced.trakt.show(1396, "Breaking Bad", 2008)
    files = ["Heat.1995.mkv", "The.Matrix.1999.mkv", "Breaking.Bad.S01E01.mkv"]
    result = run("add-films", "Ana", "SCAN", "--list", "my movies", "-v", scan=files)
    assert result.exit_code == 0, result.output
    assert "(1/3) Heat (1995) [movie]: on the list already: Heat (1995)" in result.stdout
    assert "(2/3) The Matrix (1999) [movie]: not found" in result.stdout  # by this Trakt
    assert "(3/3) Breaking Bad [show]: added: Breaking Bad (2008)" in result.stdout
    assert list(mine.items) == [heat, series]
    assert wishes(household) == []


def test_other_files_come_when_they_are_asked_for(household: Household, run: Run) -> None:
    run("add-films", "Ana", "SCAN", "--include-status", "corrupt")
    assert wishes(household) == ["Heat"]
    run("add-films", "Ana", "SCAN", "--include-status", "HEALTHY", "--include-status", "Corrupt")
    assert set(wishes(household)) == {"The Matrix", "Heat"}


def test_a_dry_run_adds_nothing(household: Household, run: Run) -> None:
    result = run("add-films", "Ana", "SCAN", "--dry-run", "--verbose")
    assert "would be added: The Matrix (1999)" in result.stdout
    assert wishes(household) == []


def test_who_chooses_may_take_another_or_none(household: Household, run: Run) -> None:
    scan = ["The.Matrix.mkv", "Heat.1995.mkv"]
    result = run("add-films", "Ana", "SCAN", "-i", scan=scan, typed="2\n0\n")
    assert "  1. The Matrix (1999)" in result.stdout
    assert "  0. Skip it" in result.stdout
    (taken,) = wishes(household)
    assert taken.startswith("The Matrix ")


def test_who_stops_choosing_has_added_nothing(household: Household, run: Run) -> None:
    result = run(
        "add-films", "Ana", "SCAN", "-i", scan=["The.Matrix.mkv", "Heat.1995.mkv"], typed="1\n"
    )
    assert result.exit_code == 1
    assert wishes(household) == []


def test_of_several_titles_none_is_guessed(
    household: Household, connected: Connected, synced: Synced, run: Run
) -> None:
    connected.linked(household.ana)
    for tmdb_id in (700_001, 700_002):
        synced.trakt.film(tmdb_id, "The Same Name", 2003)
    result = run("add-films", "Ana", "SCAN", "-v", scan=["The.Same.Name.2003.mkv"])
    assert "several are called so" in result.stdout
    assert told(result)["Not found"] == "1"
    assert wishes(household) == []


@pytest.mark.parametrize(
    ("scan", "sentence"),
    [
        ("{", "The scan is no JSON."),
        ("[" * 100_000, "The scan is no JSON."),
        ("\ufeff", "The scan is no JSON."),
        ({"results": []}, "The scan names no video files."),
        ({"results": [{"size": 1}]}, "The scan names no video files."),
    ],
)
def test_what_is_no_scan_is_refused_with_a_sentence(run: Run, scan: object, sentence: str) -> None:
    result = run("add-films", "Ana", "SCAN", scan=scan)
    assert (result.exit_code, result.stderr.strip()) == (1, f"Error: {sentence}")


@pytest.mark.parametrize("word", ["movie", "show"])
def test_a_trakt_that_is_down_ends_it_before_anything_is_added(
    household: Household, connected: Connected, synced: Synced, run: Run, word: str
) -> None:
    connected.linked(household.ana)
    synced.trakt.fail(f"/search/{word}", faults.answer(502), times=20)
    result = run("add-films", "Ana", "SCAN")
    assert result.exit_code == 1
    assert "Trakt does not answer right now." in result.stderr
    assert wishes(household) == []


def test_what_trakt_does_not_take_at_once_is_added_here_and_told(
    household: Household, connected: Connected, synced: Synced, run: Run
) -> None:
    connected.linked(household.ana)
    synced.trakt.film(603, "The Matrix", 1999)
    synced.trakt.fail("/sync/watchlist", faults.answer(503), method="POST", times=20)
    result = run("add-films", "Ana", "SCAN", "--list", "Watchlist")
    assert (result.exit_code, told(result)["Films added"]) == (0, "1")
    assert wishes(household) == ["The Matrix"]


def test_a_pause_that_trakt_asks_for_is_kept_unless_it_is_long(
    household: Household, connected: Connected, synced: Synced, run: Run, waits: Waits
) -> None:
    connected.linked(household.ana)
    for seconds, code in ((61, 0), (301, 1)):
        waits.slept.clear()
        slow = faults.answer(429, Retry_After=str(seconds))
        synced.trakt.fail("/search/movie", slow)
        assert run("add-films", "Ana", "SCAN", scan=["The.Matrix.1999.mkv"]).exit_code == code
        assert (seconds in waits.slept) is (code == 0)


def test_an_unknown_member_or_list_is_told(
    household: Household, connected: Connected, run: Run
) -> None:
    assert "There is no such member." in run("add-films", "Zoe", "SCAN").stderr
    not_linked = run("add-films", "Ana", "SCAN", "--list", "favourites").stderr
    assert "This member has not linked a Trakt account." in not_linked


def test_trakt_may_fail_once_without_an_end_to_the_work(
    household: Household, connected: Connected, synced: Synced, run: Run
) -> None:
    connected.linked(household.ana)
    synced.trakt.show(1396, "Breaking Bad", 2008)
    synced.trakt.fail("/search/show", faults.answer(502), faults.garbage())
    assert run("add-films", "Ana", "SCAN").exit_code == 0
    assert wishes(household, "show") == ["Breaking Bad"]


def test_a_name_gives_the_terminal_no_orders_and_no_encoding_ends_the_work(
    household: Household, run: Run, tmp_path: Path
) -> None:
    names = ["\x1b]0;mine\x07\n1080p", "Heat\udcff", "\udcff", "\x9b2J.mp3"]
    report = tmp_path / "report.json"
    result = run("add-films", "Ana", "SCAN", "-v", "--output", str(report), scan=names)
    assert result.exit_code == 0, result.exception
    assert "(1/4) ]0;mine 1080p [movie]: not found\n(2/4) Heat [movie]" in result.stdout
    assert "(3/4) ? [movie]: not found\n(4/4) 2J.mp3 [movie]" in result.stdout
    body = json.loads(report.read_text("utf-8"))
    assert [one["filename"] for one in body["results"]] == names


def test_titles_of_signs_are_not_all_one(run: Run) -> None:
    scan = ["!!!.1999.mkv", "???.1999.mkv"]
    assert told(run("add-films", "Ana", "SCAN", scan=scan))["Titles"] == "2"


def test_a_report_that_cannot_be_written_is_told_before_anything_is_added(
    household: Household, run: Run, tmp_path: Path
) -> None:
    for output in (tmp_path, tmp_path / "nowhere" / "report.json"):
        result = run("add-films", "Ana", "SCAN", "--output", str(output))
        assert (
            result.exit_code,
            "report.json" in result.stderr or "directory" in result.stderr,
        ) == (2, True)
        assert wishes(household) == []
    full = run("add-films", "Ana", "SCAN", "--output", "/dev/full")
    assert (full.exit_code, full.stderr) == (1, "Error: No space left on device.\n")


def test_nothing_is_added_for_who_has_left(household: Household, run: Run) -> None:
    household.ana.send(f"/admin/members/{household.dan.id}/retire")
    result = run("add-films", "Dan", "SCAN")
    assert (result.exit_code, "Dan" in result.stderr) == (1, True)


def test_a_terminal_is_told_how_far_it_is_and_nothing_else_is(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("add-films", "Ana", "SCAN").stderr == ""
    monkeypatch.setattr(testing._NamedTextIOWrapper, "isatty", lambda _stream: True)
    assert "3/3" in run("add-films", "Ana", "SCAN").stderr
