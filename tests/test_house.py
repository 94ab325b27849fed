"""The layout: who imports whom, what starts slowly, how long files and functions are."""

import ast
import os
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent

DOORS = {  # package -> what it may import, besides itself
    "app": {"blueprints", "db", "movies", "rules", "trakt", "utils"},
    "blueprints": {"db", "movies", "rules", "trakt", "utils"},
    "trakt": {"db", "rules", "utils"},
    "movies": {"utils"},
    "db": {"rules", "utils"},
    "migrate_json": {"db", "rules", "utils"},
    "rules": set(),
    "utils": set(),
}
FLASK_FREE = {"trakt/client.py", "trakt/sync.py"}
SLOW_TO_START = {"apscheduler", "authlib", "guessit", "icalendar", "rich"}
TOP_LEVEL = set(
    "app.py blueprints compose.yaml db Dockerfile docs Makefile migrate_json.py"
    " movie-night.db.example movies pyproject.toml README.md requirements.lock"
    " requirements-dev.lock rules static templates tests trakt utils"
    " .ci .dockerignore .env.example .gitignore".split()
)
LONGEST_FILE, LONGEST_FUNCTION = 200, 30
REGISTRY = re.compile(
    r"(pypi\.org|pythonhosted\.org|npmjs\.(org|com)|yarnpkg\.com|jsdelivr\.net|unpkg\.com"
    r"|debian\.org|crates\.io|golang\.org|docker\.io|ghcr\.io|quay\.io)\b|--(extra-)?index-url"
)


@cache
def files() -> dict[str, Path]:
    """What belongs to the project, committed or not: nothing installed, cached or of the family."""
    found = {}
    for folder, folders, names in os.walk(HOUSE):
        folders[:] = [name for name in folders if name == ".ci" or not name.startswith((".", "__"))]
        if Path(folder) == HOUSE and "data" in folders:
            folders.remove("data")
        for path in (Path(folder, name) for name in names):
            found[path.relative_to(HOUSE).as_posix()] = path
    return found


@cache
def modules() -> dict[str, ast.Module]:
    return {
        name: ast.parse(path.read_text("utf-8"), name)
        for name, path in files().items()
        if name.endswith(".py") and not name.startswith("tests/")
    }


@cache
def imports() -> list[tuple[str, str]]:
    """Every module's name with the first name of what it imports, wherever it does."""
    return [
        (name, target) for name, tree in modules().items() for target in imported(ast.walk(tree))
    ]


def imported(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def at_start(node: ast.AST) -> Iterator[ast.AST]:
    """What runs when the module is imported."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        yield child
        yield from at_start(child)


def test_packages_import_only_what_they_may() -> None:
    assert {"app.py", "db/votes.py", "utils/keys.py"} <= set(modules())
    for name, target in imports():
        package = name.removesuffix(".py").partition("/")[0]
        if target in DOORS and target != package:
            assert target in DOORS.get(package, set()), name


def test_rules_import_nothing_but_the_standard_library() -> None:
    targets = {target for name, target in imports() if name.startswith("rules/")}
    assert targets <= {"rules", *sys.stdlib_module_names}


def test_only_db_imports_sqlite() -> None:
    assert [name for name, target in imports() if target == "sqlite3" and name[:3] != "db/"] == []


def test_what_talks_to_trakt_knows_nothing_of_flask() -> None:
    targets = {target for name, target in imports() if name in FLASK_FREE}
    assert targets
    assert not [target for target in targets if target.startswith("flask")]


def test_nothing_slow_is_imported_at_start() -> None:
    for name, tree in modules().items():
        assert not SLOW_TO_START & set(imported(at_start(tree))), name


def test_files_and_functions_are_short() -> None:
    for name, path in files().items():
        if path.suffix in {".py", ".html", ".js"} and not name.startswith("tests/"):
            assert len(path.read_text("utf-8").splitlines()) <= LONGEST_FILE, name
    for name, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                assert lines <= LONGEST_FUNCTION, (name, node.name)


def test_the_top_level_holds_what_is_known() -> None:
    known = TOP_LEVEL | {"data", "__pycache__", ".env", ".git"}
    hidden = {path.name for path in HOUSE.glob(".*/")}  # local settings and caches
    assert {path.name for path in HOUSE.iterdir()} <= known | hidden


def test_no_file_names_a_package_registry() -> None:
    for name, path in files().items():
        assert not REGISTRY.search(path.read_bytes().decode("utf-8", "ignore")), name
