"""What can go wrong on request: `trakt.fail("/sync/history", faults.lost())`."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Event

from tests.fake_trakt.replies import Reply

HTML = "<!doctype html><title>Oops</title><h1>Cloudfront of a test</h1>"


@dataclass(frozen=True)
class Fault:
    """`instead` answers without doing anything; `edit` changes the true answer."""

    instead: Reply | None = None
    edit: Callable[[Reply], Reply] | None = None
    then: Callable[[], object] | None = None  # done once the answer is made
    delivery: str = "whole"  # or "cut", "drip", "lost"
    seconds: float = 0.0  # waits before the answer, or between two drips
    until: Event | None = None  # and for this


def answer(status: int, body: str = HTML, content_type: str = "text/html", **headers: str) -> Fault:
    """Any answer, without doing what was asked; names of headers with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    kind = {"Content-Type": content_type} if body else {}
    return Fault(instead=Reply(status, body.encode(), kind | named))


def after(status: int, body: str = HTML) -> Fault:
    """Does what was asked, and says that it failed."""
    failed = Reply(status, body.encode(), {"Content-Type": "text/html"})
    return Fault(edit=lambda _reply: failed)


def lost() -> Fault:
    """Does what was asked and hangs up without a word."""
    return Fault(delivery="lost")


def refused() -> Fault:
    """Hangs up without doing anything."""
    return Fault(instead=Reply(500), delivery="lost")


def cut() -> Fault:
    """Half of the body."""
    return Fault(delivery="cut")


def hang(seconds: float) -> Fault:
    """The answer comes, but late."""
    return Fault(seconds=seconds)


def held(until: Event) -> Fault:
    """The answer comes when the test says so."""
    return Fault(until=until)


def drip(seconds: float) -> Fault:
    """One byte at a time, so long apart."""
    return Fault(delivery="drip", seconds=seconds)


def garbage(body: str = HTML) -> Fault:
    """The right status and headers around a body that makes no sense."""
    return Fault(edit=lambda reply: replace(reply, body=body.encode()))


def empty_page() -> Fault:
    """The counts as they are, and nothing on the page."""
    return garbage("[]")


def short_page(missing: int = 1) -> Fault:
    """The counts as they are, and the last items missing."""
    return Fault(
        edit=lambda reply: replace(
            reply, body=json.dumps(json.loads(reply.body)[:-missing]).encode()
        )
    )


def lying(**headers: str) -> Fault:
    """`lying(Item_Count="7")` replaces X-Pagination-Item-Count; "" leaves it out."""
    said = {f"X-Pagination-{name.replace('_', '-')}": text for name, text in headers.items()}

    def edit(reply: Reply) -> Reply:
        both = {**reply.headers, **said}
        return replace(reply, headers={name: text for name, text in both.items() if text})

    return Fault(edit=edit)


def shifting(change: Callable[[], object]) -> Fault:
    """Something happens on the other side right after this page."""
    return Fault(then=change)
