"""Error messages of the commands."""

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
    """End the command with a sentence instead of a traceback for errors that are no bug."""
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
    """Raise Refused if the encryption key is wrong, as each link would seem to have ended."""
    if not checks.key_fits(conn, current_app.config["TRAKT_KEY"]):
        raise Refused("wrong_key")


def _check_encoding() -> None:
    """Reject bytes that are no UTF-8: they come as lone surrogates, which cannot be stored."""
    for name, value in click.get_current_context().params.items():
        if any("\ud800" <= char <= "\udfff" for char in str(value)):
            sentence = _("{name} is not UTF-8, so it cannot be read.")
            raise click.ClickException(sentence.format(name=name.replace("_", "-").upper()))
