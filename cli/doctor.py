"""The command that checks the installation. It changes nothing, and takes any broken database."""

from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Literal, NamedTuple

import click
from flask import Blueprint, current_app

from db import Connection, DatabaseError, backup, health, settings
from db.migrations import LATEST, version
from rules import Refused
from rules.schedule import Schedule
from trakt import checks
from utils import environment, keys, locks
from utils.translation import gettext as _

bp = Blueprint("cli_doctor", __name__, cli_group=None)
LOW_SPACE, NO_SPACE = 200_000_000, 20_000_000  # bytes
SECRETS = (
    "SECRET_KEY",
    "TRAKT_ENCRYPTION_KEY",
    "TRAKT_CLIENT_ID",
    "TRAKT_CLIENT_SECRET",
    "TMDB_API_KEY",
)
KEY_FILES = {"secret-key": "SECRET_KEY", "token-key": "TRAKT_ENCRYPTION_KEY", "pin-pepper": ""}
Level = Literal["ok", "warning", "problem"]


class Finding(NamedTuple):
    level: Level
    text: str


@bp.cli.command("doctor")
def doctor() -> None:
    """Look for trouble and change nothing."""
    findings = list(examine(current_app.config))
    for finding in findings:
        click.echo(f"{finding.level:<8} {finding.text}")
    if any(finding.level == "problem" for finding in findings):
        raise click.exceptions.Exit(1)


def examine(config: Any) -> Iterator[Finding]:
    """Yield findings about the app with this configuration."""
    yield from _engine()
    yield from _folder(config["DATA_DIR"])
    yield from _keys(config["DATA_DIR"])
    yield from _database(config["DATABASE"], config["FIRST_ZONE"])
    yield from _links(config["DATABASE"], config["TRAKT_KEY"])
    yield from _configuration(config)
    running = locks.is_locked(config["DATA_DIR"])
    yield Finding("ok", _("server: running") if running else _("server: not running"))


def _engine() -> Iterator[Finding]:
    text = _("engine: SQLite {version}").format(version=health.ENGINE)
    yield Finding("problem" if health.engine_is_too_old() else "ok", text)


def _folder(folder: Path) -> Iterator[Finding]:
    if not folder.is_dir():
        yield Finding("warning", _("data folder: {path} is not there yet").format(path=folder))
        return
    yield _private(folder, _("data folder: {path}").format(path=folder))
    free = backup.free_bytes(folder)
    level: Level = "ok" if free > LOW_SPACE else "warning"
    text = _("disk: {free} MB free").format(free=free // 1_000_000)
    yield Finding("problem" if free < NO_SPACE else level, text)


def _keys(folder: Path) -> Iterator[Finding]:
    for name, variable in KEY_FILES.items():
        path = folder / name
        if variable and _is_set(variable):
            yield Finding("ok", _("key {name}: from the environment").format(name=name))
        elif path.exists():
            yield _private(path, _("key {name}: kept in the data folder").format(name=name))
        else:
            yield Finding("problem", _("key {name}: missing").format(name=name))


def _private(path: Path, text: str) -> Finding:
    if keys.is_private(path):
        return Finding("ok", text)
    mode = path.stat().st_mode & 0o777
    return Finding(
        "warning", _("{text}; others may read it ({mode})").format(text=text, mode=f"{mode:o}")
    )


def _database(path: Path, first_zone: str) -> Iterator[Finding]:
    if not path.exists():
        yield Finding("warning", _("database: none yet; flask serve makes it"))
        return
    yield _private(path, _("database: {path}").format(path=path))
    try:
        yield _journal(path)
        with closing(health.open_read_only(path)) as conn:
            for check in (_version, _faults, _counts):
                yield from check(conn)
            yield from _zone(conn, first_zone)
    except (DatabaseError, OSError) as error:
        yield Finding("problem", _("database: {error}").format(error=error))


def _journal(path: Path) -> Finding:
    if health.is_write_ahead(path):
        return Finding("ok", _("journal: write-ahead"))
    return Finding("warning", _("journal: not write-ahead until it is opened next"))


def _version(conn: Connection) -> Iterator[Finding]:
    found = version(conn)
    text = _("schema: version {found}, this program knows {known}").format(
        found=found, known=LATEST
    )
    if found > LATEST:
        yield Finding("problem", text)
    else:
        yield Finding("ok" if found == LATEST else "warning", text)


def _faults(conn: Connection) -> Iterator[Finding]:
    found = health.integrity_faults(conn)
    for fault in found:
        yield Finding("problem", _("integrity: {fault}").format(fault=fault))
    if not found:
        yield Finding("ok", _("integrity and foreign keys: sound"))


def _counts(conn: Connection) -> Iterator[Finding]:
    numbers = health.counts(conn)
    text = _("household: members {members}, admins {admins}, weeks {weeks}, votes {votes}")
    level: Level = "ok" if numbers["admins"] else "warning"
    yield Finding(level, text.format(**numbers))


def _zone(conn: Connection, first_zone: str) -> Iterator[Finding]:
    zone = settings.get(conn, "zone", first_zone)
    try:
        Schedule(zone)
    except Refused:
        yield Finding("warning", _("time zone: {zone} is unknown here").format(zone=zone))
    else:
        yield Finding("ok", _("time zone: {zone}").format(zone=zone))


def _links(path: Path, key: bytes) -> Iterator[Finding]:
    """Yield nothing if the database cannot be read, as `_database` has reported that."""
    if not path.exists():
        return
    with suppress(DatabaseError, OSError), closing(health.open_read_only(path)) as conn:
        if checks.key_fits(conn, key):
            yield Finding("ok", _("Trakt links: the encryption key fits"))
        else:
            yield Finding("problem", _("Trakt links: sealed with another encryption key"))


def _configuration(config: Any) -> Iterator[Finding]:
    for name in ("HOST", "PORT", "PUBLIC_URL", "TRUST_PROXY"):
        yield Finding("ok", f"{name}: {config[name] if config[name] != '' else _('not set')}")
    yield Finding("ok", "SCHEDULER: " + ("on" if config["SCHEDULER"] else "off"))
    for name in SECRETS:
        yield Finding("ok", f"{name}: {_('set') if _is_set(name) else _('not set')}")


def _is_set(name: str) -> bool:
    return bool(environment.text(name) or environment.text(f"{name}_FILE"))
