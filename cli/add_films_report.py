"""What became of the titles of a disk: said on the terminal, and as JSON."""

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, TypeVar

import click

from movies.filenames import Named
from services.scanned_disk import DiskTitle, Match
from utils.plain_text import one_line
from utils.translation import N_
from utils.translation import gettext as _

T = TypeVar("T")
TYPES = {"film": "movie", "show": "show"}  # ours -> the report's
SAID = {  # of a title, once it is settled
    "added": N_("added: {match}"),
    "already_listed": N_("on the list already: {match}"),
    "would_be_added": N_("would be added: {match}"),
    "skipped": N_("skipped"),
    "ambiguous": N_("several are called so; --interactive lets you choose"),
    "not_found": N_("not found"),
}
LONGEST = 300  # letters of a title, or of a path that tells none
FAILED = ("ambiguous", "not_found")


def print_report(found: Sequence[DiskTitle], *, is_verbose: bool) -> None:
    for place, one in enumerate(found, 1) if is_verbose else ():
        named = one.held.named
        said = _(SAID[one.status]).format(match=one_line_title(one.match) if one.match else "")
        click.echo(f"({place}/{len(found)}) {one_line_title(named)} [{TYPES[named.kind]}]: {said}")
    summed = report_body(found)
    rate = f"{100 * (len(found) - summed['failed']) / len(found):.1f} %" if found else "-"
    for said, value in (
        (_("Titles"), summed["total"]),
        (_("Films added"), summed["movies_added"]),
        (_("Shows added"), summed["shows_added"]),
        (_("Not found"), summed["failed"]),
        (_("Success rate"), rate),
    ):
        click.echo(f"{said}: {value}")


def progress_bar(
    ones: Sequence[T], label: str, *, is_hidden: bool = False
) -> AbstractContextManager[Iterable[T]]:
    """Tells a terminal how far it is: at the pace that Trakt allows, 3,000 titles take an hour."""
    is_hidden = is_hidden or not sys.stderr.isatty()
    return click.progressbar(ones, label=label, show_pos=True, file=sys.stderr, hidden=is_hidden)


def report_body(found: Sequence[DiskTitle]) -> dict[str, Any]:
    """What a program may read."""
    added = Counter(one.held.named.kind for one in found if one.status == "added")
    return {
        "total": len(found),
        "movies_added": added["film"],
        "shows_added": added["show"],
        "failed": sum(one.status in FAILED for one in found),
        "results": [_result(one) for one in found],
    }


def _result(one: DiskTitle) -> dict[str, Any]:
    title = one.match or one.held.named
    return {
        "title": title.title,
        "year": title.year,
        "type": TYPES[one.held.named.kind],
        "status": one.status,
        "tmdb_id": one.match.tmdb_id if one.match else None,
        "filename": one.held.files[0],
        "files": len(one.held.files),
    }


def one_line_title(one: Named | Match) -> str:
    """Fit for a terminal: whatever the name of a file holds, it is one line and no command."""
    title = one_line(one.title, LONGEST) or "?"
    return f"{title} ({one.year})" if one.year else title
