"""Plays on their way to Trakt's history, where every copy is kept: so look before sending again."""

from collections.abc import Iterator
from typing import Any

from db import Connection, outbox_claims, pulled_watches
from db.outbox import Letter
from db.watch_history import same_evening
from trakt import items
from trakt.client import Client
from trakt.outcome import Outcome, sorted_out

HISTORY = "/sync/history/movies"


def watched(conn: Connection, client: Client, letters: list[Letter]) -> Outcome:
    """One play each. What the last sync showed, or a scrobble counted, is not sent at all."""
    stops = {letter.id: outbox_claims.stop_of(conn, letter) for letter in letters}
    known = [one for one in letters if stops[one.id] == "sent" or _is_known(conn, one)]
    doubtful = [one for one in letters if one.is_doubtful or stops[one.id] == "doubtful"]
    arrived = _arrived(client, [letter for letter in doubtful if letter not in known])
    fresh = [letter for letter in letters if letter not in known and letter not in arrived]
    if not fresh:
        return Outcome(sent=arrived, there=known)
    plays = [{"ids": {"tmdb": one.tmdb_id}, "watched_at": one.happened_at} for one in fresh]
    outcome = sorted_out(fresh, client.post("/sync/history", {"movies": plays}))
    outcome.sent += arrived
    outcome.there += known
    return outcome


def unwatched(_conn: Connection, client: Client, letters: list[Letter]) -> Outcome:
    """Exactly the play that we sent: by its own id, because a title's would take all of them."""
    play_ids: dict[int, list[int]] = {}
    for letter in letters:
        play_ids[letter.id] = [play["id"] for play in _plays(client, letter, exactly=True)]
    if ids := [play_id for found in play_ids.values() for play_id in found]:
        client.post("/sync/history/remove", {"ids": ids})
    return Outcome(
        sent=[letter for letter in letters if play_ids[letter.id]],
        there=[letter for letter in letters if not play_ids[letter.id]],
    )


def _is_known(conn: Connection, letter: Letter) -> bool:
    between = same_evening(letter.happened_at)
    return pulled_watches.is_seen_between(conn, letter.user_id, letter.tmdb_id, *between)


def _arrived(client: Client, doubtful: list[Letter]) -> list[Letter]:
    return [letter for letter in doubtful if any(_plays(client, letter))]


def _plays(client: Client, letter: Letter, *, exactly: bool = False) -> Iterator[dict[str, Any]]:
    """Trakt's plays of that film on that evening; raises TraktError."""
    start, end = same_evening(letter.happened_at)
    for page in client.pages(HISTORY, start_at=start, end_at=end):
        for play in page:
            film = items.title(play, "movie")
            when = items.instant(play.get("watched_at")) if film else None
            if film is None or film.tmdb_id != letter.tmdb_id or when is None:
                continue
            if not exactly or when[:19] == letter.happened_at[:19]:  # Trakt may cut milliseconds
                yield play
