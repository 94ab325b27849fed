"""What Trakt answered about each row of a batch."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from db import Connection
from db.outbox import OutboxEntry
from trakt import items
from trakt.errors import InvalidResponse


def _nothing(_conn: Connection) -> None:
    pass


@dataclass
class Outcome:
    """`settle` writes what follows from the sent rows, in the transaction that marks them."""

    sent: list[OutboxEntry] = field(default_factory=list)
    there: list[OutboxEntry] = field(default_factory=list)  # Trakt had it so already
    unknown: list[OutboxEntry] = field(default_factory=list)  # Trakt does not know the title
    stale: list[OutboxEntry] = field(default_factory=list)  # no longer worth sending
    settle: Callable[[Connection], None] = _nothing


def not_found(answer: Any) -> set[tuple[str, int]]:
    """(kind, TMDB id) of the titles that a 2xx answer did not take."""
    if not isinstance(answer, Mapping):
        raise InvalidResponse("a write was answered without a body")
    missing = answer.get("not_found")
    found: set[tuple[str, int]] = set()
    for word, kind in (("movies", "film"), ("shows", "show")):
        listed = missing.get(word) if isinstance(missing, Mapping) else None
        for item in listed if isinstance(listed, list) else []:
            ids = item.get("ids") if isinstance(item, Mapping) else None
            tmdb_id = items.whole_number(ids.get("tmdb")) if isinstance(ids, Mapping) else None
            if tmdb_id:
                found.add((kind, tmdb_id))
    return found


def outcome_from_response(entries: list[OutboxEntry], answer: Any) -> Outcome:
    """Sent, but for those that the answer names as not found."""
    missing = not_found(answer)
    return Outcome(
        sent=[entry for entry in entries if (entry.kind, entry.tmdb_id) not in missing],
        unknown=[entry for entry in entries if (entry.kind, entry.tmdb_id) in missing],
    )
