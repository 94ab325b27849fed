"""The command that runs the server: waitress and the background threads, until a signal."""

import fcntl
import logging
import signal
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from types import FrameType
from typing import Any

import click
from flask import Blueprint, Flask, current_app
from waitress.server import create_server

import db
from cli.errors import click_errors
from db import Connection, DatabaseError, get_db, health, settings, transaction, users
from rules import Refused
from rules.schedule import Schedule
from services import jobs, setup_code
from trakt import checks
from utils import redaction, waitress_channel
from utils.locks import server_lock
from utils.translation import gettext as _

log = logging.getLogger(__name__)
bp = Blueprint("cli_serve", __name__, cli_group=None)
THREADS = 8
STOP_TIMEOUT = 5.0  # seconds that running requests get to finish when the server stops
# Bytes. Flask's own limit is smaller except for imports, and answers with a sentence.
LARGEST_BODY = 24 * 1024 * 1024
SIOCGIFADDR = 0x8915  # Linux's request for the address of an interface


@bp.cli.command("serve")
@click_errors()
def serve() -> None:
    """Answer browsers until it is stopped."""
    configure_logging()
    run_server(current_app._get_current_object())  # type: ignore[attr-defined]


def run_server(app: Flask) -> None:
    """Run until SIGTERM or SIGINT; raises Busy, TooNew, DatabaseError or OSError when it cannot."""
    host, port = app.config["HOST"], app.config["PORT"]
    with server_lock(app.config["DATA_DIR"]):
        open_household(app)
        with _listen(host, port) as listener:
            server: Any = create_server(app, sockets=[listener], **_settings(app))
            server.channel_class = waitress_channel.Channel
            scheduler = jobs.start(app) if app.config["SCHEDULER"] else None
            fetching = jobs.start_fetching(app)
            stopping = _stop_on_signal(server)
            click.echo("\n".join(greeting(app)))
            _run(server, stopping)
            if scheduler:
                jobs.stop(scheduler)
            jobs.stop_fetching(app, fetching)
            jobs.stop_background_work(app)
        server.task_dispatcher.shutdown(timeout=1)
        db.close_db(app)


def configure_logging() -> None:
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    redaction.install()
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    # A page requests a dozen files at once, so a queue is normal.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)


def _listen(host: str, port: int) -> socket.socket:
    """Return one listening socket, even if the name has several addresses; "::" includes IPv4."""
    try:
        if ":" not in host:
            return socket.create_server((host, port))
        both = host == "::" and socket.has_dualstack_ipv6()
        return socket.create_server((host, port), family=socket.AF_INET6, dualstack_ipv6=both)
    except OSError as error:
        raise OSError(f"{host} port {port} cannot be used: {error.strerror}") from error


def _settings(app: Flask) -> dict[str, Any]:
    return {
        "threads": THREADS,
        "ident": None,
        "max_request_body_size": LARGEST_BODY,
        # Left alone, X-Forwarded-* reach ProxyFix, which counts the trusted hops.
        "clear_untrusted_proxy_headers": app.config["TRUST_PROXY"] == 0,
    }


def _stop_on_signal(server: Any) -> list[int]:
    """Return a list that is no longer empty after a signal, which also wakes up the server."""
    stopping: list[int] = []

    def on_signal(number: int, _frame: FrameType | None) -> None:
        stopping.append(number)
        server.pull_trigger()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    return stopping


def _run(server: Any, stopping: list[int]) -> None:
    """Serve until a signal; then accept no more connections and finish running requests."""
    while not stopping:
        _turn(server)
    server.del_channel()  # the listening socket; its owner closes it
    deadline = time.monotonic() + STOP_TIMEOUT
    while _is_busy(server) and time.monotonic() < deadline:
        _turn(server)


def _turn(server: Any) -> None:
    server.asyncore.loop(timeout=1, map=server._map, use_poll=True, count=1)


def _is_busy(server: Any) -> bool:
    channels = list(server.active_channels.values())
    return any(channel.requests or channel.total_outbufs_len for channel in channels)


def open_household(app: Flask) -> None:
    """Open and migrate the database, and give a new household its zone."""
    _check_key(app)
    with app.app_context():
        conn = get_db()
        if health.is_damaged(conn):
            raise DatabaseError("database disk image is malformed")
        _set_first_zone(conn, app.config["FIRST_ZONE"])


def greeting(app: Flask) -> Iterator[str]:
    """Yield the lines with the app's addresses and, before there is an admin, the set-up link."""
    address = app.config["PUBLIC_URL"] or _address_url(app, "localhost")
    yield _("Movie Night is on {address}").format(address=address)
    if not app.config["PUBLIC_URL"] and app.config["HOST"] in ("0.0.0.0", "::"):  # noqa: S104
        yield from (
            _("From a phone at home: {url}").format(url=_address_url(app, address))
            for address in _lan_addresses()
        )
    if code := _setup_code(app):
        yield _("Nobody is an admin yet. Open this link to become one:")
        yield f"{address}/setup?code={code}"


def _check_key(app: Flask) -> None:
    """Raise Refused if the encryption key is wrong, before every link is marked as ended."""
    path = app.config["DATABASE"]
    if not path.exists():
        return
    # A fault of the file itself is reported when it is opened to be used.
    with suppress(DatabaseError), closing(health.open_read_only(path)) as conn:
        if not checks.key_fits(conn, app.config["TRAKT_KEY"]):
            raise Refused("wrong_key")


def _setup_code(app: Flask) -> str | None:
    """Return a set-up code, new at each start so that those in old logs are invalid."""
    with app.app_context(), transaction(conn := get_db()):
        return None if users.has_admin(conn) else setup_code.create(conn)


def _lan_addresses() -> Iterator[str]:
    """Yield this machine's IPv4 addresses without loopback, from the kernel."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for _number, name in socket.if_nameindex():
            try:
                reply = fcntl.ioctl(sock, SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
            except OSError:
                continue
            if (address := socket.inet_ntoa(reply[20:24])) and not address.startswith("127."):
                yield address


def _address_url(app: Flask, fallback: str) -> str:
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
