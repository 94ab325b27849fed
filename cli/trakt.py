"""Commands for the Trakt links of all members."""

import math
import shutil
import sys

import click
from flask import Blueprint, current_app

from cli.errors import check_key, click_errors
from db import audit, get_db, trakt_auth, transaction, users
from db.trakt_auth import Link
from db.trakt_device_codes import DeviceCode
from db.users import Member
from rules import Refused
from services import linking
from services.linking import Actor
from trakt import application, checks, pacing
from trakt import sync as trakt_sync
from trakt.errors import TraktError
from utils import instants, messages, qr_code
from utils.plain_text import one_line
from utils.translation import gettext as _
from utils.translation import ngettext

bp = Blueprint("trakt_commands", __name__, cli_group=None)
LONGEST = 500  # characters of a text of Trakt's


@bp.cli.command("sync")
@click.argument("name", required=False)
@click.option("--all", "all_members", is_flag=True, help=_("Every linked member."))
@click_errors()
def sync(name: str | None, all_members: bool) -> None:
    """Read NAME's Trakt and send what waits, as the button does; fails when one of them fails."""
    conn = get_db()
    if all_members == bool(name):
        raise click.UsageError(_("Name one member, or say --all."))
    check_key(conn)
    members = [users.get_by_name(conn, name)] if name else users.list_active(conn)
    if name and members[0].is_retired:
        raise Refused("retired", name=name)
    linked = [link for member in members if (link := trakt_auth.get(conn, member.id))]
    if name and not linked:
        raise Refused("trakt_not_linked")
    outcomes = [_sync(link) for link in linked]
    if not all(outcomes):
        raise click.exceptions.Exit(1)


def _sync(link: Link) -> bool:
    """Sync a member and print the result; return False on failure."""
    conn = get_db()
    name = users.get(conn, link.user_id).name
    if link.uuid is None:
        click.echo(f"{name}: {_('Trakt has not told yet whose account it is')}", err=True)
        return False
    try:
        has_run = trakt_sync.sync(conn, current_app.config, link.user_id)
    except TraktError as error:
        click.echo(f"{name}: {messages.trakt(error.code)}", err=True)
        return False
    click.echo(f"{name}: {_('in step') if has_run else _('is being synced already')}")
    return True


@bp.cli.command("link")
@click.argument("name")
@click.option("--test-only", is_flag=True, help=_("Ask Trakt whether the link works, no more."))
@click_errors()
def link(name: str, test_only: bool) -> None:
    """Link NAME's Trakt with a code, as the page does, and sync it for the first time."""
    member = users.get_by_name(get_db(), name)
    check_key(get_db())
    if test_only:
        check_link(member)
        return
    new_link = link_member(member)
    click.echo(_("Linked: {account}.").format(account=account_name(new_link.username)))
    if new_link.uuid is None:
        click.echo(_("Trakt is asked again within a quarter of an hour; the sync follows then."))
        return
    click.echo(_("The first sync runs now. It may take a while."))
    _sync(new_link)  # a failure does not matter: the server syncs again


@bp.cli.command("forget-trakt")
@click.confirmation_option(prompt=_("Every member will have to link their account again. Go on?"))
@click_errors()
def forget_trakt() -> None:
    """Forget all that the encryption key sealed: the way on when that key is lost."""
    now = instants.now()
    with transaction(conn := get_db()):
        links = trakt_auth.all_links(conn)
        for link in links:
            trakt_auth.delete(conn, link.user_id, now)
            audit.add(conn, now, "unlinked", subject_id=link.user_id)
        application.delete(conn)
        audit.add(conn, now, "trakt_app_removed")
    text = ngettext("{n} link is forgotten.", "{n} links are forgotten.", len(links))
    click.echo(text.format(n=len(links)))


def account_name(username: str | None) -> str:
    """Return the account's name as one line, safe to print."""
    return one_line(username, LONGEST) or _("an account that Trakt has not named yet")


def check_link(member: Member) -> None:
    household = linking.household_app(get_db())
    profile = checks.check_link(get_db(), current_app.config, household, member.id)
    sentence = _("{name}’s Trakt works: {account}.")
    click.echo(sentence.format(name=member.name, account=account_name(profile.username)))


def link_member(member: Member) -> Link:
    """Show a device code and wait until it is approved; raises Refused or TraktError."""
    linking.household_app(get_db())
    _confirm_replacing(member)
    actor = linking.owner_of_machine(member.id)
    handle, code = linking.request_code(get_db(), actor)
    try:
        _print_code(member, code)
        _wait(actor, handle, code.interval)
    finally:
        linking.discard_code(get_db(), actor, handle)
    link = trakt_auth.get(get_db(), member.id)
    assert link is not None  # noqa: S101 - it was stored a moment ago
    return link


def _confirm_replacing(member: Member) -> None:
    """Ask before a link without a problem is replaced."""
    former = trakt_auth.get(get_db(), member.id)
    if former and former.problem is None:
        sentence = _(
            "{name}’s Trakt is linked already: {account}. --test-only asks Trakt whether it works."
        )
        click.echo(sentence.format(name=member.name, account=account_name(former.username)))
        click.confirm(_("Link anew?"), abort=True)


def _print_code(member: Member, code: DeviceCode) -> None:
    address = one_line(code.code_url, LONGEST)
    click.echo(_("Open this address, sign in at Trakt as {name}:").format(name=member.name))
    click.echo(f"\n  {address}\n")
    for line in qr_code.terminal_lines(address, within=_terminal_columns()):
        click.secho(line, fg="bright_white", bg="black")
    click.echo(_("Enter this code there: {code}").format(code=one_line(code.user_code, LONGEST)))
    minutes = math.ceil((code.expires_at - instants.now()).total_seconds() / 60)
    text = ngettext(
        "Waiting for Trakt, {n} minute at most. Ctrl-C ends it.",
        "Waiting for Trakt, {n} minutes at most. Ctrl-C ends it.",
        minutes,
    )
    click.echo(text.format(n=minutes))


def _wait(actor: Actor, handle: str, pause: int) -> None:
    """Poll until the account is linked; a poll that fails does not end the code."""
    while True:
        pacing.sleep(pause)
        try:
            poll = linking.poll_code(get_db(), actor, handle)
        except TraktError as error:
            if error.permanent:
                raise
            click.echo(_("Trakt cannot tell right now. It is asked again."), err=True)
            continue
        if poll.is_linked:
            return
        pause = poll.wait or poll.interval


def _terminal_columns() -> int:
    """Return 0 without a terminal."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
