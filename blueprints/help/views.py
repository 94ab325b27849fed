"""docs/trakt.md as a page of ours: where the sentence of each failure leads."""

import re
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, current_app, render_template, url_for
from markupsafe import Markup

from trakt import errors

if TYPE_CHECKING:
    from markdown_it.token import Token

bp = Blueprint("guide", __name__)
GUIDE = "docs/trakt.md"
DEFAULT_ANCHOR = "when-something-does-not-work"
ANCHORS = {  # the code of what is no error of Trakt's -> the anchor of its heading
    "trakt_account_taken": "account-taken",
    "trakt_account_reserved": "account-reserved",
    "trakt_id_refused": "client-id-refused",
    "trakt_secret_refused": "secret-refused",
    "trakt_busy": "unavailable",
    "trakt_no_redirect": "no-address",
    "trakt_denied": "linking-your-account",
    "trakt_sign_in_failed": "sign-in-ended",
    "trakt_state": "sign-in-ended",
    "trakt_no_code": "sign-in-ended",
    "trakt_code_refused": "sign-in-ended",
    "device_unknown": "code-ended",
    "device_used": "code-ended",
    "device_expired": "code-ended",
    "device_denied": "code-ended",
    "wrong_key": "wrong-key",
    errors.FAILED_HERE: "failed-here",
}


@bp.get("/help/trakt")
def trakt() -> str:
    path = Path(current_app.root_path, GUIDE)
    return render_template("help/guide.html", guide=_page(path, path.stat().st_mtime_ns))


@bp.app_template_global("guide_to")
def guide_url(code: str) -> str:
    """The address of what to do about a failure, by its code."""
    anchor = ANCHORS.get(code) or (errors.guide(code) if errors.of(code) else DEFAULT_ANCHOR)
    return url_for("guide.trakt", _anchor=anchor)


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
