"""JSON output of the commands, to a file or the terminal."""

import json
import os
from pathlib import Path
from typing import Any

import click

from utils.translation import gettext as _

TERMINAL = "-"


class _File(click.Path):
    """A file name, rejected at once if its folder shows that it cannot be written."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        name = str(super().convert(value, param, ctx))
        if name != TERMINAL and not (Path(name).exists() or os.access(Path(name).parent, os.W_OK)):
            self.fail(_("{name} cannot be written.").format(name=name), param, ctx)
        return name


to_file = click.option(
    "--output", "-o", type=_File(dir_okay=False, writable=True, allow_dash=True),
    help="Also write it to this file, as JSON.",
)  # fmt: skip


def as_json(found: Any) -> str:
    return json.dumps(found, ensure_ascii=False, indent=2)


def write_json(output: str | None, found: Any) -> None:
    """Write JSON to a file, or to the terminal for "-"; raises OSError.

    Characters of file names that are no UTF-8 are escaped.
    """
    if output == TERMINAL:
        click.echo(as_json(found))
    elif output:
        text = f"{as_json(found)}\n"
        Path(output).write_text(text, encoding="utf-8", errors="backslashreplace")
