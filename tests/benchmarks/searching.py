"""Search over the bundled list beside the one query that the floor's page is made of."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median

from movies import bundled
from tests.benchmarks.floor import cards
from tests.benchmarks.report import Row

# As they are typed: a letter, a title in the making, one run together, a slip, a year, nothing.
TYPED = "a|the|star w|starwars|godfathr|blade runner 1982|xyzzy".split("|")
TURNS = 20


def measure(database: Path, rounds: int) -> Iterator[Row]:
    bundled.search("a")  # the index is made once
    found: dict[str, list[float]] = {text: [] for text in TYPED}
    for _ in range(rounds):
        query = _seconds(lambda: cards(str(database)))
        for text, ratios in found.items():
            ratios.append(_seconds(partial(bundled.search, text)) / query)
    each = {text: median(ratios) for text, ratios in found.items()}
    slowest = max(each, key=lambda text: each[text])
    yield Row("Search over the bundled list, beside the floor's query", median(each.values()), 5,
              note=f"the median of {len(TYPED)} texts")  # fmt: skip
    yield Row("Search, the text that takes longest", each[slowest], note=f"“{slowest}”")


def _seconds(look: Callable[[], object]) -> float:
    began = time.process_time()
    for _ in range(TURNS):
        look()
    return time.process_time() - began
