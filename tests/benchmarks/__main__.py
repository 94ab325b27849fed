"""`python -m tests.benchmarks`: leaves with 1 when a figure is beyond its limit."""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks import beside_sync, first_sync, household, nights, pages, report, searching
from tests.benchmarks.household import Size
from tests.benchmarks.measuring import Effort
from tests.benchmarks.report import Row

LATEST = Path("data/benchmarks.json")  # git knows nothing of `data`
PARTS = ("pages", "decades", "search", "sync", "busy", "nights")


@dataclass(frozen=True)
class Sizes:
    effort: Effort
    decades: Size
    watched: int  # of a first sync
    busy: tuple[
        tuple[int, int, float], ...
    ]  # of those beside which others vote: films, syncs, limit
    big: Size


WHOLE = Sizes(
    Effort(rounds=15, block=100),
    pages.DECADES,
    10_000,
    ((10_000, 3, 3), (100_000, 1, 8)),
    nights.BIG,
)
QUICK = Sizes(
    Effort(rounds=1, block=3),
    Size(years=2, watches=100),
    500,
    ((500, 1, 3),),
    Size(members=8, watches=100),
)


def rows(part: str, folder: Path, sizes: Sizes) -> Iterator[Row]:
    effort = sizes.effort
    if part == "pages":
        yield from pages.measure(folder, effort)
    elif part == "decades":
        yield from pages.grown(folder, effort, sizes.decades)
    elif part == "search":
        household.build(folder / "search", Size(watches=0))
        yield from searching.measure(folder / "search" / "movie-night.db", effort.rounds)
    elif part == "sync":
        yield from first_sync.measure(folder, sizes.watched, min(3, effort.rounds))
    elif part == "busy":
        for number, times, limit in sizes.busy:
            name = f"busy-{number}"
            yield from beside_sync.measure(folder / name, number, times, limit, effort.block)
    else:
        yield from nights.pushed(folder / "night")
        yield from nights.seen(folder / "seen", sizes.big, effort.rounds)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--json", type=Path, default=LATEST, help="where the figures are written")
    parser.add_argument(
        "--quick", action="store_true", help="see that it runs; figures mean little"
    )
    parser.add_argument("parts", nargs="*", default=[], metavar="PART", help=", ".join(PARTS))
    asked = parser.parse_args()
    parts = asked.parts or PARTS
    if unknown := set(parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(unknown)}")
    sizes = QUICK if asked.quick else WHOLE
    found: list[Row] = []
    for part in parts:
        with tempfile.TemporaryDirectory() as folder:
            found += rows(part, Path(folder), sizes)
    report.show(found)
    asked.json.parent.mkdir(parents=True, exist_ok=True)
    report.write(asked.json, found)
    return 0 if asked.quick or all(row.is_within for row in found) else 1


if __name__ == "__main__":
    sys.exit(main())
