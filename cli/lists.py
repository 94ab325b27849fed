"""Commands that show a member's lists: the watchlist, and the personal ones at Trakt."""

from collections.abc import Sequence
from typing import Any

import click
from flask import Blueprint, current_app

from cli.errors import check_key, click_errors
from cli.output import as_json, to_file, write_json
from db import Connection, get_db, trakt_auth, users, watchlist
from db.users import Member
from rules import Refused
from trakt import lists, sync
from trakt.client import Client
from trakt.lists import PersonalList
from utils.translation import gettext as _

bp = Blueprint("lists", __name__, cli_group=None)
WATCHLIST = "watchlist"  # its name on the command line
NO_LIMIT = 100_000

as_format = click.option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True
)
of_list = click.option(
    "--list", "--watchlist", "-w", "name_of_list", default=WATCHLIST, show_default=True,
    help="A personal list at Trakt, by its name or slug.",
)  # fmt: skip


@bp.cli.command("lists")
@click.argument("name")
@as_format
@to_file
@click_errors()
def show_lists(name: str, form: str, output: str | None) -> None:
    """List NAME's lists: the watchlist, and with a linked Trakt account the personal ones."""
    conn = get_db()
    member = users.get_by_name(conn, name)
    wishes = len(_wishes(conn, member))
    found = [PersonalList(0, WATCHLIST, _("Watchlist"), wishes, "")]
    if trakt_auth.get(conn, member.id):
        found += lists.of_member(member_client(conn, member))
    rows = [
        {"name": one.name, "slug": one.slug, "titles": one.count, "privacy": one.privacy}
        for one in found
    ]
    print_rows(rows, (_("Name"), _("Slug"), _("Titles"), _("Who sees it")), form, output)


@bp.cli.command("list")
@click.argument("name")
@of_list
@as_format
@to_file
@click_errors()
def show_list(name: str, name_of_list: str, form: str, output: str | None) -> None:
    """Show what is on NAME's watchlist, or on a personal list of theirs."""
    conn = get_db()
    member = users.get_by_name(conn, name)
    chosen = personal_list(conn, member, name_of_list)
    titles: Sequence[Any] = _wishes(conn, member)
    if chosen:
        titles = lists.titles(member_client(conn, member), chosen)
    rows = [
        {"title": one.title, "year": one.year, "type": one.kind, "tmdb_id": one.tmdb_id}
        for one in titles
    ]
    print_rows(rows, (_("Title"), _("Year"), _("Type"), "TMDB"), form, output)


def personal_list(conn: Connection, member: Member, name: str) -> PersonalList | None:
    """Return the personal list with this name or slug, None for the watchlist."""
    if name.casefold() == WATCHLIST:
        return None
    known = lists.of_member(member_client(conn, member))
    if chosen := lists.by_name(known, name):
        return chosen
    known_names = ", ".join([WATCHLIST, *(one.slug for one in known)])
    sentence = _("{who} has no list called “{name}”. There are: {there}.")
    raise click.ClickException(sentence.format(who=member.name, name=name, there=known_names))


def member_client(conn: Connection, member: Member) -> Client:
    """Return a Trakt client; raises Refused if the member is not linked or the key is wrong."""
    if trakt_auth.get(conn, member.id) is None:
        raise Refused("trakt_not_linked")
    check_key(conn)
    return sync.member_client(conn, current_app.config, member.id)


def print_rows(
    rows: Sequence[dict[str, Any]], heads: Sequence[str], form: str, output: str | None
) -> None:
    write_json(output, rows)
    if form == "json":
        click.echo(as_json(rows))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*heads)
    for row in rows:
        table.add_row(*(Text("" if value is None else str(value)) for value in row.values()))
    Console(highlight=False).print(table)


def _wishes(conn: Connection, member: Member) -> list[watchlist.ListedTitle]:
    kinds = ("film", "show")
    return [one for kind in kinds for one in watchlist.of_member(conn, member.id, kind, NO_LIMIT)]
