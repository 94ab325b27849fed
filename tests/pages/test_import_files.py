"""A member brings an export of Trakt or Letterboxd: what comes in, what stays, what is refused."""

import io
import json
import random
import zipfile
from functools import cache
from typing import Any

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

import db
from tests.conftest import Clock, Household, Person
from utils import zip_files

MATRIX, LION, AMELIE, SPIRITED = 603, 8587, 194, 129
LETTERBOXD = {
    "watched.csv": """Date,Name,Year,Letterboxd URI
2026-01-04,The Matrix,1999,https://example.test/a
2026-01-04,Amelie,2001,https://example.test/b
2026-01-04,"Long Night, Short Day",2019,https://example.test/c
""",
    "diary.csv": """Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date
2026-01-05,The Matrix,1999,https://example.test/d,4.5,,,2026-01-03
2026-02-05,The Matrix,1999,https://example.test/e,4.5,Yes,,2026-02-04
""",
    "ratings.csv": """Date,Name,Year,Letterboxd URI,Rating
2026-01-04,The Matrix,1999,https://example.test/a,4.5
2026-01-04,AMÉLIE,2001,https://example.test/b,0.5
""",
    "watchlist.csv": """Date,Name,Year,Letterboxd URI
2026-01-06,Spirited Away,2002,https://example.test/f
""",
    "deleted/diary.csv": """Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date
2026-01-05,The Lion King,1994,https://example.test/g,4.5,,,2026-01-03
""",
    "profile.csv": "Date Joined,Username\n2020-01-01,cleo\n",
}


def movie(tmdb_id: int | None, title: str, year: int | None = 1999, **ids: int) -> dict[str, Any]:
    return {"title": title, "year": year, "ids": {"tmdb": tmdb_id, **ids}}


TRAKT: dict[str, Any] = {
    "cleo/watched/history-1.json": [
        {"id": 1, "watched_at": "2026-01-03T20:00:00.000Z", "type": "movie"}
        | {"movie": movie(MATRIX, "The Matrix", trakt=481)},
        {"id": 2, "watched_at": "2026-01-03T21:00:00.000Z", "type": "episode"}
        | {"show": movie(1, "Harbour Lights"), "episode": {"season": 1}},
        {"id": 3, "watched_at": "1970-01-01T00:00:00.000Z", "type": "movie"}
        | {"movie": movie(987001, "Paper Moons", 2020)},
    ],
    "watched-movies-1.json": [
        {"plays": 1, "last_watched_at": "2026-01-03T20:00:00.000Z"}
        | {"movie": movie(MATRIX, "The Matrix", trakt=481)},
        {"plays": 1, "last_watched_at": "2026-01-09T20:00:00.000Z"}
        | {"movie": movie(None, "A Film Nobody Matched", 2021)},
    ],
    "ratings/ratings-movies.json": [
        {"rated_at": "2026-01-04T10:00:00.000Z", "rating": 9, "type": "movie"}
        | {"movie": movie(MATRIX, "The Matrix")},
    ],
    "lists-watchlist.json": [
        {"listed_at": "2026-01-06T10:00:00.000Z", "type": "movie"}
        | {"movie": movie(987002, "Low Tide", 2024, trakt=12)},
        {"listed_at": "2026-01-06T10:00:00.000Z", "type": "show"}
        | {"show": movie(77, "Harbour Lights", 2022)},
        {"listed_at": "2026-01-06T10:00:00.000Z", "type": "season"}
        | {"show": movie(77, "Harbour Lights", 2022), "season": {"number": 1}},
    ],
    "lists-best-of-watchlist-club.json": [
        {"listed_at": "2026-01-06T10:00:00.000Z", "type": "movie"}
        | {"movie": movie(LION, "The Lion King", 1994)},
    ],
    "watched-shows.json": "not even read",
    "user-stats-watched.json": {"movies": 3},
}


def zipped(files: dict[str, Any], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for path, content in files.items():
            is_text = isinstance(content, str | bytes)
            archive.writestr(path, content if is_text else json.dumps(content))
    return target.getvalue()


def bring(
    person: Person,
    data: bytes,
    accept: str = "application/json",
    url: str = "/settings/import",
    name: str = "export.zip",
) -> TestResponse:
    fields = {"csrf_token": person.token, "file": FileStorage(io.BytesIO(data), name)}
    boundary, body = encode_multipart(fields)
    mimetype = f"multipart/form-data; boundary={boundary}"
    return person.client.post(url, data=body, content_type=mimetype, headers={"Accept": accept})


def brought(person: Person, files: dict[str, Any]) -> dict[str, Any]:
    answer = bring(person, zipped(files))
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.get_json()
    return body


def counts(total: int, imported: int, there: int = 0, kept: int = 0, strange: int = 0) -> Any:
    numbers = {"total": total, "imported": imported, "already_there": there}
    return numbers | {"kept": kept, "not_matched": strange}


def rows(household: Household, statement: str) -> list[tuple[Any, ...]]:
    with household.app.app_context():
        return [tuple(row) for row in db.get_db().execute(statement)]


def plays(household: Household) -> list[tuple[Any, ...]]:
    return rows(
        household, "SELECT user_id, tmdb_id, watched_at, source FROM watch_history ORDER BY id"
    )


def test_letterboxd_s_films_are_found_by_title_and_year(household: Household) -> None:
    cleo = household.cleo
    assert brought(
        cleo, {f"letterboxd-cleo/{path}": text for path, text in LETTERBOXD.items()}
    ) == {
        "watched": counts(4, 3, strange=1),
        "ratings": counts(2, 2),
        "watchlist": counts(1, 1),
        "not_matched": [{"title": "Long Night, Short Day", "year": 2019}],
        "unreadable": 0,
    }
    assert plays(household) == [
        (cleo.id, AMELIE, None, "import"),
        (cleo.id, MATRIX, "2026-01-03T12:00:00.000Z", "import"),
        (cleo.id, MATRIX, "2026-02-04T12:00:00.000Z", "import"),
    ]
    assert cleo.ask(f"/films/{MATRIX}").get_json()["your_rating"] == 9
    assert cleo.ask(f"/films/{AMELIE}").get_json()["your_rating"] == 1
    assert rows(household, "SELECT kind, tmdb_id, title, listed_at, source FROM watchlist") == [
        ("film", SPIRITED, "Spirited Away", "2026-01-06T00:00:00.000Z", "import")
    ]
    found = household.ben.ask("/search?q=amelie").get_json()["results"]
    assert found[0]["seen_by"] == ["Cleo"]


def test_open_screens_notice_who_has_seen_a_film_by_an_import(household: Household) -> None:
    household.ben.send("/nominations", tmdb_id=MATRIX)
    before = household.ben.state()
    brought(household.cleo, LETTERBOXD)
    after = household.ben.state()
    assert after["version"] > before["version"]
    assert after["nominations"][0]["seen_by"] == ["Cleo"]


def test_trakt_s_films_are_known_by_their_ids(household: Household) -> None:
    assert brought(household.cleo, TRAKT) == {
        "watched": counts(3, 2, strange=1),
        "ratings": counts(1, 1),
        "watchlist": counts(2, 2),
        "not_matched": [{"title": "A Film Nobody Matched", "year": 2021}],
        "unreadable": 0,
    }
    assert plays(household) == [
        (household.cleo.id, MATRIX, "2026-01-03T20:00:00.000Z", "import"),
        (household.cleo.id, 987001, None, "import"),
    ]
    assert rows(household, "SELECT rated_at FROM ratings") == [("2026-01-04T10:00:00.000Z",)]
    assert rows(household, "SELECT trakt_id FROM watch_history ORDER BY id") == [(481,), (None,)]
    assert rows(
        household, "SELECT kind, tmdb_id, trakt_id, title, listed_at FROM watchlist ORDER BY id"
    ) == [
        ("film", 987002, 12, "Low Tide", "2026-01-06T10:00:00.000Z"),
        ("show", 77, None, "Harbour Lights", "2026-01-06T10:00:00.000Z"),
    ]
    assert household.ben.ask("/films/987001").get_json()["title"] == "Paper Moons"


@pytest.mark.parametrize("files", [LETTERBOXD, TRAKT])
def test_a_second_time_nothing_comes_in_twice(household: Household, files: dict[str, Any]) -> None:
    first = brought(household.cleo, files)
    version = household.ben.state()["version"]
    before = (
        rows(household, "SELECT * FROM watch_history"),
        rows(household, "SELECT * FROM ratings"),
    )
    second = brought(household.cleo, files)
    for name in ("watched", "ratings", "watchlist"):
        assert second[name]["imported"] == 0
        assert second[name]["already_there"] == first[name]["imported"]
    after = rows(household, "SELECT * FROM watch_history"), rows(household, "SELECT * FROM ratings")
    assert after == before
    assert household.ben.state()["version"] == version


def test_an_import_sees_and_touches_only_ones_own_plays_and_ratings(
    household: Household, clock: Clock
) -> None:
    ana, cleo = household.ana, household.cleo
    brought(ana, {"watched.csv": "Name,Year\nAmélie,2001\n"})
    ana.send(f"/films/{MATRIX}/rating", rating=9)
    cleo.send(f"/films/{MATRIX}/rating", rating=3)
    clock.to(4)
    evening = {"tmdb_id": AMELIE, "members": ["Ana"]}
    assert ana.send("/weeks/2026-W47/watched", **evening).status_code == 200
    trakts = f"({cleo.id}, {MATRIX}, 'trakt', '2026-11-17T12:00:00.000Z')"
    rows(
        household,
        f"INSERT INTO watch_history (user_id, tmdb_id, source, created_at) VALUES {trakts}",
    )
    before = plays(household)
    body = brought(cleo, LETTERBOXD)
    assert body["watched"] == counts(4, 3, strange=1)
    assert body["ratings"] == counts(2, 1, kept=1)
    after = plays(household)
    assert after[:3] == before
    assert [play[:3] for play in after[3:]] == [
        (cleo.id, AMELIE, None),
        (cleo.id, MATRIX, "2026-01-03T12:00:00.000Z"),
        (cleo.id, MATRIX, "2026-02-04T12:00:00.000Z"),
    ]


def test_a_long_export_comes_in_whole(household: Household) -> None:
    films = range(1, 502)
    history = [
        {"watched_at": "2026-01-03T20:00:00Z", "movie": movie(987000 + n, f"Film {n}")}
        for n in films
    ]
    assert brought(household.cleo, {"history.json": history})["watched"] == counts(501, 501)
    assert len(plays(household)) == 501


def test_an_export_names_a_film_that_had_only_its_number_here(household: Household) -> None:
    nameless = {"watched_at": "2026-01-03T20:00:00Z", "movie": movie(987001, "", None)}
    brought(household.ben, {"history.json": [nameless]})
    assert household.ben.ask("/films/987001").get_json()["title"] == "TMDB film 987001"
    brought(household.cleo, TRAKT)
    assert household.ben.ask("/films/987001").get_json()["title"] == "Paper Moons"
    by_name = brought(household.cleo, {"watched.csv": "Name,Year\nPaper Moons,2020\n"})
    assert by_name["watched"] == counts(1, 0, there=1)


def test_a_film_that_came_with_a_rating_only_is_known_by_its_name(household: Household) -> None:
    given = {"rating": 7, "rated_at": "2026-01-04T10:00:00Z", "movie": movie(987003, "Slow Rain")}
    brought(household.cleo, {"ratings.json": [given]})
    assert household.ben.ask("/films/987003").get_json()["title"] == "Slow Rain"


def test_a_show_is_never_taken_for_a_film(household: Household) -> None:
    shows = [movie(MATRIX, "Harbour Lights"), movie(None, "The Lion King", 1994)]
    wishes = [{"type": "show", "show": show} for show in shows]
    body = brought(household.cleo, {"lists-watchlist.json": wishes})
    assert body["watchlist"] == counts(2, 1, strange=1)
    assert rows(household, "SELECT kind, tmdb_id, title FROM watchlist") == [
        ("show", MATRIX, "Harbour Lights")
    ]


def test_the_first_500_films_that_nobody_knows_are_named_in_order(household: Household) -> None:
    names = [("beta", 1990), ("Alpha", 2001), ("alpha", 1995)]
    names += [(f"Zeta {n}", 1980) for n in range(500)]
    history = [{"watched_at": "x", "movie": movie(None, name, year)} for name, year in names]
    unknown = brought(household.cleo, {"history.json": history})["not_matched"]
    assert len(unknown) == 500
    assert [film["title"] for film in unknown[:3]] == ["alpha", "Alpha", "beta"]


def test_a_night_that_is_marked_here_is_the_same_play_by_the_household_s_clock(
    household: Household, clock: Clock
) -> None:
    household.ana.send("/admin/schedule", zone="Pacific/Auckland")
    clock.to(4)
    answer = household.cleo.send(
        "/weeks/2026-W47/watched",
        tmdb_id=MATRIX,
        members=["Cleo"],
        watched_at="2026-11-18T11:00:00Z",  # when the 19th begins in Auckland
    )
    assert answer.status_code == 200, answer.text
    diary = (
        "Date,Name,Year,Watched Date\n,The Matrix,1999,2026-11-19\n,The Matrix,1999,2026-11-18\n"
    )
    assert brought(household.cleo, {"diary.csv": diary})["watched"] == counts(2, 1, there=1)
    assert plays(household)[1][2] == "2026-11-17T23:00:00.000Z"  # noon of the 18th in Auckland


def test_a_date_takes_the_place_of_having_seen_it_some_day(household: Household) -> None:
    brought(household.cleo, {"watched.csv": "Name,Year\nThe Matrix,1999\n"})
    brought(household.cleo, {"diary.csv": "Name,Year,Watched Date\nThe Matrix,1999,2026-01-03\n"})
    brought(household.cleo, {"watched.csv": "Name,Year\nThe Matrix,1999\n"})
    assert [play[2] for play in plays(household)] == ["2026-01-03T12:00:00.000Z"]


def test_a_rating_given_here_stays_unless_the_other_is_newer(
    household: Household, clock: Clock
) -> None:
    clock.to(1, hour=11)
    for tmdb_id in (MATRIX, LION, AMELIE, SPIRITED):
        household.cleo.send(f"/films/{tmdb_id}/rating", rating=3)
    clock.forward(days=3)  # rated here on 2026-11-17
    csv = (
        "Date,Name,Year,Rating\n"
        "2026-11-18,The Matrix,1999,5\n"  # newer
        "2026-11-17,The Lion King,1994,5\n"  # of the same day
        "nonsense,Amélie,2001,5\n"
        "2026-11-18,Spirited Away,2001,1.5\n"
    )
    given = {"rated_at": "2026-11-17T11:00:00Z", "rating": 9}  # of the same moment
    files = {"ratings.csv": csv, "ratings.json": [given | {"movie": movie(LION, "The Lion King")}]}
    body = brought(household.cleo, files)
    assert body["ratings"] == counts(5, 1, there=1, kept=3)
    found = rows(household, "SELECT tmdb_id, rating FROM ratings")
    assert dict(found) == {MATRIX: 10, LION: 3, AMELIE: 3, SPIRITED: 3}
    page = bring(household.cleo, zipped(files), accept="text/html").text
    assert "3 ratings that you gave here are as new" in page


def test_what_makes_no_sense_is_left_out_and_counted(household: Household) -> None:
    odd: list[Any] = [None, 7, [], {}, {"ids": {"tmdb": -1}}, {"title": 5, "ids": "x"}]
    films = [{"watched_at": "2026-01-03T20:00:00Z", "movie": film} for film in odd]
    body = brought(
        household.cleo,
        {
            "history.json": [None, 5, "x", [], *films],
            "ratings.json": [{"rating": 11, "movie": movie(603, "x")}],
            "ratings.csv": "Name,Year,Rating\nThe Matrix,1999,5.5\nThe Matrix,1999,0\n,,\n\n",
            "watched.csv": "Name,Year\nDune,\nDune,2019\nDune,1985\nThe Lion King,1996\n",
            "diary.csv": "Name,Year,Watched Date\nThe Matrix,1999,2999-01-01\nAmélie,,1066-01-01",
        },
    )
    assert body["unreadable"] == 10 + 1 + 3
    assert body["watched"] == counts(6, 3, strange=3)  # one Dune is of 1984, another of 2021
    assert [play[1:3] for play in plays(household)] == [(841, None), (MATRIX, None), (AMELIE, None)]


def test_titles_of_strangers_are_text_and_nothing_else(household: Household) -> None:
    names = ["<script>alert(1)</script>", "Half \ud800 a pair", "a\x00b\x1b[2Jc", "long " * 100]
    history = [{"watched_at": "x", "movie": movie(None, name)} for name in names]
    history.append({"watched_at": "x", "movie": movie(5, "\ud800")})
    answer = bring(household.cleo, zipped({"history.json": history}), accept="text/html")
    assert answer.status_code == 200
    assert "&lt;script&gt;" in answer.text
    assert "<script>alert" not in answer.text
    assert "\x00" not in answer.text
    assert "4 films that nobody here knows yet" in answer.text


@cache
def refused() -> dict[str, tuple[bytes, int, str]]:
    """Made by who looks at it: every process of the suite reads this file."""
    return {
        "empty": (b"", 422, "not_a_zip"),
        "no zip": (b"Name,Year\nThe Matrix,1999\n", 422, "not_a_zip"),
        "cut short": (zipped(LETTERBOXD)[:-100], 422, "not_a_zip"),
        "packed in an unusual way": (zipped(LETTERBOXD, zipfile.ZIP_LZMA), 422, "not_a_zip"),
        "somebody's pictures": (zipped({"beach.jpg": b"\xff\xd8"}), 422, "no_export"),
        "only macOS's twins": (zipped({"__MACOSX/._watched.csv": b"\x00"}), 422, "no_export"),
        "only what was deleted": (zipped({"deleted/diary.csv": "Name,Year\n"}), 422, "no_export"),
        "broken JSON": (zipped({"history-1.json": "[{"}), 422, "export_damaged"),
        "deep JSON": (zipped({"history-1.json": "[" * 200_000}), 422, "export_damaged"),
        "another site's CSV": (
            zipped({"ratings.csv": "Name,Stars\n1,2\n"}),
            422,
            "export_damaged",
        ),
        "an open quote": (zipped({"watched.csv": 'Name,Year\n"The'}), 422, "export_damaged"),
        "a bomb": (zipped({"watched.csv": b"\n" * (17 << 20)}), 413, "export_too_big"),
        "very many files": (zipped({f"{n}.txt": b"" for n in range(5001)}), 413, "export_too_big"),
        "very many empty lines": (
            zipped({"watched.csv": "Name,Year\n" + "\n" * 100_001}),
            422,
            "export_too_long",
        ),
        "very many things that are no rows": (
            zipped({"history-1.json": "[{}]", "history-2.json": "[" + "{}," * 2_000_000 + "{}]"}),
            422,
            "export_too_long",
        ),
        "very many rows": (
            zipped({f"{n}/watched.csv": "Name,Year\n" + "Dune,1984\n" * 50_001 for n in range(2)}),
            422,
            "export_too_long",
        ),
    }


def test_what_is_no_export_is_refused_with_a_sentence(
    household: Household, subtests: pytest.Subtests
) -> None:
    for case in refused():
        with subtests.test(case=case):
            data, status, code = refused()[case]
            answer = bring(household.cleo, data)
            error = answer.get_json()["error"]
            assert (answer.status_code, error["code"]) == (status, code)
            assert error["message"].endswith((".", "?"))
            assert plays(household) == []


def test_a_refused_file_brings_the_settings_back_with_the_reason(household: Household) -> None:
    for case in ("no zip", "somebody's pictures", "broken JSON"):
        data, status, _code = refused()[case]
        page = bring(household.cleo, data, accept="text/html")
        assert page.status_code == status
        assert 'class="notice notice--error"' in page.text
        assert 'id="import"' in page.text


def test_many_files_are_no_way_round_the_size_of_one(
    household: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zip_files, "LARGEST_TOTAL", 300_000)
    padded = b"[%b]" % (b" " * 99_998)
    assert (
        bring(household.cleo, zipped({f"{n}/history.json": padded for n in range(3)})).status_code
        == 200
    )
    answer = bring(household.cleo, zipped({f"{n}/history.json": padded for n in range(4)}))
    assert answer.get_json()["error"]["code"] == "export_too_big"


def test_an_archive_with_any_byte_wrong_is_read_or_refused() -> None:
    dice = random.Random(5)
    whole, outcomes = zipped(LETTERBOXD), set()
    for _ in range(1000):
        broken = bytearray(whole)
        for _ in range(dice.randint(1, 4)):
            broken[dice.randrange(len(broken))] = dice.randrange(256)
        try:
            list(zip_files.extract_files(bytes(broken), lambda _path: True))
            outcomes.add("read")
        except zip_files.Unreadable:
            outcomes.add("refused")
    assert outcomes == {"read", "refused"}


def test_only_this_route_takes_a_large_body_and_only_from_members(household: Household) -> None:
    photo = bytes(2 << 20)
    big = zipped({"watched.csv": LETTERBOXD["watched.csv"], "beach.jpg": photo}, zipfile.ZIP_STORED)
    assert bring(household.cleo, big).status_code == 200
    assert bring(household.cleo, bytes(21 << 20)).status_code == 413
    assert bring(household.stranger, big).status_code == 401
    assert bring(household.cleo, big, url="/settings/icon").status_code == 413


def test_no_file_is_a_sentence(household: Household) -> None:
    answers = [household.cleo.submit("/settings/import", **file) for file in ({}, {"file": "x"})]
    answers.append(bring(household.cleo, b"", accept="text/html", name=""))
    for answer in answers:
        assert answer.status_code == 400
        assert "Choose the zip file of your export first." in answer.text


def test_the_settings_lead_to_the_import_and_the_report_back(household: Household) -> None:
    assert 'action="/settings/import" enctype="multipart/form-data"' in household.cleo.page(
        "/settings"
    )
    answer = bring(household.cleo, zipped(LETTERBOXD), accept="text/html")
    assert "Long Night, Short Day (2019)" in answer.text
    assert 'href="/settings"' in answer.text
    assert rows(household, "SELECT detail FROM audit_log WHERE action = 'export_imported'") == [
        ("watched: 3, ratings: 2, watchlist: 1",)
    ]
