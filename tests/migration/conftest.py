import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import migrate_json
from tests.migration.household import write_json
from utils import instants

NOW = datetime(2026, 11, 17, 12, tzinfo=UTC)  # Tuesday noon of 2026-W47, nominating
CHEAP = 2


@dataclass
class Migration:
    """The front door, a folder for sources and the data folder that does not exist yet."""

    sources: Path
    data_dir: Path
    capsys: pytest.CaptureFixture[str]

    def run(self, document: Any = None, *options: str, sqlite: Path | None = None) -> Any:
        """Return the JSON report, with the exit code as `exit`."""
        arguments = [*options, "--json"]
        if document is not None:
            arguments += [str(write_json(self.sources / "data.json", document))]
        if sqlite:
            arguments += ["--sqlite", str(sqlite)]
        code = migrate_json.main(arguments, pin_cost=CHEAP)
        report = json.loads(self.capsys.readouterr().out)
        if "error" not in report:
            assert_balanced(report)
        return report | {"exit": code}

    def rows(self, query: str, *values: Any) -> list[Any]:
        """Rows as tuples, of one column as plain values."""
        with closing(sqlite3.connect(self.data_dir / "movie-night.db")) as conn:
            rows = conn.execute(query, values).fetchall()
        return [row[0] if len(row) == 1 else row for row in rows]

    def dump(self) -> list[str]:
        with closing(sqlite3.connect(self.data_dir / "movie-night.db")) as conn:
            return list(conn.iterdump())

    def change(self, *statements: str) -> None:
        with closing(sqlite3.connect(self.data_dir / "movie-night.db")) as conn, conn:
            for statement in statements:
                conn.execute(statement)


def assert_balanced(report: Any) -> None:
    left_out = sum(
        report["read"][kind] - report["imported"][kind] - report["merged"][kind]
        for kind in report["read"]
    )
    assert left_out == len(report["rejected"])
    assert min(report["merged"].values()) >= 0


@pytest.fixture
def migration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Migration:
    for name in ("TZ", "TRAKT_ENCRYPTION_KEY", "TRAKT_ENCRYPTION_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr(instants, "now", lambda: NOW)
    return Migration(tmp_path / "legacy", tmp_path / "data", capsys)


@pytest.fixture
def files_of() -> Callable[[Path], dict[str, bytes]]:
    """Return every file below a folder with its content."""

    def read(folder: Path) -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    return read
