"""The benchmark runs from one end to the other; what it finds is for `make bench`."""

import json
import subprocess
import sys
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]


def test_the_benchmark_runs_and_writes_its_rows(tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    command = [sys.executable, "-m", "tests.benchmarks", "search", "pages", "--quick"]
    subprocess.run(
        [*command, "--json", str(figures)], cwd=HOUSE, check=True, capture_output=True, timeout=120
    )
    rows = json.loads(figures.read_text("utf-8"))["rows"]
    limits = {row["name"]: row["limit"] for row in rows}
    assert limits["304 of /api/state"] == 0.4
    assert limits["This week, signed in"] == 1.5
    assert all(row["value"] > 0 for row in rows)
