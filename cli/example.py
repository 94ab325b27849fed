"""Commands that write the example household to a file, or serve it as a demo."""

import shutil
import tempfile
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import click
from flask import Blueprint, Flask, current_app

import db
from cli import serve
from cli.errors import click_errors
from db import Connection, backup, get_db, settings, shift_dates, transaction, users
from rules import schedule
from rules.schedule import DAY, WEEK
from services import members
from services.example_household import CAST, LAST_TO_NOMINATE, ExampleYear
from utils import instants
from utils.translation import gettext as _

bp = Blueprint("example", __name__, cli_group=None)
EXAMPLE = "movie-night.db.example"
TIME_TO_NOMINATE = timedelta(hours=1)  # at least, in a demo
# Later starts of voting and results, in minutes of the week, for the end of the week.
LATER_STARTS = (
    (5 * DAY, 6 * DAY + 20 * 60),
    (6 * DAY, 6 * DAY + 20 * 60),
    (6 * DAY + 18 * 60, 6 * DAY + 20 * 60),
    (WEEK - 2, WEEK - 1),
)


@bp.cli.command("example-db")
@click.argument("file", type=click.Path(path_type=Path))
@click_errors()
def write(file: Path) -> None:
    """Write an example household into a new file."""
    hashes = _hashes()
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(db.connect(Path(folder, "new.db"))) as conn,
    ):
        db.migrate(conn)
        with transaction(conn):
            ExampleYear(conn).fill(hashes)
        backup.save(conn, file, is_small=True)
    click.echo(_("{file} holds the example household:").format(file=file))
    _print_cast()


@bp.cli.command("demo")
@click_errors()
def demo() -> None:
    """Serve the example household, as of now, from a data folder that holds none yet."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    _fill(app)
    text = _(
        "The example household is nominating, and voting opens with {name}’s film. Sign in as:"
    )
    click.echo(text.format(name=LAST_TO_NOMINATE))
    _print_cast()
    serve.configure_logging()
    serve.run_server(app)


def _fill(app: Flask) -> None:
    database: Path = app.config["DATABASE"]
    if database.exists():
        sentence = _("{file} is there already. A demo needs a data folder of its own.")
        raise click.ClickException(sentence.format(file=database))
    shutil.copyfile(Path(app.root_path, EXAMPLE), database)
    serve.open_household(app)
    hashes, now = _hashes(), instants.now()
    with transaction(conn := get_db()):
        shift_dates.shift_to_week(conn, schedule.week_of(settings.schedule(conn), now), now)
        _leave_time_to_nominate(conn, now)
        for name, hashed in hashes.items():
            users.set_pin(conn, users.get_by_name(conn, name).id, hashed)


def _leave_time_to_nominate(conn: Connection, now: datetime) -> None:
    """Move the start of voting as little as leaves time, because at weekends nominating is over.

    In the last minutes of a Sunday nothing leaves time, but then the next week is about to start.
    """
    chosen = settings.schedule(conn)
    week = schedule.week_of(chosen, now)
    for voting, results in ((chosen.voting, chosen.results), *LATER_STARTS):
        chosen = replace(chosen, voting=voting, results=results)
        if schedule.starts(chosen, week).voting - now >= TIME_TO_NOMINATE:
            break
    settings.set_schedule(conn, chosen)


def _hashes() -> dict[str, str]:
    """Return the cast's PIN hashes, made with the pepper of this household."""
    hashes = {person.name: members.hash_new_pin(person.pin) for person in CAST if person.pin}
    return {name: hashed for name, hashed in hashes.items() if hashed}


def _print_cast() -> None:
    for person in CAST:
        pin = _("PIN {pin}").format(pin=person.pin) if person.pin else _("no PIN")
        role = f" ({_('admin')})" if person.is_admin else ""
        click.echo(f"  {person.icon} {person.name}: {pin}{role}")
