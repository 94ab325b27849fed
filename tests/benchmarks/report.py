"""Rows of figures: what was found, what is allowed, and whether that holds."""

import json
import os
import platform
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Row:
    name: str
    value: float
    limit: float | None = None  # None: for information
    unit: str = "x"  # "x": a ratio
    note: str = ""

    @property
    def is_within(self) -> bool:
        return self.limit is None or self.value <= self.limit

    @property
    def verdict(self) -> str:
        if self.limit is None:
            return ""
        return "pass" if self.is_within else "FAIL"


def show(rows: Iterable[Row]) -> None:
    table = Table("What", "Found", "Limit", "", "How")
    for row in rows:
        limit = "" if row.limit is None else f"{row.limit:g} {row.unit}"
        table.add_row(row.name, f"{row.value:.3g} {row.unit}", limit, row.verdict, row.note)
    Console(width=140).print(table)


def write(path: Path, rows: Iterable[Row]) -> None:
    path.write_text(json.dumps(_body(rows), indent=1) + "\n", "utf-8")


def _body(rows: Iterable[Row]) -> dict[str, Any]:
    return {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "rows": [{**asdict(row), "is_within": row.is_within} for row in rows],
    }
