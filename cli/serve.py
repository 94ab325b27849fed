"""One process for one data folder: waitress answers, timed jobs run, a signal ends both."""

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

bp = Blueprint("cli_serve", __name__, cli_group=None)
THREADS = 8
PATIENCE = 5.0  # seconds that running requests get once the server is told to stop
# Bytes. Flask's own limit, which answers with a sentence, is smaller for all but an export.
LARGEST_BODY = 24 * 1024 * 1024


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
    # A page asks for a dozen files at once; a queue of them is no news.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)


def _listen(host: str, port: int) -> socket.socket:
    """A single socket, whatever the name resolves to; "::" takes IPv4 as well."""
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
    """A list that a signal makes true; the server wakes up to see it."""
    stopping: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        stopping.append(number)
        server.pull_trigger()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    return stopping


def _run(server: Any, stopping: list[int]) -> None:
    """Answer until it is time to stop; then take no more connections and finish what is running."""
    while not stopping:
        _turn(server)
    server.del_channel()  # the listening socket; its owner closes it
    deadline = time.monotonic() + PATIENCE
    while _is_busy(server) and time.monotonic() < deadline:
        _turn(server)


def _turn(server: Any) -> None:
    server.asyncore.loop(timeout=1, map=server._map, use_poll=True, count=1)


def _is_busy(server: Any) -> bool:
    channels = list(server.active_channels.values())
    return any(channel.requests or channel.total_outbufs_len for channel in channels)


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
    address = app.config["PUBLIC_URL"] or _address_url(app, "localhost")
    yield _("Movie Night is on {address}").format(address=address)
    if not app.config["PUBLIC_URL"] and app.config["HOST"] in ("0.0.0.0", "::"):  # noqa: S104
        yield from (
            _("From a phone at home: {url}").format(url=_address_url(app, a))
            for a in _lan_addresses()
        )
    if code := _setup_code(app):
        yield _("Nobody is an admin yet. Open this link to become one:")
        yield f"{address}/setup?code={code}"


def _check_key(app: Flask) -> None:
    """Before anything is written: with a wrong key every link would look dead."""
    path = app.config["DATABASE"]
    if not path.exists():
        return
    # What is wrong with the file itself is said by whoever opens it next.
    with suppress(DatabaseError), closing(health.open_read_only(path)) as conn:
        if not checks.key_fits(conn, app.config["TRAKT_KEY"]):
            raise Refused("wrong_key")


def _setup_code(app: Flask) -> str | None:
    """A new one at each start, so that a code in an old log opens nothing."""
    with app.app_context(), transaction(conn := get_db()):
        return None if users.has_admin(conn) else setup_code.create(conn)


def _lan_addresses() -> Iterator[str]:
    """This machine's IPv4 addresses but loopback, asked of the kernel alone."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        for _number, name in socket.if_nameindex():
            try:
                answer = fcntl.ioctl(asker, SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
            except OSError:
                continue
            if (address := socket.inet_ntoa(answer[20:24])) and not address.startswith("127."):
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
