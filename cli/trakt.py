"""What only the machine's owner may do to everybody's Trakt."""

import click
from flask import Blueprint

from cli import trakt_link
from cli.errors import check_key, click_errors
from db import audit, get_db, trakt_auth, transaction, users
from db.trakt_auth import Link
from rules import Refused
from services import sync_queue
from trakt import application
from trakt.errors import TraktError
from utils import instants, messages
from utils.translation import gettext as _
from utils.translation import ngettext

bp = Blueprint("trakt_commands", __name__, cli_group=None)


@bp.cli.command("sync")
@click.argument("name", required=False)
@click.option("--all", "everybody", is_flag=True, help=_("Every linked member."))
@click_errors()
def sync(name: str | None, everybody: bool) -> None:
    """Read NAME's Trakt and send what waits, as the button does; fails when one of them fails."""
    conn = get_db()
    if everybody == bool(name):
        raise click.UsageError(_("Name one member, or say --all."))
    check_key(conn)
    members = [users.by_name(conn, name)] if name else users.active(conn)
    if name and members[0].is_retired:
        raise Refused("retired", name=name)
    linked = [link for member in members if (link := trakt_auth.get(conn, member.id))]
    if name and not linked:
        raise Refused("trakt_not_linked")
    outcomes = [_sync(link) for link in linked]
    if not all(outcomes):
        raise click.exceptions.Exit(1)


def _sync(link: Link) -> bool:
    """Says how it went."""
    who = users.get(get_db(), link.user_id).name
    if link.uuid is None:
        click.echo(f"{who}: {_('Trakt has not told yet whose account it is')}", err=True)
        return False
    try:
        has_run = sync_queue.run_now(get_db(), link)
    except TraktError as error:
        click.echo(f"{who}: {messages.trakt(error.code)}", err=True)
        return False
    click.echo(f"{who}: {_('in step') if has_run else _('is being synced already')}")
    return True


@bp.cli.command("link")
@click.argument("name")
@click.option("--test-only", is_flag=True, help=_("Ask Trakt whether the link works, no more."))
@click_errors()
def link(name: str, test_only: bool) -> None:
    """Link NAME's Trakt with a code, as the page does, and sync it for the first time."""
    member = users.by_name(get_db(), name)
    check_key(get_db())
    if test_only:
        trakt_link.check(member)
        return
    made = trakt_link.link(member)
    click.echo(_("Linked: {account}.").format(account=trakt_link.account_of(made.username)))
    if made.uuid is None:
        click.echo(_("Trakt is asked again within a quarter of an hour; the sync follows then."))
        return
    click.echo(_("The first sync runs now. It may take a while."))
    _sync(made)  # the link stays, whatever comes of it; the server syncs again by itself


@bp.cli.command("forget-trakt")
@click.confirmation_option(prompt=_("Every member will have to link their account again. Go on?"))
@click_errors()
def forget_trakt() -> None:
    """Forget all that the encryption key sealed: the way on when that key is lost."""
    now = instants.now()
    with transaction(conn := get_db()):
        links = trakt_auth.everyone(conn)
        for link in links:
            trakt_auth.delete(conn, link.user_id, now)
            audit.note(conn, now, "unlinked", subject_id=link.user_id)
        application.delete(conn)
        audit.note(conn, now, "trakt_app_removed")
    text = ngettext("{n} link is forgotten.", "{n} links are forgotten.", len(links))
    click.echo(text.format(n=len(links)))
