"""Pages and answers beside the floor: this week, the state, a vote, decades, a dozen members."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from tests.benchmarks import household
from tests.benchmarks.household import Size
from tests.benchmarks.measuring import Effort, Side, microseconds, ratio, take_turns
from tests.benchmarks.processes import Process, floor, house
from tests.benchmarks.report import Row
from tests.benchmarks.visitor import Visitor, value

YEAR, DECADES = Size(years=1), Size(years=50, watches=100_000)
FEW, MANY = Size(members=4), Size(members=12)
MEGABYTE = 1024 * 1024


class Served:
    """A household of that size with its server, visited by its first member."""

    def __init__(
        self,
        stack: ExitStack,
        folder: Path,
        size: Size,
        prepare: Callable[[list[int]], None] = lambda _members: None,
        **settings: str,
    ) -> None:
        self.database = folder / "movie-night.db"
        self.members = household.build(folder, size)
        prepare(self.members)
        self.process = stack.enter_context(house(folder, **settings))
        self.visitor = Visitor(self.process.port).sign_in(self.members[0])
        stack.callback(self.visitor.close)

    def side(self, path: str) -> Side:
        return Side(self.process, lambda: must(self.visitor, path))

    def unchanged(self) -> Side:
        """What every open screen asks every two seconds."""
        tag = self.visitor.get("/api/state").headers["ETag"]
        return Side(
            self.process,
            lambda: must(self.visitor, "/api/state", {"If-None-Match": tag}, status=304),
        )

    def voting(self) -> Side:
        """A vote, then the same one taken back: each a change that is committed."""
        films = value(self.visitor.get("/api/state"))["nominations"]
        assert isinstance(films, list)
        acts = [f"/nominations/{films[-1]['id']}/{act}" for act in ("vote", "unvote")]
        turns = iter(lambda: acts[0], None)

        def vote() -> None:
            answer = self.visitor.post(next(turns))
            assert answer.status == 303, answer.body
            acts.reverse()

        return Side(self.process, vote)


def bare_vote(stack: ExitStack, house: Served, base: Side) -> Side:
    """What a vote would take without sign-in, CSRF and rules, on the floor's own server."""
    films = value(house.visitor.get("/api/state"))["nominations"]
    assert isinstance(films, list)
    visitor = Visitor(base.process.port)
    stack.callback(visitor.close)

    def vote() -> None:
        assert visitor.post(f"/vote/{films[0]['id']}").status == 303

    return Side(base.process, vote)


def must(
    visitor: Visitor, path: str, headers: dict[str, str] | None = None, status: int = 200
) -> None:
    answer = visitor.get(path, headers)
    assert answer.status == status, answer.body


def measure(folder: Path, effort: Effort) -> Iterator[Row]:
    """This week, the state and a vote, as a household of six has them all evening."""
    with ExitStack() as stack:
        year, base = _beside_the_floor(stack, folder)
        yield from _start(year.process, base.process)
        yield from _now(stack, year, base, effort)


def grown(folder: Path, effort: Effort, decades: Size) -> Iterator[Row]:
    """What decades of weeks and a dozen members add to a page."""
    with ExitStack() as stack:
        year, base = _beside_the_floor(stack, folder)
        yield from _decades(stack, folder, year, base, effort, decades)
        yield from _members(stack, folder, effort)


def _beside_the_floor(stack: ExitStack, folder: Path) -> tuple[Served, Side]:
    year = Served(stack, folder / "year", YEAR)
    bare = stack.enter_context(floor(year.database))
    visitor = Visitor(bare.port)
    stack.callback(visitor.close)
    return year, Side(bare, lambda: must(visitor, "/"))


def _start(ours: Process, bare: Process) -> Iterator[Row]:
    yield Row(
        "Start",
        ours.seconds_to_start / bare.seconds_to_start,
        4,
        note=f"{ours.seconds_to_start:.2f} s",
    )
    memory, other = (process.memory() / MEGABYTE for process in (ours, bare))
    yield Row("Idle memory (PSS)", memory / other, 2, note=f"{memory:.0f} MB, floor {other:.0f} MB")


def _now(stack: ExitStack, year: Served, base: Side, effort: Effort) -> Iterator[Row]:
    week, state = year.side("/"), year.unchanged()
    take_turns({"floor": base, "week": week, "state": state}, effort)
    yield Row("The floor", 1, note=microseconds(base.cpu))
    yield _cpu("This week, signed in", week, base, 6)
    yield Row(
        "This week, 99th percentile",
        ratio(week.slowest, base.slowest),
        2,
        note=f"{median(week.slowest) * 1e3:.1f} ms, floor {median(base.slowest) * 1e3:.1f} ms",
    )
    yield _cpu("304 of /api/state", state, base, 1.5)
    yield _beside("A committed vote", year.voting(), base, effort, 3)
    yield _beside("A bare view that commits a row", bare_vote(stack, year, base), base, effort)
    for name, path in (("Search", "/search"), ("Discover", "/discover"), ("History", "/history")):
        yield _beside(name, year.side(path), base, effort.less, 12)


def _decades(
    stack: ExitStack, folder: Path, year: Served, base: Side, effort: Effort, size: Size
) -> Iterator[Row]:
    old = Served(stack, folder / "decades", size)
    for name, path in (("this week", "/"), ("history", "/history")):
        before, after = year.side(path), old.side(path)
        take_turns({"year": before, "old": after}, effort.less)
        yield _cpu(f"{size.years} years beside one: {name}", after, before, 1.1)
    yield _beside(
        f"Statistics of {size.years} years", old.side("/statistics"), base, effort.less, 60
    )


def _members(stack: ExitStack, folder: Path, effort: Effort) -> Iterator[Row]:
    few, many = Served(stack, folder / "few", FEW), Served(stack, folder / "many", MANY)
    sides = {"few": few.side("/"), "many": many.side("/")}
    take_turns(sides, effort.less)
    yield _cpu("12 members beside 4, six films", sides["many"], sides["few"], 1.3)


def _beside(name: str, side: Side, base: Side, effort: Effort, limit: float | None = None) -> Row:
    """Taking turns with the floor."""
    again = Side(base.process, base.act)
    take_turns({"floor": again, "ours": side}, effort)
    return _cpu(name, side, again, limit)


def _cpu(name: str, side: Side, base: Side, limit: float | None) -> Row:
    note = f"CPU {microseconds(side.cpu)}, beside {microseconds(base.cpu)}"
    return Row(name, ratio(side.cpu, base.cpu), limit, note=note)
