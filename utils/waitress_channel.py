"""Waitress connections on which the app answers the requests that waitress refuses.

So that an answer to a body beyond the limit arrives, the body is taken off the wire and dropped: a
connection closed with bytes unread would be reset, and the client would never read why.
"""

from contextlib import suppress
from io import BytesIO
from typing import Any

from waitress.buffers import OverflowableBuffer
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.task import ErrorTask, WSGITask
from waitress.utilities import InternalServerError, RequestEntityTooLarge

LARGEST_DROPPED = 256 * 1024 * 1024  # bytes of one body; beyond them the connection is closed
MOST_READS, READ_SIZE = 16, 64 * 1024  # at the close of a connection
REFUSAL = "movie_night.refusal"  # no header of a client can put this name into the environment


class DiscardingBuffer(OverflowableBuffer):
    """A buffer that discards its input."""

    def __init__(self) -> None:
        super().__init__(overflow=0)

    def append(self, s: bytes) -> None:
        pass


class Parser(HTTPRequestParser):
    # A request whose first line makes no sense is still answered.
    command: Any = "GET"
    path = request_uri = "/"
    query = ""
    url_scheme = "http"

    _dropped: int | None = None

    def received(self, data: bytes) -> int:
        if self._dropped is not None:
            return self._drop(data)
        consumed = super().received(data)
        if self.completed and isinstance(self.error, RequestEntityTooLarge):
            self._start_dropping()
        return consumed

    def _start_dropping(self) -> None:
        if self.expect_continue or self.content_length > LARGEST_DROPPED or self.body_rcv is None:
            self.expect_continue = False  # the client waits for leave to send, and gets the answer
            return
        self.body_rcv.getbuf().close()
        self.body_rcv.buf = DiscardingBuffer()
        self._dropped = 0
        self.completed = False

    def _drop(self, data: bytes) -> int:
        assert self.body_rcv is not None  # noqa: S101 - there is a body, or nothing is too large
        assert self._dropped is not None  # noqa: S101
        taken = self.body_rcv.received(data)
        self._dropped += taken
        self.completed = bool(
            self.body_rcv.completed or self.body_rcv.error or self._dropped > LARGEST_DROPPED
        )
        return taken


class RefusalTask(WSGITask):
    """Runs the app without the request body and closes the connection afterwards."""

    def execute(self) -> None:
        self.set_close_on_finish()
        super().execute()

    def get_environment(self) -> dict[str, Any]:
        environ = super().get_environment()
        environ.pop("CONTENT_LENGTH", None)
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        error: Any = self.request.error  # type: ignore[attr-defined]
        return {**environ, "wsgi.input": BytesIO(), REFUSAL: error.code}


class Task(WSGITask):
    def set_close_on_finish(self) -> None:
        """Not after an answer that has no body, which waitress takes for one without an end.

        Every open screen asks for the state every two seconds, and mostly gets a 304.
        """
        if (
            self.has_body
            or self.version != "1.1"
            or getattr(self.request, "connection_close", True)
        ):
            super().set_close_on_finish()


def refusal_task(channel: HTTPChannel, parser: Any) -> ErrorTask | RefusalTask:
    """Return a task for a refused request; an app that just failed is not called again."""
    has_failed = isinstance(parser.error, InternalServerError)
    return (ErrorTask if has_failed else RefusalTask)(channel, parser)


class Channel(HTTPChannel):
    parser_class = Parser
    task_class: Any = Task
    error_task_class: Any = staticmethod(refusal_task)

    def handle_close(self) -> None:
        """Read what arrived meanwhile, so that the close does not reset the connection."""
        with suppress(OSError):
            for _ in range(MOST_READS):
                if self.socket is None or not self.socket.recv(READ_SIZE):
                    break
        super().handle_close()
