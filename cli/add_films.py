"""The command that adds the titles of a scanned disk to a member's list."""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import IO, Any, TypeVar

import click
from flask import Blueprint, current_app

from cli.errors import click_errors
from cli.lists import member_client, of_list, personal_list
from cli.output import to_file, write_json
from db import Connection, get_db, trakt_auth, transaction, users, watchlist
from db.users import Member
from movies import disk_titles
from movies.disk_titles import TitleOnDisk
from movies.file_names import NamedTitle
from rules import Refused, disk_scan
from services import scanned_disk
from services.scanned_disk import DiskTitle, Match
from trakt import application, lists, sync
from trakt.errors import TraktError
from trakt.lists import PersonalList
from utils import instants, messages
from utils.plain_text import one_line
from utils.translation import N_, ngettext
from utils.translation import gettext as _

Item = TypeVar("Item")
bp = Blueprint("films_on_disk", __name__, cli_group=None)
TYPES = {"film": "movie", "show": "show"}  # our kind -> the report's type
RESULTS = {  # status of a title -> its line with --verbose
    "added": N_("added: {match}"),
    "already_listed": N_("on the list already: {match}"),
    "would_be_added": N_("would be added: {match}"),
    "skipped": N_("skipped"),
    "ambiguous": N_("several are called so; --interactive lets you choose"),
    "not_found": N_("not found"),
}
FAILED = ("ambiguous", "not_found")
LONGEST = 300  # characters of a title, or of a path without one


@bp.cli.command("add-films")
@click.argument("name")
@click.argument("scan", type=click.File("rb"))
@of_list
@click.option("--interactive", "-i", is_flag=True, help=_("Choose each title yourself."))
@click.option("--dry-run", is_flag=True, help=_("Show what would be added, and add nothing."))
@click.option(
    "--include-status", "statuses", multiple=True, default=[disk_scan.HEALTHY], show_default=True,
    type=click.Choice(disk_scan.STATUSES, case_sensitive=False),
    help=_("Of which files; may be given several times."),
)  # fmt: skip
@to_file
@click.option("--verbose", "-v", is_flag=True, help=_("Tell of each title."))
@click_errors()
def add_films(
    name: str,
    scan: IO[bytes],
    name_of_list: str,
    interactive: bool,
    dry_run: bool,
    statuses: Sequence[str],
    output: str | None,
    verbose: bool,
) -> None:
    """Add the titles of a SCAN of video files to NAME's watchlist, or to another list of theirs.

    SCAN is JSON: a list of files, or one under "results" or "files"; of each its "filename" or
    "path", and its "status" (healthy, corrupt, suspicious).
    """
    conn = get_db()
    member = users.get_by_name(conn, name)
    if member.is_retired:
        raise Refused("retired", name=member.name)
    chosen = personal_list(conn, member, name_of_list)
    found = list(_identify(conn, _files(scan, statuses), interactive))
    matched = [title for title in found if title.match]
    if dry_run:
        for title in matched:
            title.status = "would_be_added"
    elif chosen:
        _add_to_list(conn, member, chosen, matched)
    else:
        _add_to_watchlist(conn, member, matched)
    print_report(found, is_verbose=verbose)
    write_json(output, report_body(found))


def _files(scan: IO[bytes], statuses: Sequence[str]) -> list[str]:
    try:
        files = disk_scan.parse_scan(json.load(scan))
    except (ValueError, RecursionError) as error:
        raise click.ClickException(_("The scan is no JSON.")) from error
    if not files:
        raise click.ClickException(_("The scan names no video files."))
    return [file.name for file in files if file.status in statuses]


def _identify(conn: Connection, names: Sequence[str], interactive: bool) -> Iterator[DiskTitle]:
    """Yield the titles of the files with their matches, then the files without a title."""
    household = application.load(conn, current_app.config)
    with progress_bar(names, _("Reading the names")) as names_with_progress:
        titles, untitled = disk_titles.titles_on_disk(names_with_progress)
    choose = _choose_match if interactive else None
    with progress_bar(titles, _("Looking for the titles"), is_hidden=interactive) as progress:
        for title in progress:
            yield scanned_disk.identify(title, household, choose)
    for path in untitled:
        yield DiskTitle(TitleOnDisk(NamedTitle("film", path, None), (path,)))


def _choose_match(named: NamedTitle, matches: Sequence[Match]) -> Match | None:
    text = ngettext("{n} title for “{name}”:", "{n} titles for “{name}”:", len(matches))
    click.echo(text.format(n=len(matches), name=one_line_title(named)))
    click.echo(_("  0. Skip it"))
    for place, match in enumerate(matches, 1):
        click.echo(f"  {place}. {one_line_title(match)}")
    place = click.prompt(_("Which"), type=click.IntRange(0, len(matches)), default=1)
    return matches[place - 1] if place else None


def _add_to_watchlist(conn: Connection, member: Member, matched: Sequence[DiskTitle]) -> None:
    now = instants.now()
    with transaction(conn):
        for title in matched:
            if match := title.match:
                is_listed = watchlist.has(conn, member.id, match.kind, match.tmdb_id)
                title.status = "already_listed" if is_listed else "added"
                wish = (match.kind, match.tmdb_id, match.title, match.year)
                watchlist.add(conn, member.id, *wish, now)
    _push(conn, member)


def _add_to_list(
    conn: Connection, member: Member, chosen: PersonalList, matched: Sequence[DiskTitle]
) -> None:
    client = member_client(conn, member)
    listed = {(title.kind, title.tmdb_id) for title in lists.titles(client, chosen)}
    wanted = {_key(title) for title in matched} - listed
    missing = lists.add(client, chosen, sorted(wanted))
    for title in matched:
        title.status = "already_listed" if _key(title) in listed else "added"
        if _key(title) in missing:
            title.status = "not_found"


def _push(conn: Connection, member: Member) -> None:
    """Push the outbox of a linked member; after an error the server tries again."""
    try:
        if trakt_auth.account(conn, member.id):
            sync.push_only(conn, current_app.config, member.id)
    except TraktError as error:
        click.echo(messages.trakt(error.code), err=True)


def _key(title: DiskTitle) -> tuple[str, int]:
    return (title.match.kind, title.match.tmdb_id) if title.match else ("", 0)


def print_report(found: Sequence[DiskTitle], *, is_verbose: bool) -> None:
    for place, title in enumerate(found, 1) if is_verbose else ():
        named = title.held.named
        match = one_line_title(title.match) if title.match else ""
        result = _(RESULTS[title.status]).format(match=match)
        kind = TYPES[named.kind]
        click.echo(f"({place}/{len(found)}) {one_line_title(named)} [{kind}]: {result}")
    body = report_body(found)
    rate = f"{100 * (len(found) - body['failed']) / len(found):.1f} %" if found else "-"
    for label, value in (
        (_("Titles"), body["total"]),
        (_("Films added"), body["movies_added"]),
        (_("Shows added"), body["shows_added"]),
        (_("Not found"), body["failed"]),
        (_("Success rate"), rate),
    ):
        click.echo(f"{label}: {value}")


def progress_bar(
    rows: Sequence[Item], label: str, *, is_hidden: bool = False
) -> AbstractContextManager[Iterable[Item]]:
    """Show the progress on a terminal, as Trakt's rate limit makes 3,000 titles take an hour."""
    is_hidden = is_hidden or not sys.stderr.isatty()
    return click.progressbar(rows, label=label, show_pos=True, file=sys.stderr, hidden=is_hidden)


def report_body(found: Sequence[DiskTitle]) -> dict[str, Any]:
    """Return the report as JSON."""
    added = Counter(title.held.named.kind for title in found if title.status == "added")
    return {
        "total": len(found),
        "movies_added": added["film"],
        "shows_added": added["show"],
        "failed": sum(title.status in FAILED for title in found),
        "results": [_report_row(title) for title in found],
    }


def _report_row(title: DiskTitle) -> dict[str, Any]:
    best = title.match or title.held.named
    return {
        "title": best.title,
        "year": best.year,
        "type": TYPES[title.held.named.kind],
        "status": title.status,
        "tmdb_id": title.match.tmdb_id if title.match else None,
        "filename": title.held.files[0],
        "files": len(title.held.files),
    }


def one_line_title(title: NamedTitle | Match) -> str:
    """Return title and year as one line, safe to print whatever a file name holds."""
    text = one_line(title.title, LONGEST) or "?"
    return f"{text} ({title.year})" if title.year else text
