"""What every command has in common: whatever goes wrong is told in one sentence."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import current_app

from db import Connection, DatabaseError
from db.migrations import TooNew
from rules import Refused
from trakt import checks
from trakt.errors import TraktError
from utils import messages
from utils.locks import Busy
from utils.translation import gettext as _


@contextmanager
def click_errors() -> Iterator[None]:
    """What may not or cannot be done ends the command with a sentence instead of a traceback."""
    try:
        _check_encoding()
        yield
    except Refused as refused:
        raise click.ClickException(messages.refusal(refused.code, refused.values)[1]) from refused
    except TraktError as error:
        raise click.ClickException(messages.trakt_waited_for(error.code)) from error
    except DatabaseError as error:
        sentence = _("The database cannot be used ({error}). See flask doctor.")
        raise click.ClickException(sentence.format(error=error)) from error
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        raise click.ClickException(f"{where}{error.strerror or error}.") from error
    except (Busy, TooNew) as error:
        raise click.ClickException(f"{error}.") from error
    except UnicodeDecodeError as error:
        raise click.ClickException(_("What was typed is not UTF-8.")) from error


def check_key(conn: Connection) -> None:
    """Before a command opens a token: each link would else look as if Trakt had ended it."""
    if not checks.key_fits(conn, current_app.config["TRAKT_KEY"]):
        raise Refused("wrong_key")


def _check_encoding() -> None:
    """Bytes that are no UTF-8 come in as lone surrogates, which cannot be stored or shown."""
    for name, value in click.get_current_context().params.items():
        if any("\ud800" <= char <= "\udfff" for char in str(value)):
            sentence = _("{name} is not UTF-8, so it cannot be read.")
            raise click.ClickException(sentence.format(name=name.replace("_", "-").upper()))
