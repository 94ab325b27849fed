"""Templates and scripts leave every text to be escaped and hold nothing that the CSP forbids."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UNESCAPED = re.compile(r"\|\s*safe\b|\bautoescape\s+false\b")
JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
INLINE = re.compile(
    r"<script(?![^>]*\ssrc=)|<style\b|\sstyle\s*=|\son[a-z]+\s*=|javascript:", re.IGNORECASE
)
HTML_OF_TEXT = re.compile(
    r"\b(innerHTML|outerHTML|insertAdjacentHTML|document\s*\.\s*write(ln)?|eval\s*\(|new Function)"
)


def test_templates_escape_everything_and_hold_no_inline_script_or_style() -> None:
    paths = [path for path in (ROOT / "templates").rglob("*") if path.is_file()]
    assert paths
    for path in paths:
        text = path.read_text("utf-8")
        assert not UNESCAPED.search(text), path
        assert not INLINE.search(JINJA.sub("", text)), path


def test_scripts_make_no_html_of_text() -> None:
    paths = list((ROOT / "static").rglob("*.js"))
    assert paths
    for path in paths:
        assert not HTML_OF_TEXT.search(path.read_text("utf-8")), path
