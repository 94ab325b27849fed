"""Playback of the film that is playing: progress, end, and when it counts as watched."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

COUNTS_ABOVE = 80.0  # per cent of a film, as at Trakt
USUAL_RUNTIME = 120  # minutes, for a film without a known runtime
PAUSED_LIMIT = timedelta(days=1)  # after its start, a paused film is stopped


@dataclass(frozen=True)
class PlaybackState:
    runtime: int  # minutes
    started_at: datetime
    passed_s: float = 0.0  # until the last start or pause
    running_since: datetime | None = None  # None: paused

    def resumed(self, now: datetime) -> "PlaybackState":
        return replace(self, passed_s=passed(self, now), running_since=now)

    def paused(self, now: datetime) -> "PlaybackState":
        return replace(self, passed_s=passed(self, now), running_since=None)


def passed(state: PlaybackState, now: datetime) -> float:
    """Return the seconds that have passed, up to the runtime; never less if the clock is reset."""
    since = now - state.running_since if state.running_since else timedelta()
    return min(state.passed_s + max(since.total_seconds(), 0.0), state.runtime * 60.0)


def progress(state: PlaybackState, now: datetime) -> float:
    """Return per cent to two decimals, so that the number shown is the one sent and compared."""
    return round(100 * passed(state, now) / (state.runtime * 60), 2)


def counts(progress: float) -> bool:
    """Return True if a film stopped at this progress was watched."""
    return progress > COUNTS_ABOVE


def ends_at(state: PlaybackState) -> datetime | None:
    """Return the end by the runtime; None while paused."""
    if state.running_since is None:
        return None
    return state.running_since + timedelta(seconds=state.runtime * 60 - state.passed_s)


def passed_end(state: PlaybackState, now: datetime) -> datetime | None:
    """Return when a film ended that no member stopped; None if it has not ended.

    It ends by its runtime or, if paused, a day after its start. As the time of the pause is not
    stored, the end of a paused film is its start plus `passed_s`.
    """
    end = ends_at(state)
    if end is not None:
        return end if end <= now else None
    if state.started_at + PAUSED_LIMIT > now:
        return None
    return state.started_at + timedelta(seconds=state.passed_s)
