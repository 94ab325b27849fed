"""Blocks of requests that take turns: CPU for each request, and times on the wire."""

import gc
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median, quantiles

from tests.benchmarks.processes import Process


@dataclass
class Side:
    """One of those that are compared. `before` is done here, ahead of each request, untimed."""

    process: Process
    act: Callable[[], object]
    before: Callable[[], object] | None = None
    cpu: list[float] = field(default_factory=list)  # seconds a request, one value a round
    slowest: list[float] = field(default_factory=list)  # 99th percentile, seconds, likewise

    def block(self, requests: int) -> None:
        times = []
        cpu = self.process.cpu()
        for _ in range(requests):
            if self.before:
                self.before()
            began = time.perf_counter()
            self.act()
            times.append(time.perf_counter() - began)
        self.cpu.append((self.process.cpu() - cpu) / requests)
        self.slowest.append(quantiles(times, n=100, method="inclusive")[-1])


@dataclass(frozen=True)
class Effort:
    """How much is asked of a machine: rounds, and requests in each block."""

    rounds: int
    block: int

    @property
    def less(self) -> "Effort":
        """For what takes long; percentiles of so few mean nothing."""
        return Effort(self.rounds, max(2, self.block // 10))


def take_turns(sides: Mapping[str, Side], effort: Effort) -> None:
    """Each side once to warm up, then `rounds` times, so that noise falls on all of them."""
    with _without_pauses():
        for side in sides.values():
            side.block(effort.block)
            side.cpu.clear()
            side.slowest.clear()
        for _ in range(effort.rounds):
            for side in sides.values():
                side.block(effort.block)


def ratio(ours: list[float], other: list[float]) -> float:
    """The median over the rounds."""
    return median(one / two for one, two in zip(ours, other, strict=True))


def microseconds(seconds: list[float]) -> str:
    return f"{median(seconds) * 1e6:.0f} µs"


@contextmanager
def _without_pauses() -> Iterator[None]:
    """Our own collector of garbage would show in the percentiles."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
