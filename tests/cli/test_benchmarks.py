"""The benchmark runs; what it measures is for `make bench`."""

import json
import subprocess
import sys
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]


def test_a_part_of_the_benchmark_runs_and_writes_its_rows(tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    command = [sys.executable, "-m", "tests.benchmarks", "search", "--quick", "--json"]
    subprocess.run([*command, figures], cwd=HOUSE, check=True, capture_output=True, timeout=120)
    rows = json.loads(figures.read_text("utf-8"))["rows"]
    assert rows
    assert all(row["value"] > 0 for row in rows)
