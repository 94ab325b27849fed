"""One process for one data folder: waitress answers, timed jobs run, a signal ends both."""

import logging
import signal
import socket
import time
from types import FrameType
from typing import Any

import click
from flask import Blueprint, Flask, current_app
from waitress.server import create_server

import db
from cli import startup
from cli.errors import click_errors
from services import jobs
from utils import redaction, waitress_channel
from utils.locks import server_lock

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
        startup.open_household(app)
        with _listen(host, port) as listener:
            server: Any = create_server(app, sockets=[listener], **_settings(app))
            server.channel_class = waitress_channel.Channel
            scheduler = jobs.start(app) if app.config["SCHEDULER"] else None
            fetching = jobs.start_fetching(app)
            stopping = _stop_on_signal(server)
            click.echo("\n".join(startup.greeting(app)))
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
