"""What a first sync costs everybody else in the same server: times, and memory afterwards.

The week's page is compared with itself drawn anew, as each page of a sync changes what it shows.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import quantiles

from tests.benchmarks.household import Size
from tests.benchmarks.pages import MEGABYTE, Served, must
from tests.benchmarks.processes import Process
from tests.benchmarks.report import Row
from tests.benchmarks.trakt import Trakt
from tests.benchmarks.visitor import Visitor, value

MEMBERS = Size(members=4)
PATIENCE = 600.0  # seconds


class Syncing(Served):
    """All but the first member are linked; the first one looks and votes meanwhile."""

    def __init__(self, stack: ExitStack, folder: Path, trakt: Trakt) -> None:
        super().__init__(
            stack,
            folder,
            MEMBERS,
            prepare=lambda members: trakt.link(folder, members[1:]),
            **trakt.environment,
        )


class Member:
    """Signed in, to press the button and to see how far it is."""

    def __init__(self, stack: ExitStack, process: Process, user_id: int) -> None:
        self.user_id = user_id
        self.visitor = Visitor(process.port).sign_in(user_id)
        stack.callback(self.visitor.close)

    def press(self) -> None:
        assert self.visitor.post(f"/api/trakt/sync/{self.user_id}").status == 202

    def is_running(self) -> bool:
        status = value(self.visitor.get(f"/api/trakt/status/{self.user_id}"))["sync"]
        assert isinstance(status, dict)
        assert status["state"] != "failed", status
        return bool(status["state"] == "running")


def measure(folder: Path, number: int, times: int, limit: float, requests: int) -> Iterator[Row]:
    """`times` members one after the other, because one of them alone is soon done."""
    with Trakt(*[number] * times) as trakt, ExitStack() as stack:
        household = Syncing(stack, folder, trakt)
        week, vote = household.side("/"), household.voting()
        idle = {"week": _times(week.act, requests), "vote": _times(vote.act, requests)}
        memory = household.process.memory()
        busy: dict[str, list[float]] = {"week": [], "vote": []}
        for user_id in household.members[1 : 1 + times]:
            member = Member(stack, household.process, user_id)
            member.press()
            ends = time.monotonic() + PATIENCE
            while True:  # a short one may end within the first looks
                busy["week"] += _times(lambda: must(household.visitor, "/"), 5)
                busy["vote"] += _times(vote.act, 5)
                if not member.is_running():
                    break
                assert time.monotonic() < ends
        after = household.process.memory()
    for name, words in (("week", "this week"), ("vote", "a vote")):
        was, now = _slowest(idle[name]), _slowest(busy[name])
        note = f"{now * 1e3:.1f} ms of {len(busy[name])}, idle {was * 1e3:.1f} ms"
        yield Row(f"While {number:,} are synced: 99th percentile of {words}", now / was, limit,
                  note=note)  # fmt: skip
    note = f"{after / MEGABYTE:.0f} MB, before {memory / MEGABYTE:.0f} MB"
    yield Row(f"Memory after {number:,} were synced", after / memory, 2, note=note)


def _times(act: Callable[[], object], requests: int) -> list[float]:
    times = []
    for _ in range(requests):
        began = time.perf_counter()
        act()
        times.append(time.perf_counter() - began)
    return times


def _slowest(times: list[float]) -> float:
    return quantiles(times, n=100, method="inclusive")[-1]
