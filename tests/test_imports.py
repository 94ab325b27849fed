"""Who the two single files import: import-linter takes packages only (pyproject.toml)."""

import ast

import pytest

from tests.conftest import ROOT

ROOMS = {"blueprints", "cli", "services", "trakt", "movies", "db", "rules", "utils"}


@pytest.mark.parametrize(
    ("file", "allowed"),
    [
        ("app.py", {"blueprints", "cli", "services", "db", "utils"}),
        ("migrate_json.py", {"services", "db", "rules", "utils"}),
    ],
)
def test_a_single_file_imports_only_its_rooms(file: str, allowed: set[str]) -> None:
    imported = set()
    for node in ast.walk(ast.parse((ROOT / file).read_text("utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(str(node.module).partition(".")[0])
    assert imported & ROOMS <= allowed
    assert imported & ROOMS
