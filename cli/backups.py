"""Commands that back up the database and restore it."""

from pathlib import Path

import click
from flask import Blueprint, current_app

from cli.errors import click_errors
from db import backup, get_db, restore
from utils import instants
from utils.locks import server_lock
from utils.translation import gettext as _

bp = Blueprint("cli_backups", __name__, cli_group=None)


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
def restore_backup(file: Path) -> None:
    """Put a backup in place of the database; the server must be stopped."""
    data_dir = current_app.config["DATA_DIR"]
    with server_lock(data_dir):
        former = restore.restore(file, data_dir, instants.now())
    if former:
        click.echo(_("The former database is kept as {kept}.").format(kept=former))
    click.echo(_("{file} is in place. Everybody is signed out.").format(file=file))
