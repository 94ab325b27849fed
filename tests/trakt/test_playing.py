"""The film that is on: everybody's Trakt shows it, and in the end each has exactly one play."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from services import sync_queue, timers
from tests.conftest import Clock, Household, Person
from tests.fake_trakt import Account, Title, faults
from tests.fake_trakt.replies import Reply
from tests.trakt.connected import connected
from tests.trakt.fakes import Waits
from tests.trakt.synced import Synced, synced
from trakt import push, push_scrobbles, sync

__all__ = ["connected", "synced"]

WEEK, MATRIX, RUNTIME = "2026-W47", 603, 136  # minutes
HISTORY, STOP = "/sync/history", "/scrobble/stop"


class Killed(BaseException):
    """The process ends here."""


class Night:
    """Friday evening after the count: Ana is linked, and Ben where a test asks for him."""

    def __init__(self, household: Household, synced: Synced, clock: Clock, waits: Waits) -> None:
        self.household, self.synced, self.clock, self.waits = household, synced, clock, waits
        self.film = synced.trakt.film(MATRIX, "The Matrix", 1999)
        household.nominate(MATRIX, 862)
        clock.to(4, 20)
        self.ana = synced.connected.linked(household.ana)

    def press(self, act: str, *members: str, by: Person | None = None, **more: Any) -> Any:
        fields: dict[str, Any] = {"tmdb_id": MATRIX, "action": act, **more}
        if members:
            fields["members"] = [*members]
        answer = (by or self.household.cleo).send(f"/weeks/{WEEK}/playing", **fields)
        self.synced.settle()
        return answer

    def start(self, *members: str) -> None:
        answer = self.press("start", *(members or ("Ana", "Ben", "Cleo")))
        assert answer.status_code == 200, answer.text

    def watch(self, minutes: float = RUNTIME) -> datetime:
        """Start, let so much of it pass, and stop; answers the end."""
        self.start()
        self.clock.forward(minutes=minutes)
        assert self.press("stop").status_code == 200
        return self.clock.now

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nothing that is pressed meanwhile goes to Trakt by itself."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sync_queue, "enqueue_push", lambda *_args: None)
            yield

    def killed(self, room: Any, point: str) -> None:
        """A run that sends what waits for Ana, and whose process ends there."""

        def die(*_args: Any, **_more: Any) -> None:
            raise Killed

        with pytest.MonkeyPatch.context() as patch, self.synced.connected.conn() as conn:
            patch.setattr(room, point, die)
            with pytest.raises(Killed):
                sync.push_only(conn, self.household.app.config, self.household.ana.id)

    def later(self, hours: int = 4) -> None:
        """Long enough for every retry."""
        for _quarter in range(4 * hours):
            self.clock.forward(minutes=15)
            self.waits.sleep(15 * 60)
            self.synced.due()

    def plays(self, account: Account) -> list[datetime]:
        return [when for tmdb_id, when in self.synced.plays(account) if tmdb_id == MATRIX]

    def seen_by(self) -> list[str]:
        body = self.household.dan.ask(f"/weeks/{WEEK}").get_json()
        return [name for night in body["watched"] for name in night["members"]]

    def receipts(self) -> dict[str, str]:
        body = self.household.dan.ask(f"/weeks/{WEEK}").get_json()
        return {receipt["member"]: receipt["status"] for receipt in body["receipts"]}

    def undo(self, *names: str) -> None:
        """As the page's own form does it."""
        page = self.household.ana.page("/")
        ids = dict(re.findall(r'name="members" value="(\d+)"> <span>(\w+)</span>', page))
        absent = [member_id for member_id, name in ids.items() if name in names]
        assert f'action="/weeks/{WEEK}/unwatched"' in page
        answer = self.household.ana.submit(
            f"/weeks/{WEEK}/unwatched", tmdb_id=MATRIX, members=absent
        )
        assert answer.status_code == 303
        self.synced.settle()


def on_screen(person: Person) -> list[int]:
    """The films that are on, in the order of the page."""
    return [int(film) for film in re.findall(r"\bid=\"?playing-(\d+)", person.page("/"))]


@pytest.fixture
def night(household: Household, synced: Synced, clock: Clock, waits: Waits) -> Night:
    return Night(household, synced, clock, waits)


@pytest.fixture
def ben(night: Night) -> Account:
    return night.synced.connected.linked(night.household.ben, "ben-films")


def test_a_film_that_starts_is_on_at_the_trakt_of_each_linked_person_on_the_couch(
    night: Night,
    ben: Account,
) -> None:
    night.household.ben.submit("/settings/trakt", by_itself="1")  # sends nothing
    dan = night.synced.connected.linked(night.household.dan, "dan-films")  # is not there
    night.start()
    assert night.ana.watching
    assert (night.ana.watching["title"], night.ana.watching["started"]) == (
        night.film, night.clock.now,
    )  # fmt: skip
    assert (ben.watching, dan.watching) == (None, None)


def test_a_pause_and_what_follows_carry_the_progress_of_the_clock(
    night: Night, ben: Account
) -> None:
    night.start()
    night.clock.forward(minutes=34)
    night.press("pause")
    assert night.ana.paused == ben.paused == {night.film: 25.0}
    night.clock.forward(hours=1)
    body = night.press("start").get_json()
    assert body["playing"]["progress"] == 25.0
    night.clock.forward(minutes=34)
    assert night.press("pause").get_json()["playing"]["state"] == "paused"
    assert night.ana.paused == {night.film: 50.0}


def test_a_film_seen_to_its_end_is_one_play_by_the_stop_and_no_history_is_written(
    night: Night,
    ben: Account,
) -> None:
    night.synced.trakt.log.clear()
    over = night.watch(minutes=130)
    assert night.seen_by() == ["Ana", "Ben", "Cleo"]
    night.later()
    assert night.plays(night.ana) == night.plays(ben) == [over]
    assert night.synced.trakt.tally() == {"POST /scrobble/start": 2, "POST /scrobble/stop": 2}
    assert night.receipts() == {"Ana": "sent", "Ben": "sent", "Cleo": "not linked"}
    night.undo("Ana")
    assert night.ana.plays == {}
    assert night.synced.trakt.count(HISTORY, "GET") == 0, "its id was told"


@pytest.mark.parametrize("play_id", [2**63, 0, -1, True, "7"])
def test_a_play_whose_id_makes_no_sense_is_looked_up_when_it_is_taken_back(
    night: Night, play_id: Any
) -> None:
    def told(reply: Reply) -> Reply:
        return replace(reply, body=json.dumps(json.loads(reply.body) | {"id": play_id}).encode())

    night.synced.trakt.fail(STOP, faults.Fault(edit=told))
    night.watch()
    assert night.receipts()["Ana"] == "sent"
    night.undo("Ana")
    assert night.ana.plays == {}


def test_what_never_arrived_takes_nothing_with_it(night: Night) -> None:
    night.start("Ana")
    night.clock.forward(minutes=RUNTIME - 1)
    early = night.ana.watch(night.film, night.clock.now - timedelta(minutes=11), "scrobble")
    night.synced.trakt.fail(STOP, faults.refused())
    night.press("stop")
    night.undo("Ana")
    night.later(1)
    assert [*night.ana.plays] == [early.play_id]


def test_a_film_stopped_early_is_marked_for_nobody_and_goes_on_another_time(night: Night) -> None:
    night.watch(minutes=68)
    assert night.seen_by() == []
    assert night.ana.paused == {night.film: 50.0}
    night.clock.forward(hours=20)
    over = night.watch(minutes=60)
    night.later()
    assert night.plays(night.ana) == [over]
    assert night.seen_by() == ["Ana", "Ben", "Cleo"]


def test_what_is_pressed_twice_is_told_once(night: Night) -> None:
    night.synced.trakt.log.clear()
    for act in ("start", "start", "pause", "pause", "stop"):
        assert night.press(act, "Ana").status_code == 200
        night.clock.forward(minutes=10)
    assert night.press("stop").status_code == 409
    assert night.synced.trakt.tally() == {
        f"POST /scrobble/{act}": 1 for act in ("start", "pause", "stop")
    }  # fmt: skip
    assert night.ana.paused == {night.film: 14.71}


def test_a_film_that_was_stopped_early_is_on_nowhere_any_more(night: Night) -> None:
    night.watch(minutes=68)
    said = len(night.synced.outbox(night.household.ana))
    begun = night.press("start", "Cleo", tmdb_id=862).get_json()
    assert (begun["playing"]["title"], begun["playing"]["progress"]) == ("Toy Story", 0)
    night.press("stop", tmdb_id=862)
    night.clock.forward(days=5)
    forget(night)
    night.synced.settle()
    assert on_screen(night.household.cleo) == []
    assert len(night.synced.outbox(night.household.ana)) == said


def test_who_comes_or_leaves_during_a_pause_is_told_of_when_it_goes_on(
    night: Night, ben: Account
) -> None:
    night.start("Ana", "Cleo")
    night.clock.forward(minutes=34)
    night.press("pause")
    night.synced.trakt.log.clear()
    night.press("pause", "Ben", "Cleo")
    assert night.synced.trakt.tally() == {}
    night.press("start")
    assert night.synced.trakt.tally() == {"POST /scrobble/start": 1}
    assert (night.ana.watching, bool(ben.watching)) == (None, True)


def test_a_film_seen_to_its_end_starts_again_from_its_beginning(night: Night) -> None:
    night.watch()
    assert night.press("start", "Ana").get_json()["playing"]["progress"] == 0
    night.clock.forward(minutes=34)
    assert "Stopped after 25 %" in night.press("stop").get_json()["said"]


def test_an_evening_marked_for_another_film_leaves_the_one_that_is_playing(night: Night) -> None:
    night.start()
    done = night.household.ana.send(f"/weeks/{WEEK}/watched", tmdb_id=13, members=["Ben"])
    assert done.status_code == 200
    assert night.press("pause").get_json()["playing"]["state"] == "paused"


@pytest.mark.parametrize("minutes", [0, 0.5])
def test_a_start_by_mistake_ends_at_trakt_as_well(night: Night, minutes: float) -> None:
    night.watch(minutes)
    assert night.ana.watching is None
    assert night.synced.outbox(night.household.ana)[-1][1:] == ("sent", None)


def test_a_film_stopped_where_it_might_count_does_not_count_at_trakt(night: Night) -> None:
    night.watch(minutes=RUNTIME * 0.8)
    assert (night.seen_by(), night.ana.paused) == ([], {night.film: 79.0})


def test_two_films_of_one_night_arrive_in_their_order(night: Night) -> None:
    other = night.synced.trakt.film(862, "Toy Story", 1995)
    with night.alone():
        night.start("Ana")
        night.clock.forward(minutes=RUNTIME - 5)
        night.press("start", "Ana", tmdb_id=862, instead=True)
    night.synced.due()
    assert len(night.plays(night.ana)) == 1
    assert night.ana.watching
    assert night.ana.watching["title"] == other


def test_two_films_that_trakt_could_not_hear_of_are_two_plays(night: Night) -> None:
    night.synced.trakt.film(862, "Toy Story", 1995)
    with night.alone():
        night.start("Ana")
        night.clock.forward(minutes=RUNTIME - 5)
        night.press("start", "Ana", tmdb_id=862, instead=True)
        night.clock.forward(minutes=79)
        night.press("stop", tmdb_id=862)
    night.later(1)
    assert sorted(tmdb_id or 0 for tmdb_id, _when in night.synced.plays(night.ana)) == [603, 862]


def test_what_becomes_of_an_older_film_leaves_the_one_that_is_on_alone(night: Night) -> None:
    other = night.synced.trakt.film(862, "Toy Story", 1995)
    night.watch()
    night.synced.trakt.fail("/", faults.answer(502), times=9)
    night.press("start", "Ana", tmdb_id=862)
    night.undo("Ana")
    night.household.cleo.send(f"/weeks/{WEEK}/watched", tmdb_id=MATRIX, members=["Ana"])
    night.synced.settle()
    night.synced.trakt.heal()
    night.clock.forward(minutes=5)
    night.synced.due()
    assert night.ana.watching
    assert night.ana.watching["title"] == other


def test_a_film_of_unknown_length_takes_two_hours(night: Night) -> None:
    night.synced.trakt.film(99_999_999, "Heat Haze", 2020)
    night.press("start", "Ana", tmdb_id=99_999_999, title="Heat Haze", year=2020)
    night.clock.forward(minutes=96)
    assert "not marked" in night.press("stop", tmdb_id=99_999_999).get_json()["said"]
    night.press("start", "Ana", tmdb_id=99_999_999)
    night.clock.forward(minutes=1)
    assert "Ana" in night.press("stop", tmdb_id=99_999_999).get_json()["said"]


FAULTS = {
    "lost answer": (faults.lost(), 1),
    "lost question": (faults.refused(), 1),
    "502 after it was done": (faults.after(502), 1),
    "502": (faults.answer(502), 1),
    "a page of HTML for an answer": (faults.garbage(), 1),
    "nothing in the answer": (faults.garbage("{}"), 1),
    "half an answer": (faults.cut(), 1),
    "an hour's rest": (faults.answer(429, Retry_After="3600"), 1),
    "not accepted": (faults.answer(422), 1),
    "not known": (faults.answer(404), 1),
    "for VIPs": (faults.answer(426), 1),
    "lost twice": (faults.lost(), 2),
    "an answer of nothing": (faults.answer(201, "{}", "application/json"), 1),
    "counted for another evening": (
        faults.answer(409, '{"watched_at": "2026-11-19T20:00:00.000Z"}', "application/json"),
        1,
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_becomes_of_the_stop_each_has_exactly_one_play(night: Night, fault: str) -> None:
    what, times = FAULTS[fault]
    night.start("Ana")
    night.clock.forward(minutes=RUNTIME - 1)
    night.synced.trakt.fail(STOP, what, times=times)
    night.press("stop")
    night.later(2)
    assert len(night.plays(night.ana)) == 1
    assert night.receipts() == {"Ana": "sent"}


@pytest.mark.parametrize("stop", [faults.lost(), faults.refused()], ids=["arrived", "did not"])
@pytest.mark.parametrize("then", ["lost answer", "lost question", "502", "half an answer"])
def test_a_stop_of_unknown_outcome_is_looked_up_until_that_is_known(
    night: Night, stop: faults.Fault, then: str
) -> None:
    night.start("Ana")
    night.clock.forward(minutes=RUNTIME - 1)
    night.synced.trakt.fail(STOP, stop)
    night.synced.trakt.fail(HISTORY, FAULTS[then][0], times=8)  # a read is tried four times
    night.press("stop")
    night.later(3)
    assert len(night.plays(night.ana)) == 1
    assert night.receipts() == {"Ana": "sent"}


def test_with_trakt_down_for_the_evening_the_play_arrives_with_its_true_time(
    night: Night, ben: Account
) -> None:
    night.synced.trakt.fail("/", faults.answer(502), times=999)
    over = night.watch()
    night.later(2)
    assert night.receipts() == {"Ana": "waiting", "Ben": "waiting", "Cleo": "not linked"}
    night.synced.trakt.heal()
    night.later(2)
    assert night.plays(night.ana) == night.plays(ben) == [over]
    assert night.receipts() == {"Ana": "sent", "Ben": "sent", "Cleo": "not linked"}


@pytest.mark.parametrize(
    ("room", "point"),
    [(push, "_batches"), (push_scrobbles, "Outcome"), (push, "_mark")],
    ids=["claimed", "sent", "answered"],
)
@pytest.mark.parametrize("minutes", [1, 30])
def test_killed_between_claim_and_mark_the_stop_still_makes_one_play(
    night: Night, room: Any, point: str, minutes: int
) -> None:
    night.start("Ana")
    night.clock.forward(minutes=RUNTIME - 1)
    with night.alone():
        night.press("stop")
        night.killed(room, point)
    night.clock.forward(minutes=minutes)
    night.synced.due()
    assert len(night.plays(night.ana)) == 1
    assert night.receipts() == {"Ana": "sent"}


def test_what_trakt_could_not_hear_in_time_is_not_told_afterwards(night: Night) -> None:
    night.synced.trakt.fail("/", faults.answer(502), times=99)
    night.start("Ana")
    for act in ("pause", "start", "pause", "start"):
        night.clock.forward(minutes=1)
        night.press(act)
    night.synced.trakt.heal()
    night.synced.trakt.log.clear()
    night.clock.forward(minutes=8)
    night.synced.due()
    assert night.synced.trakt.tally() == {"POST /scrobble/start": 1}


@pytest.mark.parametrize(("minutes", "told"), [(10, 1), (11, 0)])
def test_a_start_is_worth_telling_for_ten_minutes(night: Night, minutes: int, told: int) -> None:
    with night.alone():
        night.start("Ana")
    night.clock.forward(minutes=minutes)
    night.synced.due()
    assert night.synced.trakt.count("/scrobble/start") == told
    assert night.synced.status(night.household.ana)["pending_writes"] == 0


def test_a_film_that_another_one_followed_is_stopped_at_trakt_as_well(night: Night) -> None:
    night.synced.trakt.film(862, "Toy Story", 1995)
    night.start()
    night.clock.forward(minutes=34)
    with night.alone():
        night.press("start", "Ana", tmdb_id=862, instead=True)
    night.synced.due()
    assert night.ana.paused == {night.film: 25.0}
    assert night.ana.watching
    assert night.ana.watching["title"].title == "Toy Story"


def test_a_start_that_was_cut_off_is_not_told_after_the_pause(night: Night) -> None:
    with night.alone():
        night.start("Ana")
        night.killed(push, "_batches")
    night.synced.trakt.log.clear()
    night.press("pause")
    assert night.synced.trakt.tally() == {"POST /scrobble/pause": 1}


@pytest.fixture
def busy(night: Night) -> Title:
    """Ana has checked in to something else."""
    heat = night.synced.trakt.film(949, "Heat", 1995)
    night.ana.watching = {
        "title": heat,
        "action": "checkin",
        "started": night.clock.now,
        "ends": night.clock.now + timedelta(hours=3),
    }
    return heat


def test_who_is_checked_in_elsewhere_is_told_and_keeps_nobody_from_anything(
    night: Night, ben: Account, busy: Title
) -> None:
    night.start()
    assert ben.watching
    assert "Trakt shows them watching something else" in night.household.ben.page("/")
    assert "Trakt shows you watching something else" in night.household.ana.page("/")
    night.clock.forward(minutes=RUNTIME)
    night.press("stop")
    night.later(1)
    assert len(night.plays(night.ana)) == len(night.plays(ben)) == 1
    assert night.receipts()["Ana"] == "sent"
    assert "something else" not in night.household.ana.page("/settings")


def test_what_was_refused_is_forgotten_once_the_next_turn_arrives(
    night: Night, busy: Title
) -> None:
    night.start("Ana")
    assert night.synced.outbox(night.household.ana) == [("started", "parked", "conflict")]
    night.ana.watching = None
    night.press("pause")
    assert night.synced.outbox(night.household.ana) == [("paused", "sent", None)]


def test_what_its_member_will_not_send_troubles_nobody(night: Night, busy: Title) -> None:
    night.start("Ana")
    assert "something else" in night.household.ben.page("/")
    night.household.ana.send("/settings/trakt/unsent/1/drop")
    assert "something else" not in night.household.ben.page("/")


def test_trouble_with_one_film_is_none_of_the_next(night: Night) -> None:
    night.synced.trakt.film(862, "Toy Story", 1995)
    night.start("Ana")
    night.synced.trakt.fail(STOP, faults.answer(422))
    night.press("start", "Ana", tmdb_id=862, instead=True)
    assert [row[1] for row in night.synced.outbox(night.household.ana)][-2:] == ["parked", "sent"]
    assert "did not accept" not in night.household.ben.page("/")


@pytest.mark.parametrize(
    "fault", [faults.answer(422), faults.answer(404), faults.answer(426),
              faults.answer(201, '{"id": 0, "action": "pause"}', "application/json")],
)  # fmt: skip
def test_a_stop_that_trakt_does_not_count_is_sent_as_a_play_at_once(
    night: Night, fault: faults.Fault
) -> None:
    night.synced.trakt.fail(STOP, fault)
    over = night.watch()
    assert night.plays(night.ana) == [over]
    assert night.receipts()["Ana"] == "sent"


def test_a_play_that_another_player_had_counted_is_there_already_and_not_ours_to_take_back(
    night: Night,
) -> None:
    night.start("Ana")
    night.clock.forward(minutes=RUNTIME - 1)
    night.ana.watch(night.film, action="scrobble")
    night.press("stop")
    assert night.receipts() == {"Ana": "already there"}
    night.undo("Ana")
    night.later(1)
    assert len(night.plays(night.ana)) == 1


@pytest.mark.parametrize(
    "fault", [None, faults.lost(), faults.answer(422), faults.after(502)],
    ids=["told its id", "answer lost", "sent as a play", "502 after it was done"],
)  # fmt: skip
def test_taking_back_the_evening_removes_exactly_its_plays(
    night: Night, ben: Account, fault: faults.Fault | None
) -> None:
    older = night.ana.watch(night.film, night.clock.now - timedelta(days=300))
    early = night.ana.watch(night.film, night.clock.now - timedelta(minutes=20), "scrobble")
    night.start()
    night.clock.forward(minutes=RUNTIME - 1)
    if fault:
        night.synced.trakt.fail(STOP, fault)
    with night.alone():
        night.press("stop")
    night.clock.forward(seconds=7)  # until Trakt hears of it
    night.synced.due()
    night.clock.forward(minutes=5)
    night.synced.due()
    assert len(night.plays(night.ana)) == 3
    late = night.ana.watch(night.film, night.clock.now, "scrobble")
    by_hand = night.ana.watch(night.film, night.clock.now - timedelta(minutes=5, seconds=6))
    night.undo("Ana", "Cleo")
    night.later(1)
    others = [older, early, late, by_hand]
    assert [*night.ana.plays] == [play.play_id for play in others]
    assert len(night.plays(ben)) == 1
    assert night.seen_by() == ["Ben"]


def test_a_forgotten_film_ends_by_its_runtime(night: Night) -> None:
    night.start()
    started = night.clock.now
    for _minute in range(RUNTIME + 2):
        night.clock.forward(minutes=1)
        timers.run_if_due(night.household.app, timers.BY_NAME["playing"])
        night.synced.settle()
    assert night.seen_by() == ["Ana", "Ben", "Cleo"]
    assert night.plays(night.ana) == [started + timedelta(minutes=RUNTIME)]


def forget(night: Night) -> None:
    timers.run_if_due(night.household.app, timers.BY_NAME["playing"])


def stop(night: Night) -> None:
    night.press("stop", by=night.household.dan)


def start_another(night: Night) -> None:
    night.press("start", "Ana", by=night.household.dan, tmdb_id=862, instead=True)


@pytest.mark.parametrize(
    ("end", "marker", "other"),
    [(forget, "cleo", "dan"), (stop, "dan", "cleo"), (start_another, "dan", "cleo")],
)
def test_a_film_is_marked_by_who_ends_it_and_a_forgotten_one_by_who_started_it(
    night: Night, end: Callable[[Night], None], marker: str, other: str
) -> None:
    night.press("start", "Ben", by=night.household.cleo)
    night.clock.forward(minutes=RUNTIME)
    end(night)
    for who, status in ((other, 403), (marker, 200)):
        person = getattr(night.household, who)
        undo = {"tmdb_id": MATRIX, "members": ["Ben"]}
        assert person.send(f"/weeks/{WEEK}/unwatched", **undo).status_code == status


def test_a_film_that_ended_while_the_server_slept_was_watched_that_evening(night: Night) -> None:
    night.start()
    over = night.clock.now + timedelta(minutes=RUNTIME)
    night.clock.forward(hours=30)
    timers.run_if_due(night.household.app, timers.BY_NAME["playing"])
    night.synced.settle()
    assert night.plays(night.ana) == [over]


def test_who_comes_late_is_on_and_who_leaves_early_has_not_seen_it(
    night: Night, ben: Account
) -> None:
    night.start("Ben", "Cleo")
    night.clock.forward(minutes=34)
    night.press("start", "Ana", "Cleo")
    assert night.ana.watching
    assert (ben.watching, ben.paused) == (None, {night.film: 25.0})
    night.clock.forward(minutes=100)
    night.press("stop")
    assert night.seen_by() == ["Ana", "Cleo"]
    night.later(1)
    assert (len(night.plays(night.ana)), night.plays(ben)) == (1, [])


def test_who_is_on_the_couch_is_ticked_and_who_has_left_is_not_asked_for(night: Night) -> None:
    night.household.ana.send(f"/admin/members/{night.household.dan.id}/retire")
    night.start("Ben", "Cleo")
    page = night.household.ana.page("/")
    ticks = re.findall(r'name="members" value="\d+"( checked)?> <span>(\w+)<', page)
    assert ticks[:3] == [("", "Ana"), (" checked", "Ben"), (" checked", "Cleo")]
    assert "Dan" not in {name for _tick, name in ticks}


def test_one_film_at_a_time_and_another_one_asks(night: Night) -> None:
    night.synced.trakt.film(862, "Toy Story", 1995)
    night.start()
    night.clock.forward(minutes=RUNTIME - 10)
    refused = night.press("start", "Ana", tmdb_id=862)
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (409, "film_is_on")
    assert "The Matrix is on" in refused.get_json()["error"]["message"]
    begun = night.press("start", "Ana", tmdb_id=862, instead=True).get_json()
    assert (begun["playing"]["title"], begun["playing"]["progress"]) == ("Toy Story", 0)
    assert night.seen_by() == ["Ana", "Ben", "Cleo"]  # of the film that was nearly over
    assert night.ana.watching
    assert night.ana.watching["title"].title == "Toy Story"


def test_a_film_marked_by_hand_while_it_is_on_is_not_counted_again(
    night: Night, ben: Account
) -> None:
    night.start()
    night.clock.forward(minutes=RUNTIME - 1)
    night.household.cleo.send(f"/weeks/{WEEK}/watched", tmdb_id=MATRIX, members=["Ana"])
    night.synced.settle()
    assert night.press("stop").status_code == 409
    night.later(2)
    assert night.seen_by() == ["Ana"]
    assert len(night.plays(night.ana)) == 1
    assert night.plays(ben) == []


NONSENSE: list[tuple[dict[str, Any], int, str]] = [
    ({"action": "rewind"}, 400, "action_unknown"),
    ({"action": None}, 400, "missing_field"),
    ({"tmdb_id": None}, 400, "missing_field"),
    ({"members": []}, 422, "nobody_there"),
    ({"members": ["Zoe"]}, 404, "no_member"),
    ({"action": "pause"}, 409, "film_not_on"),
    ({"action": "stop"}, 409, "film_not_on"),
]


def test_what_makes_no_sense_starts_nothing(night: Night, subtests: pytest.Subtests) -> None:
    for fields, status, code in NONSENSE:
        with subtests.test(fields=fields, status=status):
            sent = {"tmdb_id": MATRIX, "members": ["Ana"], "action": "start", **fields}
            answer = night.household.cleo.send(f"/weeks/{WEEK}/playing", **sent)
            assert (answer.status_code, answer.get_json()["error"]["code"]) == (status, code)
            assert night.synced.connected.count("playings") == 0


@pytest.mark.parametrize("day", [3, 8])
def test_a_film_starts_between_the_count_and_the_end_of_its_week(
    household: Household, clock: Clock, day: int
) -> None:
    household.nominate(MATRIX)
    clock.to(day)
    fields = {"tmdb_id": MATRIX, "members": ["Ana"], "action": "start"}
    assert household.ana.send(f"/weeks/{WEEK}/playing", **fields).status_code == 409


def test_a_film_starts_in_a_week_that_was_skipped(household: Household) -> None:
    household.ana.send(f"/weeks/{WEEK}/skip")
    fields = {"tmdb_id": MATRIX, "members": ["Ana", household.ana.id], "action": "start"}
    household.ben.send(f"/weeks/{WEEK}/watched", tmdb_id=862, members=["Ben"])
    begun = household.ben.send(f"/weeks/{WEEK}/playing", **fields).get_json()
    assert (begun["playing"]["members"], begun["receipts"]) == (["Ana"], [])
    assert "Now watching" in household.cleo.page("/")


def test_a_film_that_last_week_left_on_stands_beside_this_weeks(night: Night) -> None:
    night.clock.to(6, 23)
    night.start("Cleo")
    night.press("pause")
    night.clock.forward(hours=2)
    night.household.nominate(862)
    for act in ("open-voting", "close"):
        night.household.ana.send(f"/weeks/2026-W48/{act}")
    fields = {"tmdb_id": 862, "members": ["Dan"], "action": "start"}
    begun = night.household.dan.send("/weeks/2026-W48/playing", **fields)
    assert begun.get_json()["playing"]["title"] == "Toy Story"
    assert on_screen(night.household.ana) == [MATRIX, 862]
    night.household.dan.send("/weeks/2026-W48/watched", tmdb_id=MATRIX, members=["Dan"])
    assert night.press("stop").status_code == 200


def test_a_film_that_outlasts_its_week_is_stopped_on_the_page_of_the_next(night: Night) -> None:
    night.clock.to(6, 23)
    night.start()
    night.clock.forward(minutes=RUNTIME - 1)
    page = night.household.ana.page("/")
    assert "Nominating" in page
    assert "Now watching" in page
    assert f'action="/weeks/{WEEK}/playing"' in page
    assert night.press("stop").status_code == 200
    assert night.seen_by() == ["Ana", "Ben", "Cleo"]


def test_every_screen_notices_each_turn(night: Night) -> None:
    versions = [night.household.dan.state()["version"]]
    for act in ("start", "pause", "start", "stop"):
        night.clock.forward(minutes=40)
        night.press(act, *(["Cleo"] if act == "start" else []))
        versions.append(night.household.dan.state()["version"])
    assert versions == sorted(set(versions))


def test_every_screen_notices_what_becomes_of_a_play(night: Night) -> None:
    night.synced.trakt.fail("/", faults.answer(502))
    fields = {"tmdb_id": MATRIX, "members": ["Ana"]}
    with night.alone():
        night.household.cleo.send(f"/weeks/{WEEK}/watched", **fields)
    versions = [night.household.dan.state()["version"]]
    for receipt in ("waiting", "sent"):
        night.clock.forward(minutes=5)
        night.synced.due()
        versions.append(night.household.dan.state()["version"])
        assert night.receipts() == {"Ana": receipt}
    assert versions == sorted(set(versions))


@pytest.mark.parametrize("receipt", ["failed", "already there"])
def test_every_screen_notices_what_trakt_does_not_take(night: Night, receipt: str) -> None:
    tmdb_id = 680 if receipt == "failed" else MATRIX  # Trakt does not know the first
    night.ana.watch(night.film)
    night.synced.press(night.household.ana)
    with night.alone():
        night.household.cleo.send(f"/weeks/{WEEK}/watched", tmdb_id=tmdb_id, members=["Ana"])
    before = night.household.dan.state()["version"]
    night.synced.due()
    assert night.receipts() == {"Ana": receipt}
    assert night.household.dan.state()["version"] > before


def test_the_page_starts_pauses_and_stops_without_scripts(night: Night) -> None:
    ana, url = night.household.ana, f"/weeks/{WEEK}/playing"
    assert f'formaction="{url}"' in ana.page("/")
    ids = [person.id for person in night.household.everyone[:3]]
    assert ana.submit(url, tmdb_id=MATRIX, members=ids, action="start").status_code == 303
    night.clock.forward(minutes=34)
    page = ana.page("/")
    assert "34 of 136 min" in page
    assert re.findall(r'<option value="(\d+)"', page) == ["862"]
    assert "until about 22:16" in page
    assert ana.submit(url, tmdb_id=MATRIX, action="pause").headers["Location"] == "/#evening"
    assert "Paused" in ana.page("/")
    refused = ana.submit(url, tmdb_id=862, members=ids, action="start")
    assert refused.status_code == 409
    assert "The Matrix is on. Stop it before" in refused.text
    ana.submit(url, tmdb_id=MATRIX, action="stop")
    assert "Stopped after 25 %" in ana.page("/")


def test_a_receipt_says_why_and_its_own_member_tries_again(night: Night, ben: Account) -> None:
    night.household.cleo.send(f"/weeks/{WEEK}/watched", tmdb_id=MATRIX, members=["Cleo"])
    night.household.cleo.send(
        f"/weeks/{WEEK}/watched", tmdb_id=680, title="Pulp", members=["Ana", "Ben", "Cleo"]
    )
    night.synced.settle()  # Trakt does not know it
    anas, cleos = night.household.ana.page("/"), night.household.cleo.page(f"/weeks/{WEEK}")
    assert anas.count(">not sent<") == 2
    assert anas.count("On everybody’s Trakt") == 1  # the other film has nothing to do with it
    assert ">not linked<" in cleos
    assert cleos.count("Trakt does not know this film.") == 2
    assert "Trakt does not know this title or list" in anas
    (again,) = re.findall(r'action="(/settings/trakt/unsent/\d+/again)"', anas)
    assert "/again" not in cleos
    night.synced.trakt.film(680, "Pulp", 1994)
    answer = night.household.ana.submit(again, week=WEEK)
    assert answer.headers["Location"] == "/#evening"
    night.synced.settle()
    page = night.household.ana.page("/")
    assert ">sent<" in page
    assert "/again" not in page
    bens = night.household.ben.page("/")
    (drop,) = re.findall(r'action="(/settings/trakt/unsent/\d+/drop)"', bens)
    night.household.ben.submit(drop, week=WEEK)
    bens = night.household.ben.page("/")
    assert "Not sent, as you chose." in bens
    assert "Trakt does not know" not in bens
    assert "What to do" not in bens
    assert night.receipts() == {"Ana": "sent", "Ben": "failed", "Cleo": "not linked"}


def test_what_is_to_be_taken_back_at_trakt_offers_no_evening_before_the_count(
    night: Night,
) -> None:
    night.clock.to(8)
    night.household.nominate(MATRIX)
    url, fields = "/weeks/2026-W48", {"tmdb_id": MATRIX, "members": ["Ana"]}
    night.household.ana.send(f"{url}/watched", **fields)
    night.synced.settle()
    with night.alone():
        night.household.ana.send(f"{url}/unwatched", **fields)
    page = night.household.ana.page("/")
    assert "still to be taken back at Trakt" in page
    assert f'action="{url}/watched"' not in page


def test_a_household_without_trakt_reads_no_receipts(household: Household, clock: Clock) -> None:
    household.nominate(MATRIX)
    clock.to(4, 20)
    household.ana.send(f"/weeks/{WEEK}/watched", tmdb_id=MATRIX, members=["Ana"])
    page = household.ana.page("/")
    assert "Watched together on" in page
    assert "On everybody’s Trakt" not in page
