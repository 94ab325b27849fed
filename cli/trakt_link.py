"""Linking a member on a terminal: the code shown, the wait for Trakt, and whether a link works."""

import math
import shutil
import sys

import click
from flask import current_app

from db import get_db, trakt_auth
from db.trakt_auth import Link
from db.trakt_device_codes import DeviceCode
from db.users import Member
from services import linking
from services.linking import Actor
from trakt import checks, pacing
from trakt.errors import TraktError
from utils import instants, qr_code
from utils.plain_text import one_line
from utils.translation import gettext as _
from utils.translation import ngettext

LONGEST = 500  # letters of what Trakt sent


def account_of(username: str | None) -> str:
    """A name that Trakt sent, fit for a terminal."""
    return one_line(username, LONGEST) or _("an account that Trakt has not named yet")


def check(member: Member) -> None:
    household = linking.household_app(get_db())
    found = checks.check_link(get_db(), current_app.config, household, member.id)
    sentence = _("{name}’s Trakt works: {account}.")
    click.echo(sentence.format(name=member.name, account=account_of(found.username)))


def link(member: Member) -> Link:
    """Show a code and wait; raises Refused or TraktError when it comes to nothing."""
    linking.household_app(get_db())
    _confirm(member)
    actor = linking.owner_of_machine(member.id)
    handle, code = linking.request_code(get_db(), actor)
    try:
        _show(member, code)
        _wait(actor, handle, code.interval)
    finally:
        linking.discard_code(get_db(), actor, handle)
    made = trakt_auth.get(get_db(), member.id)
    assert made is not None  # noqa: S101 - it was kept a moment ago
    return made


def _confirm(member: Member) -> None:
    """Before a link that works is replaced; one with a problem is offered anew on the page too."""
    former = trakt_auth.get(get_db(), member.id)
    if former and former.problem is None:
        sentence = _(
            "{name}’s Trakt is linked already: {account}. --test-only asks Trakt whether it works."
        )
        click.echo(sentence.format(name=member.name, account=account_of(former.username)))
        click.confirm(_("Link anew?"), abort=True)


def _show(member: Member, code: DeviceCode) -> None:
    address = one_line(code.code_url, LONGEST)
    click.echo(_("Open this address, sign in at Trakt as {name}:").format(name=member.name))
    click.echo(f"\n  {address}\n")
    for line in qr_code.terminal_lines(address, within=_columns()):
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
    """Until it is linked, asking as often as Trakt wants; a code outlives an answer that fails."""
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


def _columns() -> int:
    """None of them where no terminal is."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
