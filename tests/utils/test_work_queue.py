import threading

from utils.work_queue import WorkQueue


class Clock:
    seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def test_a_task_waits_once_and_comes_in_its_turn() -> None:
    queue: WorkQueue[str] = WorkQueue(3)
    assert [queue.put(task) for task in ("a", "b", "a")] == [True, True, True]
    assert queue.take() == "a"
    assert queue.put("a")  # it is under way
    queue.done("a")
    assert [queue.take(wait=False), queue.take(wait=False)] == ["b", None]


def test_what_is_urgent_comes_first_also_if_it_waits_already() -> None:
    queue: WorkQueue[str] = WorkQueue(3)
    for task in ("a", "b"):
        queue.put(task)
    queue.put("c", is_urgent=True)
    assert queue.put("b", is_urgent=True)
    assert [queue.take(wait=False) for _ in range(4)] == ["b", "c", "a", None]


def test_what_does_not_fit_is_not_under_way() -> None:
    queue: WorkQueue[str] = WorkQueue(1)
    assert queue.put("a")
    assert not queue.put("b")


def test_what_failed_rests() -> None:
    clock = Clock()
    queue: WorkQueue[str] = WorkQueue(3, clock)
    queue.put("a")
    queue.done(queue.take() or "", rest=60)
    assert not queue.put("a")
    clock.seconds += 60
    assert queue.put("a")


def test_what_succeeds_after_all_need_not_rest() -> None:
    queue: WorkQueue[str] = WorkQueue(3)
    queue.avoid("a", rest=60)
    queue.avoid("a", rest=0)
    assert queue.put("a")


def test_a_closed_queue_gives_out_nothing_that_still_waits() -> None:
    queue: WorkQueue[str] = WorkQueue(3)
    queue.put("a")
    queue.close()
    assert queue.take() is None


def test_closing_wakes_who_waits() -> None:
    queue: WorkQueue[str] = WorkQueue(3)
    taken: list[str | None] = []
    worker = threading.Thread(target=lambda: taken.append(queue.take()))
    worker.start()
    queue.close()
    worker.join(5)
    assert taken == [None]
    assert not queue.put("a")
