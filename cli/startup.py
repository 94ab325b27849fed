"""What happens between `flask serve` and the first request, and what it prints."""

import fcntl
import logging
import socket
import struct
from collections.abc import Iterator
from contextlib import closing, suppress

from flask import Flask

from db import Connection, DatabaseError, get_db, health, settings, transaction, users
from rules import Refused
from rules.schedule import Schedule
from services import setup_code
from trakt import checks
from utils.translation import gettext as _

log = logging.getLogger(__name__)
SIOCGIFADDR = 0x8915  # Linux's request for the address of an interface


def open_household(app: Flask) -> None:
    """Open and migrate the database, and give a new household its zone."""
    _check_key(app)
    with app.app_context():
        conn = get_db()
        if health.is_damaged(conn):
            raise DatabaseError("database disk image is malformed")
        _set_first_zone(conn, app.config["FIRST_ZONE"])


def greeting(app: Flask) -> Iterator[str]:
    """Where the app can be reached; while nobody is its admin, the link that makes one."""
    address = app.config["PUBLIC_URL"] or _url(app, "localhost")
    yield _("Movie Night is on {address}").format(address=address)
    if not app.config["PUBLIC_URL"] and app.config["HOST"] in ("0.0.0.0", "::"):  # noqa: S104
        yield from (_("From a phone at home: {url}").format(url=_url(app, a)) for a in _addresses())
    if code := _setup_code(app):
        yield _("Nobody is an admin yet. Open this link to become one:")
        yield f"{address}/setup?code={code}"


def _check_key(app: Flask) -> None:
    """Before anything is written: with a wrong key every link would look dead."""
    path = app.config["DATABASE"]
    if not path.exists():
        return
    # What is wrong with the file itself is said by whoever opens it next.
    with suppress(DatabaseError), closing(health.look(path)) as conn:
        if not checks.key_fits(conn, app.config["TRAKT_KEY"]):
            raise Refused("wrong_key")


def _setup_code(app: Flask) -> str | None:
    """A new one at each start, so that a code in an old log opens nothing."""
    with app.app_context(), transaction(conn := get_db()):
        return None if users.has_admin(conn) else setup_code.create(conn)


def _addresses() -> Iterator[str]:
    """This machine's IPv4 addresses but loopback, asked of the kernel alone."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        for _number, name in socket.if_nameindex():
            try:
                answer = fcntl.ioctl(asker, SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
            except OSError:
                continue
            if (address := socket.inet_ntoa(answer[20:24])) and not address.startswith("127."):
                yield address


def _url(app: Flask, fallback: str) -> str:
    host = app.config["HOST"]
    if host in ("0.0.0.0", "::"):  # noqa: S104 - it means every address
        host = fallback
    return f"http://{f'[{host}]' if ':' in host else host}:{app.config['PORT']}"


def _set_first_zone(conn: Connection, zone: str) -> None:
    if settings.get(conn, "zone"):
        return
    try:
        Schedule(zone)
    except Refused:
        log.warning(_("TZ names no time zone known here: %s. The household is in UTC."), zone)
        return
    with transaction(conn):
        settings.put(conn, "zone", zone)
