"""Commands for the household's members."""

import click
from flask import Blueprint

from cli.errors import click_errors
from db import audit, get_db, transaction, users
from services import members
from utils import instants
from utils.translation import gettext as _

bp = Blueprint("cli_members", __name__, cli_group=None)


@bp.cli.command("add-member")
@click.argument("name")
@click.option("--icon", default="🎬", help="An emoji or a few letters.")
@click.option("--pin", help="Four to eight digits; without one anybody may pick the profile.")
@click.option("--admin", is_flag=True, help="Make them an admin; needs a PIN.")
@click_errors()
def add_member(name: str, icon: str, pin: str | None, admin: bool) -> None:
    """Add a member to the household."""
    hashed = members.hash_new_pin(pin) if pin else None
    now = instants.now()
    with transaction(conn := get_db()):
        user_id = members.add(conn, name, icon, hashed, now, is_admin=admin)
        detail = "admin" if admin else ""
        audit.add(conn, now, "member_added", subject_id=user_id, detail=detail)
    click.echo(_("{name} is a member now.").format(name=users.get(conn, user_id).name))


@bp.cli.command("make-admin")
@click.argument("name")
@click_errors()
def make_admin(name: str) -> None:
    """Let a member manage the household."""
    with transaction(conn := get_db()):
        member = users.get_by_name(conn, name)
        if members.set_admin(conn, member.id, True):
            audit.add(conn, instants.now(), "made_admin", subject_id=member.id)
    click.echo(_("{name} is an admin now.").format(name=member.name))


@bp.cli.command("set-pin")
@click.argument("name")
@click.option("--pin", help="Four to eight digits; asked for when it is not given.")
@click_errors()
def set_pin(name: str, pin: str | None) -> None:
    """Give a member a new PIN and sign them out everywhere."""
    user_id = users.get_by_name(get_db(), name).id
    hashed = members.hash_new_pin(
        pin or click.prompt(_("PIN"), hide_input=True, confirmation_prompt=True)
    )
    with transaction(conn := get_db()):
        members.set_pin(conn, user_id, hashed)
        audit.add(conn, instants.now(), "pin_reset", subject_id=user_id)
    click.echo(_("{name} has a new PIN and is signed out everywhere.").format(name=name))
