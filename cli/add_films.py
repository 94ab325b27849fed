"""The films and shows of a scanned disk, onto a member's list."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import IO, Any, TypeVar

import click
from flask import Blueprint, current_app

from cli.errors import click_errors
from cli.lists import client_of, of_list, personal_list
from cli.output import to_file, write_json
from db import Connection, get_db, trakt_auth, transaction, users, watchlist
from db.users import Member
from movies import disk_titles
from movies.disk_titles import TitleOnDisk
from movies.file_names import NamedTitle
from rules import Refused, disk_scan
from services import scanned_disk, sync_queue
from services.scanned_disk import DiskTitle, Match
from trakt import application, lists, sync
from trakt.errors import TraktError
from trakt.lists import PersonalList
from utils import instants, messages
from utils.plain_text import one_line
from utils.translation import N_, ngettext
from utils.translation import gettext as _

Add = Callable[[Connection, Member, Sequence[DiskTitle]], None]
bp = Blueprint("films_on_disk", __name__, cli_group=None)


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
    member = users.by_name(conn, name)
    if member.is_retired:
        raise Refused("retired", name=member.name)
    chosen = personal_list(conn, member, name_of_list)
    found = list(_found(conn, _files(scan, statuses), interactive))
    add: Add = _try if dry_run else partial(_add_to_list, chosen) if chosen else _add_to_watchlist
    add(conn, member, [one for one in found if one.match])
    print_report(found, is_verbose=verbose)
    write_json(output, report_body(found))


def _files(scan: IO[bytes], statuses: Sequence[str]) -> list[str]:
    try:
        files = disk_scan.parse_scan(json.load(scan))
    except (ValueError, RecursionError) as error:
        raise click.ClickException(_("The scan is no JSON.")) from error
    if not files:
        raise click.ClickException(_("The scan names no video files."))
    return [one.name for one in files if one.status in statuses]


def _found(conn: Connection, names: Sequence[str], interactive: bool) -> Iterator[DiskTitle]:
    """Nothing is written before each title is decided."""
    household = application.load(conn, current_app.config)
    with progress_bar(names, _("Reading the names")) as counted:
        held, silent = disk_titles.titles_on_disk(counted)
    with progress_bar(held, _("Looking for the titles"), is_hidden=interactive) as titles:
        for one in titles:
            yield scanned_disk.identify(one, household, _choose_one if interactive else None)
    for path in silent:
        yield DiskTitle(TitleOnDisk(NamedTitle("film", path, None), (path,)))


def _choose_one(named: NamedTitle, matches: Sequence[Match]) -> Match | None:
    text = ngettext("{n} title for “{name}”:", "{n} titles for “{name}”:", len(matches))
    click.echo(text.format(n=len(matches), name=one_line_title(named)))
    click.echo(_("  0. Skip it"))
    for place, match in enumerate(matches, 1):
        click.echo(f"  {place}. {one_line_title(match)}")
    place = click.prompt(_("Which"), type=click.IntRange(0, len(matches)), default=1)
    return matches[place - 1] if place else None


def _try(_conn: Connection, _member: Member, matched: Sequence[DiskTitle]) -> None:
    for one in matched:
        one.status = "would_be_added"


def _add_to_watchlist(conn: Connection, member: Member, matched: Sequence[DiskTitle]) -> None:
    now = instants.now()
    with transaction(conn):
        for one in matched:
            if match := one.match:
                is_there = watchlist.has(conn, member.id, match.kind, match.tmdb_id)
                one.status = "already_listed" if is_there else "added"
                wish = (match.kind, match.tmdb_id, match.title, match.year)
                watchlist.add(conn, member.id, *wish, now)
    _send(conn, member)


def _add_to_list(
    chosen: PersonalList, conn: Connection, member: Member, matched: Sequence[DiskTitle]
) -> None:
    client = client_of(conn, member)
    there = {(one.kind, one.tmdb_id) for one in lists.titles(client, chosen)}
    wanted = {_key(one) for one in matched} - there
    missing = lists.add(client, chosen, sorted(wanted))
    for one in matched:
        one.status = "already_listed" if _key(one) in there else "added"
        if _key(one) in missing:
            one.status = "not_found"


def _send(conn: Connection, member: Member) -> None:
    """To Trakt, if the member is linked; what fails is sent later by itself."""
    link = trakt_auth.get(conn, member.id)
    try:
        if link:
            sync_queue.run_now(conn, link, sync.push_only)
    except TraktError as error:
        click.echo(messages.trakt(error.code), err=True)


def _key(one: DiskTitle) -> tuple[str, int]:
    return (one.match.kind, one.match.tmdb_id) if one.match else ("", 0)


Item = TypeVar("Item")
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
    ones: Sequence[Item], label: str, *, is_hidden: bool = False
) -> AbstractContextManager[Iterable[Item]]:
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
        "results": [_report_row(one) for one in found],
    }


def _report_row(one: DiskTitle) -> dict[str, Any]:
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


def one_line_title(one: NamedTitle | Match) -> str:
    """Fit for a terminal: whatever the name of a file holds, it is one line and no command."""
    title = one_line(one.title, LONGEST) or "?"
    return f"{title} ({one.year})" if one.year else title
