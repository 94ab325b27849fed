"""The rules of the house, read off the files: each on the house itself, and each seen to fail."""

import ast
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parent.parent

DOORS = {  # room -> whom it may import, besides itself
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
UNSAFE_JINJA = re.compile(r"\|\s*safe\b|\bautoescape\s+false\b")
JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
INLINE = re.compile(
    r"<script(?![^>]*\ssrc=)|<style\b|\sstyle\s*=|\son[a-z]+\s*=|javascript:", re.IGNORECASE
)
UNSAFE_SCRIPT = re.compile(
    r"\b(innerHTML|outerHTML|insertAdjacentHTML|document\s*\.\s*write(ln)?|eval\s*\(|new Function)"
)


def files(root: Path, under: str = "", suffix: str = "") -> Iterator[tuple[str, Path]]:
    """What belongs to the house, committed or not: nothing installed, cached or of the family."""
    for folder, rooms, names in os.walk(root):
        rooms[:] = [room for room in rooms if room == ".ci" or not room.startswith((".", "__"))]
        if Path(folder) == root and "data" in rooms:
            rooms.remove("data")
        for path in (Path(folder, name) for name in names):
            name = path.relative_to(root).as_posix()
            if name.startswith(under) and name.endswith(suffix):
                yield name, path


def modules(root: Path) -> Iterator[tuple[str, ast.Module]]:
    for name, path in files(root, suffix=".py"):
        if not name.startswith("tests/"):
            yield name, parsed(path.read_text("utf-8"), name)


@cache  # most rules read the same files
def parsed(text: str, name: str) -> ast.Module:
    return ast.parse(text, name)


@cache
def walk(tree: ast.Module) -> list[ast.AST]:
    return list(ast.walk(tree))


def imports(nodes: Iterable[ast.AST]) -> Iterator[tuple[int, str]]:
    """The line and the first name of every absolute import."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.partition(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module.partition(".")[0]


def at_start(node: ast.AST) -> Iterator[ast.AST]:
    """What runs when the module is imported."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        yield child
        yield from at_start(child)


def wrong_doors(root: Path) -> Iterator[str]:
    for name, tree in modules(root):
        room = name.removesuffix(".py").partition("/")[0]
        for line, target in imports(walk(tree)):
            if target in DOORS and target != room and target not in DOORS.get(room, set()):
                yield f"{name}:{line} {room} imports {target}"


def impure_rules(root: Path) -> Iterator[str]:
    for name, tree in modules(root):
        for line, target in imports(walk(tree)):
            if name.startswith("rules/") and target not in {"rules", *sys.stdlib_module_names}:
                yield f"{name}:{line} rules import {target}"


def sql_outside_db(root: Path) -> Iterator[str]:
    for name, tree in modules(root):
        for line, target in imports(walk(tree)):
            if target == "sqlite3" and not name.startswith("db/"):
                yield f"{name}:{line} imports sqlite3"


def flask_below_the_door(root: Path) -> Iterator[str]:
    for name, tree in modules(root):
        for line, target in imports(walk(tree)):
            if name in FLASK_FREE and target.startswith("flask"):
                yield f"{name}:{line} imports {target}"


def slow_starts(root: Path) -> Iterator[str]:
    for name, tree in modules(root):
        for line, target in imports(at_start(tree)):
            if target in SLOW_TO_START:
                yield f"{name}:{line} imports {target} at start"


def long_files(root: Path) -> Iterator[str]:
    for name, path in files(root):
        if path.suffix in {".py", ".html", ".js"} and not name.startswith("tests/"):
            lines = len(path.read_text("utf-8").splitlines())
            if lines > LONGEST_FILE:
                yield f"{name} has {lines} lines"


def long_functions(root: Path) -> Iterator[str]:
    for name, tree in modules(root):
        for node in walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    yield f"{name}:{node.lineno} {node.name} has {lines} lines"


def strangers(root: Path) -> Iterator[str]:
    """Names that the top level does not know; local settings and caches start with a dot."""
    for path in root.iterdir():
        known = TOP_LEVEL | {"data", "__pycache__", ".env", ".git"}
        if path.name not in known and not (path.is_dir() and path.name.startswith(".")):
            yield path.name


def registry_hosts(root: Path) -> Iterator[str]:
    for name, path in files(root):
        text = path.read_bytes().decode("utf-8", "ignore")
        yield from (f"{name}: {match[0]}" for match in REGISTRY.finditer(text))


def unsafe_templates(root: Path) -> Iterator[str]:
    for name, path in files(root, "templates/"):
        text = path.read_text("utf-8")
        for match in [*UNSAFE_JINJA.finditer(text), *INLINE.finditer(JINJA.sub("", text))]:
            yield f"{name}: {match[0].strip()}"


def unsafe_scripts(root: Path) -> Iterator[str]:
    for name, path in files(root, "static/", ".js"):
        for match in UNSAFE_SCRIPT.finditer(path.read_text("utf-8")):
            yield f"{name}: {match[0]}"


Rule = Callable[[Path], Iterator[str]]
RULES: list[Rule] = [
    wrong_doors,
    impure_rules,
    sql_outside_db,
    flask_below_the_door,
    slow_starts,
    long_files,
    long_functions,
    strangers,
    registry_hosts,
    unsafe_templates,
    unsafe_scripts,
]
HOST = ".".join(["pypi", "org"])  # in one piece, this file would break its own rule
OPTION = "--extra-" + "index-url"

BROKEN: list[tuple[Rule, str, str]] = [
    (wrong_doors, "rules/tally.py", "import db"),
    (wrong_doors, "rules/tally.py", "def decide():\n    from utils.titles import fold"),
    (wrong_doors, "utils/pins.py", "from rules.schedule import phase"),
    (wrong_doors, "db/votes.py", "import movies.bundled"),
    (wrong_doors, "db/votes.py", "import app"),
    (wrong_doors, "movies/tmdb.py", "from db import get_db"),
    (wrong_doors, "trakt/sync.py", "import json, blueprints.week.views"),
    (wrong_doors, "blueprints/week/views.py", "from app import create_app"),
    (wrong_doors, "migrate_json.py", "import movies"),
    (impure_rules, "rules/tally.py", "import flask"),
    (sql_outside_db, "blueprints/week/views.py", "import sqlite3"),
    (sql_outside_db, "migrate_json.py", "from sqlite3 import connect"),
    (flask_below_the_door, "trakt/client.py", "from flask import g"),
    (flask_below_the_door, "trakt/sync.py", "def pull():\n    import flask_login"),
    (slow_starts, "app.py", "from rich.console import Console"),
    (slow_starts, "trakt/oauth.py", "try:\n    import authlib.jose\nexcept ImportError:\n    pass"),
    (slow_starts, "blueprints/serving/jobs.py", "class Clock:\n    import apscheduler"),
    (long_files, "db/votes.py", "pass\n" * 201),
    (long_files, "templates/week/week.html", "<p>\n" * 201),
    (long_functions, "db/votes.py", "def cast():\n" + "    pass\n" * 30),
    (long_functions, "db/votes.py", "class A:\n  async def f(x):\n" + "    x\n" * 30),
    (strangers, "helpers.py", ""),
    (strangers, "common/things.py", ""),
    (registry_hosts, "requirements.lock", f"# from https://{HOST}/simple"),
    (registry_hosts, ".ci/run", f"pip install {OPTION} ..."),
    (registry_hosts, "tests/pages/test_week.py", f"'files.{HOST}'"),
    (unsafe_templates, "templates/week.html", "{{ title|safe }}"),
    (unsafe_templates, "templates/week.html", "{{ title | safe | upper }}"),
    (unsafe_templates, "templates/week.html", "{% autoescape false %}"),
    (unsafe_templates, "templates/week.html", "<script>go()</script>"),
    (unsafe_templates, "templates/week.html", "<SCRIPT type='module'>"),
    (unsafe_templates, "templates/week.html", "<style>"),
    (unsafe_templates, "templates/week.html", '<p style="color: red">'),
    (unsafe_templates, "templates/week.html", '<p {% if a %} onclick="go()"{% endif %}>'),
    (unsafe_templates, "templates/week.html", '<a href="javascript:go()">'),
    (unsafe_scripts, "static/js/vote.js", "card.innerHTML = title"),
    (unsafe_scripts, "static/js/vote.js", "card.insertAdjacentHTML('beforeend', title)"),
    (unsafe_scripts, "static/js/vote.js", "card['outerHTML'] = title"),
    (unsafe_scripts, "static/js/vote.js", "document.write(title)"),
    (unsafe_scripts, "static/js/vote.js", "eval(title)"),
    (unsafe_scripts, "static/js/vote.js", "new Function(title)"),
]

SOUND = {
    "app.py": "import blueprints.week.views, db, movies, rules, trakt, utils",
    "blueprints/serving/jobs.py": "import db, trakt\ndef start():\n    import apscheduler",
    "blueprints/week/tv.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import rich",
    "db/votes.py": "import sqlite3\nfrom rules import tally\nfrom db import users",
    "db/weeks.py": "def close():\n" + "    pass\n" * 29,
    "migrate_json.py": "import db, rules.schedule, utils.pins",
    "rules/tally.py": "from fractions import Fraction\nfrom rules.merge import merge",
    "trakt/oauth.py": "import flask\nfrom . import client",
    "trakt/client.py": "import requests",
    "templates/week.html": '<p>{% set online = 1 %}{{ _("on = off") }}<script src="/a.js">',
    "templates/base.html": "<p>\n" * 200,
    "static/js/vote.js": "card.textContent = title; retrieval(title)",
    "static/style.css": "p {}\n" * 500,
    "tests/test_long.py": "import sqlite3, rich\n" * 500,
    "data/note.txt": HOST,
    ".venv/lib/rich.py": f"'{HOST}'\n" * 500,
    ".env": "TZ=Europe/Prague",
}


@pytest.mark.parametrize("rule", RULES)
def test_the_house_keeps_the_rule(rule: Rule) -> None:
    assert list(rule(HOUSE)) == []


@pytest.mark.parametrize(("rule", "name", "text"), BROKEN)
def test_a_broken_rule_is_noticed(rule: Rule, name: str, text: str, tmp_path: Path) -> None:
    build(tmp_path, {name: text})
    (fault,) = rule(tmp_path)
    assert fault.startswith(name.partition("/")[0] if rule is strangers else name)


@pytest.mark.parametrize("rule", RULES)
def test_a_sound_house_is_left_in_peace(rule: Rule, tmp_path: Path) -> None:
    build(tmp_path, SOUND)
    assert list(rule(tmp_path)) == []


def test_every_rule_is_seen_to_fail() -> None:
    assert {rule for rule, _, _ in BROKEN} == set(RULES)


def test_the_rules_read_this_house() -> None:
    read = {name for name, _ in files(HOUSE)}
    assert {"utils/keys.py", "tests/test_house.py", ".ci/run", "pyproject.toml"} <= read


def build(root: Path, content: dict[str, str]) -> None:
    for name, text in content.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
