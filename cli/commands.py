"""The commands of `flask`. Each says in one sentence what went wrong, and exits with 1."""

from pathlib import Path

import click
from flask import Blueprint, current_app

from cli import doctor, server
from cli.errors import click_errors
from db import (
    Connection,
    audit,
    backup,
    get_db,
    nominations,
    restore,
    results,
    sessions,
    transaction,
    users,
    weeks,
)
from db.weeks import Week
from rules import Refused
from services import result_reasons, sign_in
from services.current_week import week_transaction
from utils import instants
from utils.locks import server_lock
from utils.translation import gettext as _

bp = Blueprint("commands", __name__, cli_group=None)


@bp.cli.command("serve")
@click_errors()
def serve() -> None:
    """Answer browsers until it is stopped."""
    server.configure_logging()
    server.serve(current_app._get_current_object())  # type: ignore[attr-defined]


@bp.cli.command("add-member")
@click.argument("name")
@click.option("--icon", default="🎬", help="An emoji or a few letters.")
@click.option("--pin", help="Four to eight digits; without one anybody may pick the profile.")
@click.option("--admin", is_flag=True, help="Make them an admin; needs a PIN.")
@click_errors()
def add_member(name: str, icon: str, pin: str | None, admin: bool) -> None:
    """Add a member to the household."""
    hashed = sign_in.hash_new_pin(pin) if pin else None
    now = instants.now()
    with transaction(conn := get_db()):
        user_id = users.add(conn, name, icon, now)
        users.set_pin(conn, user_id, hashed)
        if admin:
            users.set_admin(conn, user_id, True)
        detail = "admin" if admin else ""
        audit.note(conn, now, "member_added", subject_id=user_id, detail=detail)
    click.echo(_("{name} is a member now.").format(name=users.get(conn, user_id).name))


@bp.cli.command("make-admin")
@click.argument("name")
@click_errors()
def make_admin(name: str) -> None:
    """Let a member manage the household."""
    with transaction(conn := get_db()):
        member = users.by_name(conn, name)
        if not member.is_admin:
            users.set_admin(conn, member.id, True)
            sessions.end_all(conn, member.id)
            audit.note(conn, instants.now(), "made_admin", subject_id=member.id)
    click.echo(_("{name} is an admin now.").format(name=member.name))


@bp.cli.command("set-pin")
@click.argument("name")
@click.option("--pin", help="Four to eight digits; asked for when it is not given.")
@click_errors()
def set_pin(name: str, pin: str | None) -> None:
    """Give a member a new PIN and sign them out everywhere."""
    user_id = users.by_name(get_db(), name).id
    hashed = sign_in.hash_new_pin(
        pin or click.prompt(_("PIN"), hide_input=True, confirmation_prompt=True)
    )
    with transaction(conn := get_db()):
        users.set_pin(conn, user_id, hashed)
        sessions.end_all(conn, user_id)
        audit.note(conn, instants.now(), "pin_reset", subject_id=user_id)
    click.echo(_("{name} has a new PIN and is signed out everywhere.").format(name=name))


@bp.cli.command("open-voting")
@click.argument("week", required=False)
@click_errors()
def open_voting(week: str | None) -> None:
    """Open this week's voting early."""
    with week_transaction() as (conn, this, now):
        _check_week(this, week)
        weeks.open_voting(conn, this, now, by=None)
        audit.note(conn, now, "voting_opened", detail=this.key)
    click.echo(_("{week}: voting is open.").format(week=this.key))


@bp.cli.command("close-week")
@click.argument("week", required=False)
@click_errors()
def close_week(week: str | None) -> None:
    """End this week's voting and count."""
    with week_transaction() as (conn, this, now):
        _check_week(this, week)
        weeks.close(conn, this, now, by=None)
        audit.note(conn, now, "week_closed", detail=this.key)
    click.echo(f"{this.key}: {_outcome(conn, this.key)}")


@bp.cli.command("backup")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--with-keys", is_flag=True, help="A zip with the keys: guard it like a password.")
@click_errors()
def back_up(file: Path | None, with_keys: bool) -> None:
    """Write a checked copy of the database, also while the server runs."""
    data_dir, suffix = current_app.config["DATA_DIR"], ".zip" if with_keys else ".db"
    if file is None or file.is_dir():
        folder = file or data_dir / "backups"
        file = backup.new_name(folder, "movie-night", suffix, instants.now())
    if with_keys:
        members = backup.save_with_keys(get_db(), file, data_dir)
        click.echo(_("{file} holds {members}.").format(file=file, members=", ".join(members)))
    else:
        backup.save(get_db(), file)
        click.echo(_("{file} holds the database.").format(file=file))


@bp.cli.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click_errors()
def bring_back(file: Path) -> None:
    """Put a backup in place of the database; the server must be stopped."""
    data_dir = current_app.config["DATA_DIR"]
    with server_lock(data_dir):
        kept = restore.restore(file, data_dir, instants.now())
    if kept:
        click.echo(_("The former database is kept as {kept}.").format(kept=kept))
    click.echo(_("{file} is in place. Everybody is signed out.").format(file=file))


@bp.cli.command("doctor")
def examine() -> None:
    """Look for trouble and change nothing."""
    findings = list(doctor.examine(current_app.config))
    for finding in findings:
        click.echo(f"{finding.level:<8} {finding.text}")
    if any(finding.level == "problem" for finding in findings):
        raise click.exceptions.Exit(1)


def _check_week(this: Week, asked: str | None) -> None:
    if asked not in (None, this.key):
        raise Refused("not_this_week", week=asked)


def _outcome(conn: Connection, week: str) -> str:
    """The winner and the reason in one line."""
    outcome = results.for_week(conn, week)
    assert outcome is not None  # noqa: S101 - it was counted a moment ago
    titles = {film.id: film.title for film in nominations.for_week(conn, week)}
    winner = f"{titles[outcome.first_id]}. " if outcome.first_id else ""
    return winner + result_reasons.reason(outcome.first_rule, outcome.first_facts)
