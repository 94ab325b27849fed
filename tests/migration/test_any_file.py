"""Whatever the file holds: no crash, and the books balance."""

from contextlib import suppress
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules import Refused
from rules.legacy import document, plan
from rules.legacy.records import KINDS
from rules.schedule import Schedule
from tests.migration.conftest import NOW, Migration
from tests.migration.household import family

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=4)
    | st.sampled_from(
        ["\ud800", "2026-W08", 2**63, "10", "Ana", 1e999, "9999-12-31T23:59:59-01:00"]
    )
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=5,
)


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    """A sound file in which a few values, wherever they stand, became anything."""
    found: Any = family()
    for _ in range(draw(st.integers(1, 4))):
        parent: Any = found
        key = draw(st.sampled_from(list(parent)))
        while isinstance(parent[key], dict | list) and parent[key] and draw(st.booleans()):
            parent = parent[key]
            keys = list(parent) if isinstance(parent, dict) else range(len(parent))
            key = draw(st.sampled_from(keys))
        parent[key] = draw(ANYTHING)
    return found


@given(mutated())
@settings(max_examples=50, deadline=None)
def test_every_record_of_any_file_is_planned_merged_or_rejected(found: Any) -> None:
    made = plan.make_plan(found, None, Schedule(), NOW)
    planned = {
        "members": len(made.members),
        "weeks": len(made.weeks),
        "nominations": sum(len(week.nominations) for week in made.weeks.values()),
        "votes": sum(len(week.votes) for week in made.weeks.values()),
        "ratings": len(made.ratings),
        "watches": len(made.watches),
        "links": 0,
    }
    assert {kind: made.ledger.planned(kind) for kind in KINDS} == planned


@given(mutated())
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_file_ends_in_a_report(migration: Migration, found: Any) -> None:
    report = migration.run(found, "--skip-damaged", "--dry-run")
    assert report["exit"] in (0, 1, 3)
    assert report["exit"] != 1 or "not JSON" in report["error"]


@given(
    st.binary(max_size=40) | st.text(max_size=40).map(lambda text: text.encode("utf-8", "replace"))
)
@settings(max_examples=50, deadline=None)
def test_any_bytes_are_a_document_or_refused(data: bytes) -> None:
    with suppress(Refused):
        assert isinstance(document.parse(data), dict)
