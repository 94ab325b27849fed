"""Each row of the table: what becomes of data.json."""

from datetime import timedelta
from typing import Any

import pytest

from tests.migration.conftest import CHEAP, NOW, Migration
from tests.migration.household import (
    archived,
    current,
    family,
    from_bot,
    nomination,
    users,
    vote_id,
)
from utils import instants, keys, pins

VOTES = (
    "SELECT n.week, n.tmdb_id, u.name FROM votes v JOIN nominations n ON n.id = v.nomination_id"
    " JOIN users u ON u.id = v.user_id ORDER BY 1, 2, 3"
)
PLACES = "SELECT tmdb_id, place FROM nominations ORDER BY week, place"
RATINGS = "SELECT name, tmdb_id, rating, rated_at FROM ratings JOIN users ON id = user_id"
WATCHES = (
    "SELECT name, tmdb_id, watched_at, week, source FROM watch_history w"
    " JOIN users u ON u.id = w.user_id ORDER BY w.id"
)
END_OF_W08 = "2026-02-22T23:59:59.000Z"


def in_a_week(*films: Any, votes: Any = None) -> dict[str, Any]:
    return {"users": users(Ana=None, Ben=None), "history": [archived("2026-W08", films, votes)]}


def test_a_whole_household_comes_over(migration: Migration) -> None:
    report = migration.run(family())
    assert report["exit"] == 0
    assert report["imported"] == {
        "members": 3,
        "weeks": 2,
        "nominations": 4,
        "votes": 5,
        "ratings": 2,
        "watches": 2,
        "links": 0,
    }
    assert migration.rows(VOTES) == [
        ("2026-W08", 10, "Ben"),
        ("2026-W08", 10, "Cleo"),
        ("2026-W08", 20, "Ana"),
        ("2026-W47", 30, "Ben"),
        ("2026-W47", 40, "Cleo"),
    ]
    limits = migration.rows("SELECT DISTINCT max_nominations, max_votes, own_votes FROM weeks")
    assert limits == [(1, 2, 0)]


def test_pins_keep_working_and_common_ones_are_marked(migration: Migration) -> None:
    migration.run({"users": users(Ana="4821", Ben=7, Cleo="0007", Dan=None, Eve="")})
    pepper = keys.load_or_make(migration.data_dir / "pin-pepper")
    stored = dict(migration.rows("SELECT name, pin FROM users"))
    assert pins.matches("4821", stored["Ana"], pepper)
    assert pins.matches("0007", stored["Ben"], pepper)
    assert stored["Cleo"].startswith(f"scrypt${CHEAP}$")
    assert stored["Dan"] is stored["Eve"] is None
    assert migration.rows("SELECT name FROM users WHERE pin_is_common") == ["Ben", "Cleo"]
    assert migration.rows("SELECT name FROM users WHERE is_admin") == []


@pytest.mark.parametrize("pin", ["12", "12345", "abcd", "١٢٣٤", 12345, -1, 3.5, True, [], {}])
def test_a_damaged_pin_refuses_the_file_and_skipping_it_opens_nothing(
    pin: object, migration: Migration
) -> None:
    refused = migration.run({"users": users(Ana=pin)})
    assert (refused["exit"], refused["rejected"][0]["path"]) == (1, "users.Ana.pin")
    report = migration.run({"users": users(Ana=pin)}, "--skip-damaged")
    assert (report["exit"], report["imported"]["members"]) == (3, 1)
    assert migration.rows("SELECT pin IS NULL, retired_at IS NULL FROM users") == [(0, 1)]
    (stored,) = migration.rows("SELECT pin FROM users")
    assert not any(pins.matches(f"{n:04}", stored, b"") for n in range(0, 10000, 99))


def test_names_that_differ_by_case_blanks_or_accents_are_different_people(
    migration: Migration,
) -> None:
    names = ["Ana", "ana", "Ana ", " ", "Zoé", "Zoe\u0301", "a/b"]
    migration.run({"users": {name: {"icon": "👩‍👩‍👧"} for name in names}})
    assert migration.rows("SELECT name FROM users ORDER BY id") == names
    assert migration.rows("SELECT DISTINCT icon FROM users") == ["👩‍👩‍👧"]


@pytest.mark.parametrize("icon", ["🦉" * 300_000, "\x00", "\x1b[2J", "\ud800", 7, ["🦉"]])
def test_an_icon_beyond_use_gives_way_and_is_listed(icon: object, migration: Migration) -> None:
    report = migration.run({"users": {"Ana": {"icon": icon, "pin": "4821"}}})
    assert (report["exit"], report["imported"]["members"]) == (0, 1)
    assert [one["path"] for one in report["rejected"]] == ["users.Ana.icon"]
    assert migration.rows("SELECT icon FROM users") == ["🎬"]


def test_any_short_icon_is_kept(migration: Migration) -> None:
    icons = ["the boss", "<b>", "👨‍👩‍👧‍👦", "🎬🎬", " "]
    migration.run({"users": {f"User {n}": {"icon": icon} for n, icon in enumerate(icons)}})
    assert migration.rows("SELECT icon FROM users ORDER BY id") == icons


@pytest.mark.parametrize("name", ["A\x00na", "An\x1b[31ma", "\x9b", "x" * 1_000_000])
def test_a_name_beyond_use_refuses_the_file_at_its_place(name: str, migration: Migration) -> None:
    report = migration.run({"users": {name: {"icon": "🦉"}, "Ben": {}}})
    (rejected,) = report["rejected"]
    assert report["exit"] == 1
    assert rejected["path"].startswith("users")
    assert rejected["path"].isprintable()
    assert len(rejected["path"]) < 120
    film = nomination(10, "Ana", title=name)
    assert migration.run(in_a_week(film))["rejected"][0]["path"] == "history[0].allMovies[0]"


def test_a_long_overview_comes_over_whole_and_counts_once(migration: Migration) -> None:
    """What the bot stored could be ten times as long as TMDB's own."""
    told = ("A family sits down and cannot agree. " * 3000)[:100_000]
    report = migration.run(in_a_week(nomination(10, "Ana", overview=told)))
    assert (report["read"]["nominations"], report["imported"]["nominations"]) == (1, 1)
    assert report["rejected"] == []
    assert migration.rows("SELECT overview FROM movies") == [told]


def test_an_endless_overview_is_cut_short_and_listed(migration: Migration) -> None:
    film = nomination(10, "Ana", overview="Once\x00upon a time. " * 1_000_000)
    report = migration.run(in_a_week(film))
    assert (report["exit"], report["imported"]["nominations"]) == (0, 1)
    assert [(one["path"], one["reason"]) for one in report["rejected"]] == [
        ("history[0].allMovies[0].overview", "This text is too long; its beginning is kept.")
    ]
    (overview,) = migration.rows("SELECT overview FROM movies")
    assert overview == ("Once?upon a time. " * 10_000)[:100_000]


def test_a_name_that_is_no_user_becomes_a_retired_member(migration: Migration) -> None:
    films = [nomination(10, "Guest", ratings={"Rater": 5}), nomination(20, "Ana")]
    votes = {vote_id(10): {"Voter": True, "Silent": False}}
    report = migration.run(in_a_week(*films, votes=votes))
    assert report["imported"]["members"] == 5
    retired = migration.rows("SELECT name FROM users WHERE retired_at IS NOT NULL ORDER BY name")
    assert retired == ["Guest", "Rater", "Voter"]


def test_a_file_without_users_has_members_by_name_only(migration: Migration) -> None:
    document = {"history": [archived("2026-W08", [nomination(10, "Ana")])]}
    assert migration.run(document)["imported"]["members"] == 1


def test_places_are_kept_as_recorded_and_never_recounted(migration: Migration) -> None:
    films = [nomination(10, "Ana"), nomination(20, "Ben"), nomination(30, "Cleo")]
    votes = {vote_id(30): {"Ana": True, "Ben": True}}
    migration.run(in_a_week(*films, votes=votes))
    assert migration.rows(PLACES) == [(10, 1), (20, 2), (30, 3)]
    history = migration.rows(
        "SELECT f.tmdb_id, s.tmdb_id, first_rule, second_rule FROM week_history h"
        " JOIN nominations f ON f.id = first_place_id JOIN nominations s ON s.id = second_place_id"
    )
    assert history == [(10, 20, "imported", "imported")]
    assert migration.rows("SELECT closed_at FROM weeks") == ["2026-02-20T18:00:00.000Z"]
    assert migration.rows(WATCHES) == []


def test_a_week_without_a_winner_stays_without(migration: Migration) -> None:
    week = archived("2026-W08", [nomination(10, "Ana")], firstPlace=None, secondPlace=None)
    migration.run({"history": [week]})
    query = "SELECT first_place_id, second_place_id, first_rule, second_facts FROM week_history"
    assert migration.rows(query) == [(None, None, "imported", None)]


def test_a_place_whose_nomination_is_gone_is_the_nomination_itself(migration: Migration) -> None:
    gone = {"firstPlace": nomination(20, "Ben"), "secondPlace": nomination(10, "Ana")}
    week = archived("2026-W08", [nomination(10, "Ana")], **gone)
    assert migration.run({"history": [week]})["read"]["nominations"] == 2
    assert migration.rows(PLACES) == [(20, 1), (10, 2)]


def test_a_place_is_a_nomination_by_its_id_or_by_its_film(migration: Migration) -> None:
    places = {"firstPlace": {"id": vote_id(20)}, "secondPlace": nomination(10, "Ana", id="other")}
    week = archived("2026-W08", [nomination(10, "Ana"), nomination(20, "Ben")], **places)
    assert migration.run({"history": [week]})["read"]["nominations"] == 2
    assert migration.rows("SELECT first_place_id, second_place_id FROM week_history") == [(2, 1)]


def test_all_movies_is_the_truth_for_ratings(migration: Migration) -> None:
    week = archived("2026-W08", [nomination(10, "Ana", ratings={"Ana": 3})])
    week["firstPlace"]["ratings"] = {"Ana": 5, "Ben": 1}
    migration.run({"history": [week]})
    assert migration.rows(RATINGS) == [("Ana", 10, 6, END_OF_W08)]
    assert migration.rows(WATCHES) == [("Ana", 10, END_OF_W08, "2026-W08", "legacy")]


@pytest.mark.parametrize(("stars", "rating"), [(1, 2), (5, 10), ("4", 8), (3.0, 6)])
def test_stars_become_twice_as_many_steps(stars: object, rating: int, migration: Migration) -> None:
    migration.run(in_a_week(nomination(10, "Ana", ratings={"Ben": stars})))
    assert migration.rows("SELECT rating FROM ratings") == [rating]


@pytest.mark.parametrize("stars", [0, 6, 3.5, "3.5", "", True, None, [], -1, 2**70, 1e300])
def test_any_other_rating_refuses_the_file(stars: object, migration: Migration) -> None:
    document = in_a_week(nomination(10, "Ana", ratings={"Ben": stars, "Ana": 4}))
    report = migration.run(document)
    assert (report["exit"], sum(report["imported"].values())) == (1, 0)
    assert report["rejected"][0]["path"] == "history[0].allMovies[0].ratings.Ben"
    assert not migration.data_dir.exists()
    assert migration.run(document, "--skip-damaged")["exit"] == 3
    assert migration.rows("SELECT rating FROM ratings") == [8]


def test_of_two_weeks_the_newer_rating_stays_and_both_evenings_are_known(
    migration: Migration,
) -> None:
    newer = archived("2026-W20", [nomination(10, "Ana", ratings={"Ana": 2})])
    older = archived("2026-W08", [nomination(10, "Ana", ratings={"Ana": 5})])
    report = migration.run({"history": [older, newer]})
    assert (report["imported"]["ratings"], report["merged"]["ratings"]) == (1, 1)
    assert migration.rows("SELECT rating FROM ratings") == [4]
    assert migration.rows("SELECT week FROM watch_history ORDER BY week") == [
        "2026-W08",
        "2026-W20",
    ]


@pytest.mark.parametrize("vote", [1, "yes", "false", [], {}, -1, True])
def test_what_javascript_calls_true_is_a_vote(vote: object, migration: Migration) -> None:
    votes = {vote_id(10): {"Ben": vote}}
    assert migration.run(in_a_week(nomination(10, "Ana"), votes=votes))["imported"]["votes"] == 1


@pytest.mark.parametrize("vote", [0, "", None, False])
def test_a_vote_taken_back_is_no_record(vote: object, migration: Migration) -> None:
    votes = {vote_id(10): {"Ben": vote}}
    assert migration.run(in_a_week(nomination(10, "Ana"), votes=votes))["read"]["votes"] == 0


def test_an_empty_ballot_is_no_record(migration: Migration) -> None:
    votes = {vote_id(10): None, "Ben": [None, 0, ""]}
    report = migration.run(in_a_week(nomination(10, "Ana"), votes=votes))
    assert (report["exit"], report["read"]["votes"]) == (0, 0)


def test_the_same_films_in_several_weeks_keep_the_votes_and_places_of_each(
    migration: Migration,
) -> None:
    films = [nomination(10, "Ana"), nomination(20, "Ben")]
    first = archived("2026-W08", films, {vote_id(10): {"Ben": True}})
    second = archived("2026-W20", films[::-1], {vote_id(20): {"Ana": True}})
    migration.run({"currentWeek": current("2026-W47", films[:1])})
    migration.run({"history": [first, second]})
    assert migration.rows(VOTES) == [("2026-W08", 10, "Ben"), ("2026-W20", 20, "Ana")]
    assert migration.rows(PLACES) == [(10, 1), (20, 2), (20, 1), (10, 2), (10, None)]
    assert migration.rows(
        "SELECT n.week, n.tmdb_id FROM week_history h JOIN nominations n ON n.id = first_place_id"
        " WHERE n.week = h.week"
    ) == [("2026-W08", 10), ("2026-W20", 20)]


def test_of_a_week_that_is_archived_twice_the_first_places_stay(migration: Migration) -> None:
    films = [nomination(10, "Ana"), nomination(20, "Ben")]
    weeks = [archived("2026-W08", films), archived("2026-W08", films[::-1])]
    assert migration.run({"history": weeks})["merged"]["weeks"] == 1
    assert migration.rows("SELECT first_place_id, second_place_id FROM week_history") == [(1, 2)]


def test_a_third_vote_and_one_for_ones_own_counted_then(migration: Migration) -> None:
    films = [nomination(10, "Ana"), nomination(20, "Ben"), nomination(30, "Ben")]
    votes = {vote_id(film): {"Ana": True} for film in (10, 20, 30)}
    assert migration.run(in_a_week(*films, votes=votes))["imported"]["votes"] == 3
    assert migration.rows("SELECT count(*) FROM nominations WHERE proposed_by = 2") == [2]


def test_votes_for_what_was_withdrawn_are_listed_and_harm_nothing(migration: Migration) -> None:
    votes = {vote_id(99): {"Ben": True}, "Ana": [98, 10]}
    report = migration.run(in_a_week(nomination(10, "Ana"), votes=votes))
    assert (report["exit"], report["imported"]["votes"]) == (0, 1)
    assert [record["path"] for record in report["rejected"]] == [
        f"history[0].votes.{vote_id(99)}.Ben",
        "history[0].votes.Ana[0]",
    ]


def test_both_shapes_of_votes_stand_side_by_side_and_a_voter_counts_once(
    migration: Migration,
) -> None:
    films = [nomination(10, "Ana"), from_bot(20, "Ben")]
    votes = {vote_id(10): {"Ben": True}, "Ben": [10, "20", 20], "20": {"Ana": True}}
    report = migration.run(in_a_week(*films, votes=votes))
    assert (report["imported"]["votes"], report["merged"]["votes"]) == (3, 2)


def test_one_film_twice_in_a_week_is_merged_into_the_earlier(migration: Migration) -> None:
    films = [nomination(10, "Ana"), nomination(20, "Ana"), from_bot(10, "Ben")]
    films[2]["ratings"] = {"Ben": 1}
    films[0]["ratings"] = {"Ben": 5}
    votes = {vote_id(10): {"Ben": True}, "10": {"Ben": True, "Cleo": True}}
    report = migration.run(in_a_week(*films, votes=votes))
    merged = {"nominations": 1, "votes": 1, "ratings": 1, "watches": 1}
    assert {kind: n for kind, n in report["merged"].items() if n} == merged
    assert migration.rows(PLACES) == [(10, 1), (20, 2)]
    assert migration.rows("SELECT rating FROM ratings") == [10]


def test_a_film_that_took_both_places_has_the_first(migration: Migration) -> None:
    assert migration.run(in_a_week(nomination(10, "Ana"), from_bot(10, "Ben")))["exit"] == 0
    places = migration.rows("SELECT first_place_id, second_place_id, second_rule FROM week_history")
    assert places == [(1, None, None)]


def test_the_bots_nomination_has_its_poster_and_the_weeks_start(migration: Migration) -> None:
    migration.run(in_a_week(from_bot(10, "Ana")))
    assert migration.rows("SELECT proposed_at FROM nominations") == ["2026-02-16T00:00:00.000Z"]
    assert migration.rows("SELECT poster_path, title FROM movies") == [("/p10.jpg", "Film 10")]


def test_a_nomination_is_the_bots_by_any_of_its_signs(migration: Migration) -> None:
    by_poster = from_bot(10, "Ana", id="10")
    del by_poster["votes"]
    by_votes = from_bot(20, "Ana", id="20")
    del by_votes["poster"]
    by_id = {"id": 30, "title": "Film 30", "tmdbId": None, "proposedBy": "Ana"}
    assert migration.run(in_a_week(by_poster, by_votes, by_id))["exit"] == 0
    assert migration.rows("SELECT tmdb_id FROM nominations ORDER BY 1") == [10, 20, 30]


@pytest.mark.parametrize(
    "damage",
    [
        {"tmdbId": None, "title": None},
        {"tmdbId": 0},
        {"tmdbId": 2**63},
        {"tmdbId": "ten"},
        {"tmdbId": True},
        {"tmdbId": 1.5},
        {"proposedBy": None},
        {"proposedBy": ""},
        {"proposedBy": 7},
        {"title": ["a"]},
        {"title": "\ud800"},
    ],
)
def test_a_nomination_without_film_or_proposer_refuses_the_file(
    damage: dict[str, Any], migration: Migration
) -> None:
    document = in_a_week(nomination(20, "Ben"), nomination(10, "Ana", **damage))
    report = migration.run(document)
    assert (report["exit"], report["rejected"][0]["path"]) == (1, "history[0].allMovies[1]")
    assert migration.run(document, "--skip-damaged")["exit"] == 3
    assert migration.rows(PLACES) == [(20, 1)]


def test_votes_stay_with_the_first_of_two_nominations_with_one_id(migration: Migration) -> None:
    films = [nomination(10, "Ana"), nomination(20, "", id=vote_id(10))]
    document = in_a_week(*films, votes={vote_id(10): {"Ben": True}})
    assert migration.run(document, "--skip-damaged")["imported"]["votes"] == 1
    assert migration.rows(VOTES) == [("2026-W08", 10, "Ben")]


def test_odd_but_whole_nominations_come_in_as_they_are(migration: Migration) -> None:
    films = [
        nomination(
            10, "Ana", tmdbId="10", year="N/A", overview=None, title='<b>"É"</b> 🎬 e\u0301'
        ),
        nomination(2**40, "Ana", year=2001, rating="high", posterPath="//elsewhere.example/x.jpg"),
        nomination(30, "Ana", title=None, proposedAt="last Tuesday"),
        nomination(40, "Ben", title="x" * 500, rating=11, imdbId="nm1", id="one"),
        nomination(50, "Ben", rating=True),
    ]
    migration.run(in_a_week(*films, votes={"one": {"Ana": True}}))
    assert migration.rows(VOTES) == [("2026-W08", 40, "Ana")]
    assert migration.rows("SELECT tmdb_id FROM movies WHERE imdb_id IS NULL") == [40, 2**40]
    assert migration.rows(
        "SELECT tmdb_id, title, year, rating, poster_path, overview FROM movies ORDER BY tmdb_id"
    ) == [
        (10, '<b>"É"</b> 🎬 e\u0301', None, 7.5, "/p10.jpg", ""),
        (30, "TMDB film 30", 1999, 7.5, "/p30.jpg", "Once upon a time."),
        (40, "x" * 500, 1999, None, "/p40.jpg", "Once upon a time."),
        (50, "Film 50", 1999, None, "/p50.jpg", "Once upon a time."),
        (2**40, f"Film {2**40}", 2001, None, None, "Once upon a time."),
    ]
    assert migration.rows("SELECT proposed_at FROM nominations WHERE tmdb_id = 30") == [
        "2026-02-16T00:00:00.000Z"
    ]


def test_the_newest_description_of_a_film_wins_and_older_ones_fill_its_gaps(
    migration: Migration,
) -> None:
    older = archived("2026-W08", [nomination(10, "Ana", title="Old", imdbId="tt1")])
    newer = archived("2026-W20", [nomination(10, "Ana", title="New", imdbId=None)])
    migration.run({"history": [older, newer]})
    assert migration.rows("SELECT title, imdb_id FROM movies") == [("New", "tt1")]


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ({"users": []}, "users"),
        ({"users": {"Ana": "4821"}}, "users.Ana"),
        ({"users": {"": {}}}, 'users[""]'),
        ({"users": {"A.B": None}}, 'users["A.B"]'),
        ({"history": {}}, "history"),
        ({"history": [[]]}, "history[0]"),
        ({"history": [archived("2026-W54", [])]}, "history[0].weekNumber"),
        ({"currentWeek": [1]}, "currentWeek"),
        ({"currentWeek": {"weekNumber": 8}}, "currentWeek.weekNumber"),
        ({"currentWeek": current("2026-W47", ["x"])}, "currentWeek.nominations[0]"),
        ({"history": [archived("2026-W08", [], allMovies={})]}, "history[0].allMovies"),
        ({"history": [archived("2026-W08", [], firstPlace="x")]}, "history[0].firstPlace"),
        ({"history": [archived("2026-W08", [], [1])]}, "history[0].votes"),
        ({"history": [archived("2026-W08", [], {"Ana": 1})]}, "history[0].votes.Ana"),
        ({"history": [archived("2026-W08", [], {"Ana": ["x"]})]}, "history[0].votes.Ana[0]"),
        ({"history": [archived("2026-W08", [], {"": [10]})]}, 'history[0].votes[""][0]'),
        (in_a_week(nomination(10, "Ana"), votes={"10": {"": 1}}), 'history[0].votes.10[""]'),
        (
            in_a_week(nomination(10, "Ana", ratings={"": 5})),
            'history[0].allMovies[0].ratings[""]',
        ),
        (
            in_a_week(nomination(10, "Ana", ratings=[5])),
            "history[0].allMovies[0].ratings",
        ),
    ],
)
def test_a_wrong_container_refuses_the_file_with_its_place(
    document: Any, path: str, migration: Migration
) -> None:
    report = migration.run(document)
    assert (report["exit"], [one["path"] for one in report["rejected"]]) == (1, [path])
    assert report["error"]
    assert report["rejected"][0]["reason"]
    assert not migration.data_dir.exists()


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"users": None, "currentWeek": None, "history": None},
        {"users": {}, "currentWeek": None, "history": []},
    ],
)
def test_an_empty_household_is_no_damage(document: Any, migration: Migration) -> None:
    report = migration.run(document)
    assert (report["exit"], sum(report["read"].values())) == (0, 0)


def test_week_53_and_a_time_outside_the_week_are_taken_as_they_stand(migration: Migration) -> None:
    late = nomination(10, "Ana", proposedAt="2026-12-27T23:30:00.000Z")
    migration.run({"history": [archived("2020-W53", [late])]})
    assert migration.rows("SELECT week, proposed_at FROM nominations") == [
        ("2020-W53", "2026-12-27T23:30:00.000Z")
    ]


@pytest.mark.parametrize(("phase", "opened"), [("nomination", 0), ("voting", 1), ("results", 1)])
def test_voting_that_had_opened_stays_open(phase: str, opened: int, migration: Migration) -> None:
    migration.run({"currentWeek": current("2026-W47", [nomination(10, "Ana")], phase=phase)})
    assert migration.rows("SELECT voting_opened_at IS NOT NULL, closed_at FROM weeks") == [
        (opened, None)
    ]


def test_voting_that_is_open_here_keeps_its_beginning(
    migration: Migration, monkeypatch: pytest.MonkeyPatch
) -> None:
    films = [nomination(10, "Ana"), nomination(20, "Ben")]
    migration.run({"currentWeek": current("2026-W47", films[:1], phase="voting")})
    monkeypatch.setattr(instants, "now", lambda: NOW + timedelta(hours=1))
    migration.run({"currentWeek": current("2026-W47", films, phase="voting")})
    opened = migration.rows("SELECT voting_opened_at FROM weeks")
    assert opened == ["2026-11-17T12:00:00.000Z"]


def test_a_current_week_that_is_past_waits_for_todays_count(migration: Migration) -> None:
    migration.run({"currentWeek": current("2026-W30", [nomination(10, "Ana")], phase="voting")})
    assert migration.rows("SELECT closed_at, voting_opened_at FROM weeks") == [(None, None)]
    assert migration.rows("SELECT * FROM week_history") == []


def test_a_rating_of_the_running_week_is_not_dated_ahead(migration: Migration) -> None:
    film = nomination(10, "Ana", ratings={"Ana": 5})
    migration.run({"currentWeek": current("2026-W47", [film])})
    assert migration.rows(
        "SELECT rated_at FROM ratings UNION SELECT watched_at FROM watch_history"
    ) == ["2026-11-17T12:00:00.000Z"]


def test_a_week_in_both_places_is_one_and_the_archive_knows_its_end(migration: Migration) -> None:
    film, other = nomination(10, "Ana"), nomination(20, "Ben")
    report = migration.run(
        {
            "currentWeek": current("2026-W08", [film, other], {vote_id(20): {"Ana": True}}),
            "history": [archived("2026-W08", [film])],
        }
    )
    assert (report["imported"]["weeks"], report["merged"]["weeks"]) == (1, 1)
    assert report["merged"]["nominations"] == 1
    assert migration.rows(PLACES) == [(10, 1), (20, 2)]


def test_times_follow_the_households_zone(
    migration: Migration, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Europe/Budapest")
    migration.run(in_a_week(from_bot(10, "Ana", ratings={"Ana": 5})))
    assert migration.rows("SELECT proposed_at FROM nominations") == ["2026-02-15T23:00:00.000Z"]
    assert migration.rows("SELECT rated_at FROM ratings") == ["2026-02-22T22:59:59.000Z"]
    assert migration.rows("SELECT * FROM settings") == []


def test_a_zone_that_was_chosen_here_comes_before_the_environments(
    migration: Migration, monkeypatch: pytest.MonkeyPatch
) -> None:
    migration.run(in_a_week(from_bot(10, "Ana")))
    migration.change("INSERT INTO settings (name, value) VALUES ('zone', 'Pacific/Auckland')")
    monkeypatch.setenv("TZ", "Europe/Budapest")
    migration.run(in_a_week(from_bot(10, "Ana"), from_bot(20, "Ben")))
    assert migration.rows("SELECT proposed_at FROM nominations") == [
        "2026-02-16T00:00:00.000Z",
        "2026-02-15T11:00:00.000Z",
    ]
    assert migration.rows("SELECT closed_at FROM weeks") == ["2026-02-20T18:00:00.000Z"]
