"""Commands that open voting and close the week."""

import click
from flask import Blueprint

from cli.errors import click_errors
from db import Connection, audit, get_db, nominations, results, settings, weeks
from db.weeks import Week
from rules import Refused
from services import result_reasons
from services.current_week import week_transaction
from utils import instants
from utils.translation import gettext as _

bp = Blueprint("cli_week", __name__, cli_group=None)


@bp.cli.command("open-voting")
@click.argument("week", required=False)
@click_errors()
def open_voting(week: str | None) -> None:
    """Open this week's voting early."""
    conn, now = get_db(), instants.now()
    with week_transaction(conn, now) as this:
        _check_week(this, week)
        weeks.open_voting(conn, this, now, by=None)
        audit.add(conn, now, "voting_opened", detail=this.key)
    click.echo(_("{week}: voting is open.").format(week=this.key))


@bp.cli.command("close-week")
@click.argument("week", required=False)
@click_errors()
def close_week(week: str | None) -> None:
    """End this week's voting and count."""
    conn, now = get_db(), instants.now()
    with week_transaction(conn, now) as this:
        _check_week(this, week)
        weeks.close(conn, this, now, by=None)
        audit.add(conn, now, "week_closed", detail=this.key)
    click.echo(f"{this.key}: {_outcome(conn, this.key)}")


def _check_week(this: Week, week: str | None) -> None:
    if week not in (None, this.key):
        raise Refused("not_this_week", week=week)


def _outcome(conn: Connection, week: str) -> str:
    """Return the winner and the reason in one line."""
    outcome = results.for_week(conn, week)
    assert outcome is not None  # noqa: S101 - it was counted a moment ago
    titles = {film.id: film.title for film in nominations.for_week(conn, week)}
    winner = f"{titles[outcome.first_id]}. " if outcome.first_id else ""
    return winner + result_reasons.first(settings.schedule(conn), outcome)
