"""What a member does at Trakt arrives here: all of it, once, and gone only when it surely is."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services import timers
from tests.conftest import TUESDAY_NOON, Clock, Household
from tests.fake_trakt import Account, faults
from tests.fake_trakt.replies import Reply
from tests.trakt.connected import Connected, connected
from tests.trakt.synced import Synced, synced
from utils.instants import to_text

__all__ = ["connected", "synced"]

WATCHED, RATINGS, WATCHLIST = "/sync/watched/movies", "/sync/ratings/movies", "/sync/watchlist"
LONG_AGO = TUESDAY_NOON - timedelta(days=300)


def seen(synced: Synced, account: Account, number: int, first: int = 1000) -> None:
    for tmdb_id in range(first, first + number):
        film = synced.trakt.film(tmdb_id, f"Film {tmdb_id}", 1999)
        account.watch(film, at=LONG_AGO)


def test_a_first_sync_takes_every_page_and_asks_no_more_than_it_must(
    household: Household, connected: Connected, synced: Synced
) -> None:
    account = connected.linked(household.ana)
    seen(synced, account, 601)
    film, show = synced.trakt.film(603, "The Matrix", 1999), synced.trakt.show(1396, "A Series")
    account.rate(film, 9, at=LONG_AGO)
    account.wish(film), account.wish(show)
    synced.trakt.log.clear()
    status = synced.press(household.ana)
    assert (status["sync"]["state"], status["last_sync"]) == ("idle", to_text(TUESDAY_NOON))
    assert synced.trakt.tally() == {
        "GET /sync/last_activities": 1,
        f"GET {WATCHED}": 3,
        f"GET {RATINGS}": 1,
        f"GET {WATCHLIST}": 1,
    }
    assert synced.ratings(household.ana) == {603: (9, to_text(LONG_AGO))}
    with connected.conn() as conn:
        wishes = conn.execute("SELECT kind, tmdb_id FROM watchlist ORDER BY kind").fetchall()
        watched = conn.execute("SELECT count(*) FROM watch_history").fetchone()
    assert [tuple(row) for row in wishes] == [("film", 603), ("show", 1396)]
    assert watched[0] == 601


def test_ratings_from_trakt_count_in_the_statistics_at_once(
    household: Household, connected: Connected, synced: Synced
) -> None:
    account = connected.linked(household.ana)
    film = synced.trakt.film(603, "The Matrix", 1999)
    for rating in (9, 4):
        account.rate(film, rating)
        synced.press(household.ana)
        (row,) = household.ben.ask("/statistics").get_json()["ratings"]
        assert row["given"] == {"average": rating, "number": 1}
        synced.connected.clock.forward(hours=1)


def test_a_film_that_came_from_trakt_without_its_length_gets_it_here(
    household: Household, connected: Connected, synced: Synced
) -> None:
    account = connected.linked(household.ana)
    account.rate(synced.trakt.film(603, "The Matrix", 1999), 9, at=LONG_AGO)
    synced.press(household.ana)
    film = household.ben.ask("/films/603").get_json()
    assert (film["runtime"], "Action" in film["genres"]) == (136, True)
    household.ben.send("/nominations", tmdb_id=603)
    assert "136 min" in household.cleo.page("/")


def test_a_film_that_was_named_without_its_year_gets_it_from_trakt(
    household: Household, connected: Connected, synced: Synced
) -> None:
    household.ana.send("/nominations", tmdb_id=910_000_001, title="Harbour Lights")
    account = connected.linked(household.ana)
    account.rate(synced.trakt.film(910_000_001, "The Harbour Lights", 2001), 7)
    synced.press(household.ana)
    shown = household.ana.ask("/films/910000001").get_json()
    assert (shown["title"], shown["year"]) == ("Harbour Lights", 2001)


def test_a_rated_film_without_a_title_does_not_lose_the_one_it_has_here(
    household: Household, connected: Connected, synced: Synced
) -> None:
    account = connected.linked(household.ana)
    account.rate(synced.trakt.film(603, "", 1999), 7)
    synced.press(household.ana)
    assert household.ana.ask("/films/603").get_json()["title"] == "The Matrix"


def test_what_was_rated_and_wished_for_before_linking_is_shared_with_trakt_from_then_on(
    household: Household, connected: Connected, synced: Synced
) -> None:
    film, account = synced.trakt.film(603, "The Matrix", 1999), connected.trakt.account("ana-films")
    household.ana.send("/films/603/rating", rating=7)
    household.ana.send("/watchlist/film/603")
    connected.clock.forward(days=1)
    account.wish(film)
    connected.link(household.ana, account)
    synced.press(household.ana)
    assert (account.ratings[film].value, account.ratings[film].rated_at) == (7, TUESDAY_NOON)
    account.unwish(film)
    synced.press(household.ana)
    assert household.ana.ask("/films/603").get_json()["wanted_by"] == []


def test_a_new_link_is_read_at_once(household: Household, connected: Connected) -> None:
    account = connected.trakt.account("ana-films")
    account.watch(connected.trakt.film(603, "The Matrix", 1999), at=LONG_AGO)
    connected.link(household.ana, account)
    assert [row["member"] for row in household.ben.ask("/films/603").get_json()["seen"]] == ["Ana"]


def test_a_quiet_sync_is_one_small_request(
    household: Household, connected: Connected, synced: Synced
) -> None:
    account = connected.linked(household.ana)
    seen(synced, account, 3)
    synced.press(household.ana)
    synced.trakt.log.clear()
    synced.press(household.ana)
    (only,) = synced.trakt.requests()
    assert only.path == "/sync/last_activities"
    assert only.received < 2000


def test_only_the_list_that_moved_is_read_again(
    household: Household, connected: Connected, synced: Synced
) -> None:
    account = connected.linked(household.ana)
    seen(synced, account, 3)
    synced.press(household.ana)
    synced.trakt.log.clear()
    account.wish(synced.trakt.film(603, "The Matrix", 1999))
    synced.press(household.ana)
    assert set(synced.trakt.tally()) == {"GET /sync/last_activities", f"GET {WATCHLIST}"}


def test_two_lists_that_moved_at_one_moment_are_each_read(
    household: Household, connected: Connected, synced: Synced, clock: Clock
) -> None:
    account = connected.linked(household.ana)
    film = synced.trakt.film(603, "The Matrix", 1999)
    clock.forward(minutes=1)
    account.rate(film, 8)
    synced.press(household.ana)
    account.watch(film)
    synced.press(household.ana)
    assert [one["member"] for one in household.ben.ask("/films/603").get_json()["seen"]] == ["Ana"]


def test_pages_that_bring_no_news_wake_no_screen(
    household: Household, connected: Connected, synced: Synced
) -> None:
    account = connected.linked(household.ana)
    seen(synced, account, 600)
    synced.press(household.ana)
    version = household.ben.state()["version"]
    account.watch(synced.trakt.film(603, "The Matrix", 1999), at=LONG_AGO)
    synced.press(household.ana)
    assert household.ben.state()["version"] == version + 2  # its page, and the end of the list


def test_what_trakt_says_we_have_seen_is_on_the_cards_of_all(
    household: Household, connected: Connected, synced: Synced
) -> None:
    account = connected.linked(household.ana)
    household.nominate(603)
    version = household.ben.state()["version"]
    account.watch(synced.trakt.film(603, "The Matrix", 1999), at=LONG_AGO)
    synced.press(household.ana)
    state = household.ben.state()
    assert state["nominations"][0]["seen_by"] == ["Ana"]
    assert state["version"] > version
    assert household.ben.ask("/films/603").get_json()["seen"] == [
        {"member": "Ana", "watched_at": to_text(LONG_AGO), "rating": None}
    ]


def test_the_last_play_is_told_as_it_moves_to_and_fro_at_trakt(
    household: Household, connected: Connected, synced: Synced
) -> None:
    account = connected.linked(household.ana)
    matrix = synced.trakt.film(603, "The Matrix", 1999)
    account.watch(matrix, at=LONG_AGO)
    synced.press(household.ana)
    again = account.watch(matrix, at=LONG_AGO + timedelta(days=1))
    for last in (again.watched_at, LONG_AGO):
        synced.press(household.ana)
        (shown,) = household.ana.ask("/films/603").get_json()["seen"]
        assert shown["watched_at"] == to_text(last)
        account.forget(again.play_id)


def test_a_film_that_gets_its_tmdb_id_later_is_seen_from_then_on(
    household: Household, connected: Connected, synced: Synced
) -> None:
    account = connected.linked(household.ana)
    play = account.watch(synced.trakt.film(None, "The Matrix", trakt=7), at=LONG_AGO)
    synced.press(household.ana)
    account.forget(play.play_id)
    account.watch(synced.trakt.film(603, "The Matrix", trakt=7), at=LONG_AGO)
    synced.press(household.ana)
    assert [one["member"] for one in household.ben.ask("/films/603").get_json()["seen"]] == ["Ana"]


def test_a_play_removed_at_trakt_is_gone_here_but_never_our_evening(
    household: Household, connected: Connected, synced: Synced
) -> None:
    account = connected.linked(household.ana)
    matrix, heat = synced.trakt.film(603, "The Matrix", 1999), synced.trakt.film(949, "Heat", 1995)
    ours = account.watch(matrix, at=LONG_AGO)
    account.watch(heat, at=LONG_AGO)
    synced.press(household.ana)
    household.ana.send("/weeks/2026-W47/watched", tmdb_id=949, members=["Ana", "Ben"])
    synced.settle()
    for play_id in [*account.plays]:
        account.forget(play_id)
    assert ours.play_id not in account.plays
    synced.press(household.ana)
    assert household.ana.ask("/films/603").get_json()["seen"] == []
    evening = household.ana.ask("/films/949").get_json()["seen"]
    assert [row["member"] for row in evening] == ["Ana", "Ben"]


def test_what_one_member_removes_at_trakt_while_more_arrives_is_gone_for_them_alone(
    household: Household, connected: Connected, synced: Synced
) -> None:
    films = [
        synced.trakt.film(tmdb_id, title, 1999)
        for tmdb_id, title in ((603, "The Matrix"), (949, "Heat"), (680, "Pulp Fiction"))
    ]
    matrix, heat, pulp = films
    accounts = [connected.linked(household.ana), connected.linked(household.ben, "ben-films")]
    for account in accounts:
        for film in (matrix, heat):
            account.watch(film, at=LONG_AGO)
            account.rate(film, 8, at=LONG_AGO)
            account.wish(film)
    for person in (household.ana, household.ben):
        synced.press(person)
    ana, _ben = accounts
    ana.wish(synced.trakt.show(603, "A Series"))
    synced.press(household.ana)
    ana.forget_all(matrix), ana.unrate(matrix), ana.unwish(matrix)
    ana.watch(pulp, at=LONG_AGO), ana.wish(pulp)
    ana.rate(pulp, 8, at=LONG_AGO)
    synced.press(household.ana)
    for tmdb_id, members in ((603, ["Ben"]), (949, ["Ana", "Ben"]), (680, ["Ana"])):
        shown = household.cleo.ask(f"/films/{tmdb_id}").get_json()
        assert [(one["member"], one["rating"]) for one in shown["seen"]] == [
            (name, 8) for name in members
        ]
        assert shown["wanted_by"] == members
    assert "A Series" in household.ana.page("/discover?row=mine")
    assert synced.outbox(household.ana) == synced.outbox(household.ben) == []


def test_a_film_removed_at_trakt_is_gone_while_another_is_still_being_taken_back(
    household: Household, connected: Connected, synced: Synced
) -> None:
    account = connected.linked(household.ana)
    matrix = synced.trakt.film(603, "The Matrix", 1999)
    synced.trakt.film(949, "Heat", 1995)
    account.watch(matrix, at=LONG_AGO)
    household.ana.send("/films/949/watched", title="Heat")
    synced.settle()
    synced.press(household.ana)
    synced.trakt.fail("/sync/history/remove", faults.answer(503), times=9)
    household.ana.send("/films/949/unwatched")
    synced.settle()
    account.forget_all(matrix)
    synced.press(household.ana)
    for tmdb_id in (603, 949):
        assert household.ana.ask(f"/films/{tmdb_id}").get_json()["seen"] == []


def test_what_hundreds_are_missing_at_trakt_are_gone_here_and_no_other(
    household: Household, connected: Connected, synced: Synced
) -> None:
    account = connected.linked(household.ana)
    seen(synced, account, 601)
    wishes = [synced.trakt.film(tmdb_id, "A wish", 1999) for tmdb_id in range(2000, 2251)]
    for film in wishes:
        account.wish(film)
    synced.press(household.ana)
    for play_id in [*account.plays][:-2]:
        account.forget(play_id)
    for film in wishes[1:]:
        account.unwish(film)
    synced.press(household.ana)
    with connected.conn() as conn:
        kept = conn.execute("SELECT tmdb_id FROM watch_history ORDER BY tmdb_id").fetchall()
        wished = conn.execute("SELECT tmdb_id FROM watchlist").fetchall()
    assert [row[0] for row in kept] == [1599, 1600]
    assert [row[0] for row in wished] == [2000]


def test_a_wish_made_anew_after_the_film_outlives_the_old_one_that_trakt_kept(
    household: Household, connected: Connected, synced: Synced, clock: Clock
) -> None:
    account = connected.linked(household.ana)
    matrix = synced.trakt.film(603, "The Matrix", 1999)
    account.wish(matrix, at=LONG_AGO)
    synced.press(household.ana)
    for act, wishers in (("/films/603/watched", []), ("/watchlist/film/603", ["Ana"])):
        clock.forward(hours=2)
        household.ana.send(act)
        synced.settle()
        account.unwish(matrix), account.wish(matrix, at=LONG_AGO)
        synced.press(household.ana)
        assert household.ben.ask("/films/603").get_json()["wanted_by"] == wishers, act


def test_a_film_without_a_tmdb_id_is_counted_and_shown_to_its_member(
    household: Household, connected: Connected, synced: Synced
) -> None:
    connected.linked(household.ben, "ben-films").wish(synced.trakt.film(None, "Nobody’s"))
    synced.press(household.ben)
    account = connected.linked(household.ana)
    account.watch(synced.trakt.film(None, "Home <Movie>", 2003), at=LONG_AGO)
    both = synced.trakt.film(None, "Another", None)
    account.watch(both, at=LONG_AGO), account.wish(both)
    for title in (synced.trakt.film(None, "X", trakt=7), synced.trakt.show(None, "Y", trakt=7)):
        account.wish(title)  # a film and a show of one number count once
    assert synced.press(household.ana)["sync"]["state"] == "idle"
    page = household.ana.page("/settings")
    assert "3 titles of your Trakt" in page
    assert page.index("Another") < page.index("Home &lt;Movie&gt; (2003)")
    assert (page.count("Another"), page.count("Nobody’s")) == (1, 0)
    account.forget_all(both)
    for title in [*account.wishes]:
        account.unwish(title)
    synced.press(household.ana)
    assert "1 title of your Trakt" in household.ana.page("/settings")
    assert "Nobody’s" in household.ben.page("/settings")


def test_a_title_stands_in_one_line_and_turns_no_other_round(
    household: Household, connected: Connected, synced: Synced
) -> None:
    account = connected.linked(household.ana)
    account.rate(synced.trakt.film(603, " \u202eThe\x00\nMatrix ", 1999), 8, at=LONG_AGO)
    account.wish(synced.trakt.film(949, "\u2066Heat" + "!" * 400, 1995))
    synced.press(household.ana)
    assert household.ana.ask("/films/603").get_json()["title"] == "The Matrix"
    with connected.conn() as conn:
        assert conn.execute("SELECT title FROM watchlist").fetchone()[0] == "Heat" + "!" * 296


LIES = {
    "503": faults.answer(503),
    "empty page": faults.empty_page(),
    "short page": faults.short_page(),
    "more than came": faults.lying(Item_Count="7"),
    "no count": faults.lying(Page_Count=""),
    "half": faults.cut(),
    "garbage": faults.garbage(),
    "another shape": faults.garbage('{"error": "none"}'),
}


def test_a_page_that_lies_deletes_nothing(
    household: Household, connected: Connected, synced: Synced, subtests: pytest.Subtests
) -> None:
    account = connected.linked(household.ana)
    seen(synced, account, 300)
    synced.press(household.ana)
    for known, lie in enumerate(LIES, 300):
        with subtests.test(lie):
            account.watch(synced.trakt.film(10_000 + known, "The Matrix", 1999), at=LONG_AGO)
            synced.trakt.fail(WATCHED, LIES[lie], times=9)
            status = synced.press(household.ana)
            assert (status["sync"]["state"], status["sync"]["step"]) == ("failed", "")
            assert status["sync"]["error"]
            assert connected.count("watch_history") == known
            synced.trakt.heal()
            assert synced.press(household.ana)["sync"]["state"] == "idle"
            assert connected.count("watch_history") == known + 1


UNREADABLE = [None, {}, {"type": "movie", "movie": {"ids": None}}, {"type": ["movie"]}]


@pytest.mark.parametrize("row", UNREADABLE)
def test_beside_a_row_that_cannot_be_read_nothing_is_forgotten(
    household: Household, connected: Connected, synced: Synced, row: Any
) -> None:
    account = connected.linked(household.ana)
    films = [synced.trakt.film(603, "The Matrix", 1999), synced.trakt.film(949, "Heat", 1995)]
    for film in films:
        account.watch(film, at=LONG_AGO)
        account.rate(film, 8, at=LONG_AGO)
    synced.press(household.ana)
    for film in films:
        account.wish(film)
    synced.press(household.ana)
    account.watch(films[0])
    account.rate(films[0], 9)
    account.wish(synced.trakt.film(680, "Pulp Fiction"))
    for path in (WATCHED, RATINGS, WATCHLIST):
        synced.trakt.fail(path, instead_of_the_last_row(row))
    assert synced.press(household.ana)["sync"]["state"] == "idle"
    tables = ("watch_history", "ratings", "watchlist")
    assert [connected.count(table) for table in tables] == [2, 2, 2]
    assert synced.ratings(household.ana)[603][0] == 9
    assert synced.outbox(household.ana) == []


def test_beside_a_season_what_is_gone_from_the_watchlist_is_forgotten(
    household: Household, connected: Connected, synced: Synced
) -> None:
    account = connected.linked(household.ana)
    films = [synced.trakt.film(603, "The Matrix"), synced.trakt.film(949, "Heat")]
    account.wish(films[0])
    synced.press(household.ana)
    account.unwish(films[0]), account.wish(films[1])
    season = {"type": "season", "season": {"number": 1, "ids": {"trakt": 7}}}
    synced.trakt.fail(WATCHLIST, instead_of_the_last_row(season))
    synced.press(household.ana)
    assert household.ana.ask("/films/603").get_json()["wanted_by"] == []


def test_a_wish_without_title_or_date_is_of_today(
    household: Household, connected: Connected, synced: Synced
) -> None:
    account = connected.linked(household.ana)
    film = synced.trakt.film(5000, "", None)
    account.watch(film, at=LONG_AGO), account.wish(film)
    bare = {"type": "movie", "movie": {"ids": film.short()["ids"]}}
    synced.trakt.fail(WATCHLIST, instead_of_the_last_row(bare))
    synced.press(household.ana)
    (row,) = household.ana.ask("/discover?row=mine").get_json()["rows"]
    assert [(one["title"], one["wanted_by"]) for one in row["films"]] == [("?", ["Ana"])]


def instead_of_the_last_row(row: Any) -> faults.Fault:
    def edit(reply: Reply) -> Reply:
        rows = [*json.loads(reply.body)[:-1], row]
        return replace(reply, body=json.dumps(rows).encode())

    return faults.Fault(edit=edit)


@pytest.mark.parametrize(
    "sense", [{"rating": 0}, {"rating": 7.5}, {"rating": "7"}, {"rated_at": ""}]
)
def test_a_rating_that_makes_no_sense_is_neither_taken_nor_a_deletion(
    household: Household, connected: Connected, synced: Synced, sense: dict[str, Any]
) -> None:
    account = connected.linked(household.ana)
    film = synced.trakt.film(603, "The Matrix", 1999)
    account.rate(film, 8, at=LONG_AGO)
    synced.press(household.ana)
    account.rate(film, 8)
    row = {"type": "movie", "rating": 8, "rated_at": to_text(LONG_AGO), **film.wrapped("")}
    synced.trakt.fail(RATINGS, instead_of_the_last_row(row | sense))
    synced.press(household.ana)
    assert synced.ratings(household.ana) == {603: (8, to_text(LONG_AGO))}
    assert synced.outbox(household.ana) == []


@pytest.mark.parametrize("year", ["0000", "0001", "9999"])
def test_a_date_beyond_the_calendar_is_no_date(
    household: Household, connected: Connected, synced: Synced, year: str
) -> None:
    """0000 is no year; at the others' ends a zone leads out of what Python can say."""
    account = connected.linked(household.ana)
    film = synced.trakt.film(603, "The Matrix", 1999)
    account.watch(film, at=LONG_AGO)
    account.rate(film, 8, at=LONG_AGO)
    when = {"last_watched_at": f"{year}-01-01T00:00:00.000Z", "rated_at": f"{year}-12-31T23:59:59Z"}
    row = {"type": "movie", "rating": 8, **when, **film.wrapped("")}
    for path in (WATCHED, RATINGS):
        synced.trakt.fail(path, instead_of_the_last_row(row))
    assert synced.press(household.ana)["sync"]["state"] == "idle"
    seen = household.ana.ask("/films/603").get_json()["seen"]
    assert seen == [{"member": "Ana", "watched_at": None, "rating": None}]
    assert "some time ago" in household.ana.page("/films/603")


def test_a_list_that_shifts_between_its_pages_deletes_nothing(
    household: Household, connected: Connected, synced: Synced
) -> None:
    account = connected.linked(household.ana)
    seen(synced, account, 300)
    synced.press(household.ana)
    newest = next(iter(account.plays))
    account.watch(synced.trakt.film(603, "The Matrix", 1999), at=LONG_AGO)
    synced.trakt.fail(WATCHED, faults.shifting(lambda: account.forget(newest)))
    assert synced.press(household.ana)["sync"]["state"] == "failed"
    assert connected.count("watch_history") >= 300
    synced.press(household.ana)
    assert connected.count("watch_history") == 300


@pytest.mark.parametrize(("before", "left"), [(11, [11, 0]), (10, [0, 0])])
def test_an_empty_answer_is_believed_at_once_for_ten_and_the_second_time_for_more(
    household: Household, connected: Connected, synced: Synced, before: int, left: list[int]
) -> None:
    account, other = connected.linked(household.ana), connected.linked(household.ben, "ben-films")
    for each, person, first in ((account, household.ana, 1000), (other, household.ben, 2000)):
        seen(synced, each, before, first)
        films = [play.title for play in each.plays.values()]
        for film in films:
            each.wish(film)
            each.rate(film, 7)
        synced.press(person)
    household.ana.send("/films/603/watched")
    household.ana.send("/watchlist/film/862")
    synced.settle()
    for play_id in [*account.plays]:
        account.forget(play_id)
    for film in [*account.wishes]:
        account.unwish(film), account.unrate(film)
    for count in left:
        synced.press(household.ana)
        assert connected.count("watch_history") == before + 1 + count
        assert connected.count("watchlist") == before + 1 + count
        assert connected.count("ratings") == before + count


def test_an_emptiness_that_passed_is_not_held_against_the_next_one(
    household: Household, connected: Connected, synced: Synced
) -> None:
    account = connected.linked(household.ana)
    seen(synced, account, 11)
    synced.press(household.ana)
    for _time in range(2):
        for play_id in [*account.plays]:
            account.forget(play_id)
        synced.press(household.ana)
        assert connected.count("watch_history") == 11
        seen(synced, account, 11)
        synced.press(household.ana)


def test_an_emptiness_of_one_account_says_nothing_of_the_next(
    household: Household, connected: Connected, synced: Synced
) -> None:
    account = connected.linked(household.ana)
    seen(synced, account, 11)
    synced.press(household.ana)
    for play_id in [*account.plays]:
        account.forget(play_id)
    synced.press(household.ana)
    connected.linked(household.ana, "another")
    assert connected.count("watch_history") == 11


def test_lists_that_are_empty_together_are_believed_together_whatever_else_is_read(
    household: Household, connected: Connected, synced: Synced
) -> None:
    account = connected.linked(household.ana)
    seen(synced, account, 11)
    films = [play.title for play in account.plays.values()]
    for film in films:
        account.wish(film)
    synced.press(household.ana)
    for film in films:
        account.forget_all(film), account.unwish(film)
    for rating, left in ((7, 11), (8, 0)):
        account.rate(films[0], rating)
        synced.press(household.ana)
        assert (connected.count("watch_history"), connected.count("watchlist")) == (left, left)
        assert synced.ratings(household.ana)[1000][0] == rating


def test_what_trakt_knows_by_itself_is_ended_at_trakt(
    household: Household, connected: Connected, synced: Synced
) -> None:
    ana, ben, cleo, _dan = household.everyone
    film = synced.trakt.film(603, "The Matrix", 1999)
    ana.send("/films/603/watched")
    for person, username in ((ana, "ana-films"), (ben, "ben-films")):
        connected.linked(person, username).watch(film, at=LONG_AGO)
        synced.press(person)
    assert ana.send("/films/603/unwatched").status_code == 200
    seen = [(row["member"], row["watched_at"]) for row in cleo.ask("/films/603").get_json()["seen"]]
    assert seen == [("Ana", to_text(LONG_AGO)), ("Ben", to_text(LONG_AGO))]
    refused = ana.send("/films/603/unwatched")
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (409, "seen_at_trakt")
    assert ana.send("/films/862/unwatched").status_code == 200
    assert cleo.send("/films/603/unwatched").status_code == 200


def test_a_token_that_dies_between_two_pages_costs_one_refresh_and_no_page(
    household: Household, connected: Connected, synced: Synced
) -> None:
    account = connected.linked(household.ana)
    seen(synced, account, 600)
    before = connected.tokens()
    synced.trakt.fail(WATCHED, faults.shifting(lambda: synced.trakt.expire(account)))
    assert synced.press(household.ana)["sync"]["state"] == "idle"
    assert connected.tokens() == before + 1
    assert connected.count("watch_history") == 600


def test_a_sync_that_the_database_ended_says_so(
    household: Household, connected: Connected, synced: Synced
) -> None:
    account = connected.linked(household.ana)
    seen(synced, account, 3)
    with connected.conn() as conn:
        conn.execute(
            "CREATE TRIGGER full BEFORE INSERT ON watch_history"
            " BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END"
        )
        failed = synced.press(household.ana)["sync"]
        conn.execute("DROP TRIGGER full")
    assert (failed["state"], failed["problem"]) == ("failed", "failed_here")
    assert "not at Trakt" in failed["error"]
    assert synced.press(household.ana)["sync"]["state"] == "idle"
    assert connected.count("watch_history") == 3


def test_who_left_the_household_is_not_synced(household: Household, connected: Connected) -> None:
    connected.linked(household.ben, "ben-films")
    household.ana.send(f"/admin/members/{household.ben.id}/retire")
    answer = household.ana.send(f"/api/trakt/sync/{household.ben.id}")
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (409, "retired")


def test_who_is_not_linked_has_nothing_to_sync(household: Household, connected: Connected) -> None:
    for url in (f"/api/trakt/sync/{household.ben.id}", "/settings/trakt/sync"):
        answer = household.ben.send(url)
        assert answer.status_code == 409
        assert answer.get_json()["error"]["code"] == "trakt_not_linked"


def test_nobody_syncs_for_another_but_an_admin_may(
    household: Household, connected: Connected, synced: Synced
) -> None:
    connected.linked(household.ben, "ben-films")
    assert household.cleo.send(f"/api/trakt/sync/{household.ben.id}").status_code == 403
    assert household.ana.send("/api/trakt/sync/Ben").status_code == 202


def test_the_first_visit_after_the_interval_syncs_by_itself(
    household: Household, connected: Connected, synced: Synced
) -> None:
    """Ben’s sync was due before, but he does not visit."""
    connected.linked(household.ben, "ben-films")
    connected.clock.forward(hours=1)
    connected.linked(household.ana)
    synced.trakt.log.clear()
    connected.clock.forward(minutes=119)
    household.ana.page("/")
    synced.settle()
    assert synced.trakt.requests("/sync") == []
    connected.clock.forward(minutes=1)
    synced.trakt.fail("/sync/last_activities", faults.answer(403))
    for _visit in range(2):
        household.ana.page("/")
        synced.settle()
    assert [one.username for one in synced.trakt.requests("/sync/last_activities")] == ["ana-films"]


def test_who_switched_it_off_is_only_synced_by_hand(
    household: Household, connected: Connected, synced: Synced
) -> None:
    connected.linked(household.ana)
    household.ana.submit("/settings/trakt", send_watches="1")
    synced.trakt.log.clear()
    household.ana.page("/")
    with connected.conn():
        timers.sync_members()
    synced.settle()
    assert synced.trakt.requests("/sync") == []
    assert synced.press(household.ana)["sync"]["state"] == "idle"


def test_the_clock_syncs_everybody_who_is_linked(
    household: Household, connected: Connected, synced: Synced
) -> None:
    connected.linked(household.ana)
    connected.linked(household.ben, "ben-films")
    connected.clock.forward(days=1)
    synced.trakt.log.clear()
    with connected.conn():
        timers.sync_members()
    synced.settle()
    assert {entry.username for entry in synced.trakt.requests("/sync")} == {
        "ana-films", "ben-films",
    }  # fmt: skip
