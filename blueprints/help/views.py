"""docs/trakt.md as a page; error messages link to its headings."""

import re
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, current_app, render_template
from markupsafe import Markup

if TYPE_CHECKING:
    from markdown_it.token import Token

bp = Blueprint("guide", __name__)
GUIDE = "docs/trakt.md"


@bp.get("/help/trakt")
def trakt() -> str:
    path = Path(current_app.root_path, GUIDE)
    return render_template("help/guide.html", guide=_page(path, path.stat().st_mtime_ns))


@lru_cache(maxsize=1)
def _page(path: Path, _mtime: int) -> Markup:
    """Render the file, cached until it changes; HTML in it is escaped."""
    from markdown_it import MarkdownIt

    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(path.read_text("utf-8"))
    for token, content in pairwise(tokens):
        _set_attributes(token, content)
    return Markup(markdown.renderer.render(tokens, markdown.options, {}))  # noqa: S704


def _set_attributes(token: "Token", content: "Token") -> None:
    """Set GitHub's anchors on headings, and our class on tables."""
    if token.type == "heading_open":
        token.attrSet("id", anchor_of(content.content))
    elif token.type == "table_open":
        token.attrSet("class", "table")


def anchor_of(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
