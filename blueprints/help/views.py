"""docs/trakt.md as a page of ours: where the sentence of each failure leads."""

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
def _page(path: Path, _changed: int) -> Markup:
    """Markup of our own file; HTML within it would stay text."""
    from markdown_it import MarkdownIt

    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(path.read_text("utf-8"))
    for token, content in pairwise(tokens):
        _dress(token, content)
    return Markup(markdown.renderer.render(tokens, markdown.options, {}))  # noqa: S704


def _dress(token: "Token", content: "Token") -> None:
    """Anchors as forges make them, and the classes of our pages."""
    if token.type == "heading_open":
        token.attrSet("id", anchor_of(content.content))
    elif token.type == "table_open":
        token.attrSet("class", "table")


def anchor_of(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
