"""What only the machine's owner may do to everybody's Trakt."""

from gettext import gettext as _

import click
from flask import Blueprint

from blueprints.command_line import in_sentences
from db import audit, get_db, trakt_auth, transaction
from trakt import application
from utils import instants

bp = Blueprint("trakt_commands", __name__, cli_group=None)


@bp.cli.command("forget-trakt")
@click.confirmation_option(prompt=_("Every member will have to link their account again. Go on?"))
@in_sentences()
def forget_trakt() -> None:
    """Forget all that the encryption key sealed: the way on when that key is lost."""
    now = instants.now()
    with transaction(conn := get_db()):
        links = trakt_auth.everyone(conn)
        for link in links:
            trakt_auth.forget(conn, link.user_id, now)
            audit.note(conn, now, "unlinked", subject_id=link.user_id)
        application.forget(conn)
    click.echo(_("{n} links are forgotten.").format(n=len(links)))
