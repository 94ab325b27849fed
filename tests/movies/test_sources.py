"""Several sources as one: side by side, in time, each film once."""

import threading
import time

import pytest

import movies
from movies import Film, file_names, search
from movies.guarded_source import GuardedSource

THIN = Film(7_000_001, "Kitchen Table", 2020, None, ())
RICH = Film(7_000_001, "The Kitchen Table", None, 95, ("Comedy",), "Five people.", 7.3, "/k.jpg")
FIRST, SECOND = (
    Film(7_000_002, "Kitchens", 1990, 80, ()),
    Film(7_000_003, "My Kitchen", 1991, 90, ()),
)


class Clock:
    seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def test_sources_are_asked_at_the_same_time() -> None:
    together = threading.Barrier(3, timeout=1.5)

    def meets(_text: str) -> list[Film]:
        together.wait()
        return [FIRST]

    assert search("kitchen", [meets, meets, meets]) == [FIRST]


def test_a_film_of_several_sources_has_what_each_of_them_knows() -> None:
    (film,) = search("kitchen table", [lambda _: [THIN], lambda _: [RICH]])
    assert film == Film(
        7_000_001, "Kitchen Table", 2020, 95, ("Comedy",), "Five people.", 7.3, "/k.jpg"
    )


def test_what_more_sources_rank_higher_comes_first() -> None:
    found = search("kitch", [lambda _: [FIRST, THIN], lambda _: [SECOND, THIN]])
    assert found == [THIN, FIRST, SECOND]


def test_a_film_that_stands_twice_in_one_answer_counts_once() -> None:
    found = search("kitch", [lambda _: [SECOND, FIRST], lambda _: [FIRST, SECOND, FIRST]])
    assert found == [SECOND, FIRST]


@pytest.mark.parametrize("text", ["my kitchen", "MY KITCHEN!", "The My Kitchen"])
def test_the_very_title_comes_before_everything(text: str) -> None:
    assert search(text, [lambda _: [FIRST, THIN, SECOND], lambda _: [THIN]])[0] == SECOND


def test_what_does_not_come_in_time_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(movies, "PATIENCE", 0.1)
    release = threading.Event()

    def slow(_text: str) -> list[Film]:
        release.wait(5)
        return [SECOND]

    began = time.monotonic()
    assert search("kitchen", [slow, lambda _: [FIRST]]) == [FIRST]
    assert time.monotonic() - began < 1
    release.set()


def test_what_it_takes_to_read_a_name_is_not_waited_for_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(movies, "PATIENCE", 0.4)
    release = threading.Event()

    def read(text: str) -> str:
        release.wait(0.4)
        return text

    monkeypatch.setattr(file_names, "typed_title", read)
    began = time.monotonic()
    search("kitchen", [lambda _: [SECOND] if release.wait(5) else [], lambda _: [FIRST]])
    assert time.monotonic() - began < 0.7
    release.set()


def test_a_source_that_failed_is_asked_again_after_longer_and_longer_pauses() -> None:
    clock, asked = Clock(), []

    def broken(text: str) -> list[Film]:
        asked.append(clock.seconds)
        raise TimeoutError(text)

    source = GuardedSource(broken, "Broken", clock)
    for _second in range(100):
        search("kitchen", [source])
        clock.seconds += 1
    assert [at - asked[0] for at in asked] == [0, 15, 45]


def test_a_source_that_works_again_is_forgiven() -> None:
    clock, is_broken = Clock(), [True]

    def moody(_text: str) -> list[Film]:
        if is_broken[0]:
            raise TimeoutError
        return [FIRST]

    source = GuardedSource(moody, "Moody", clock)
    search("kitchen", [source])
    is_broken[0] = False
    assert search("kitchen", [source]) == []
    clock.seconds += 15
    assert search("kitchen", [source]) == [FIRST]


def test_while_one_call_hangs_nobody_waits_for_a_second() -> None:
    clock, begun, release = Clock(), threading.Event(), threading.Event()

    def hanging(_text: str) -> list[Film]:
        begun.set()
        release.wait(5)
        return [FIRST]

    source = GuardedSource(hanging, "Hanging", clock)
    thread = threading.Thread(target=source, args=["kitchen"])
    thread.start()
    begun.wait(5)
    clock.seconds += 2.1
    assert source("kitchen") == []
    release.set()
    thread.join()
    assert source("kitchen") == []  # it took too long, so it is left out for a while
