"""The film that is on: how much of it has passed, when it ends, whether it counts as watched."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

COUNTS_ABOVE = 80.0  # per cent of a film; Trakt draws the same line
USUAL_RUNTIME = 120  # minutes, for a film whose runtime nobody knows
PATIENCE = timedelta(days=1)  # with a film that is paused


@dataclass(frozen=True)
class PlaybackState:
    runtime: int  # minutes
    started_at: datetime
    passed_s: float = 0.0  # until it was paused last
    running_since: datetime | None = None  # None: paused

    def resumed(self, now: datetime) -> "PlaybackState":
        return replace(self, passed_s=passed(self, now), running_since=now)

    def paused(self, now: datetime) -> "PlaybackState":
        return replace(self, passed_s=passed(self, now), running_since=None)


def passed(run: PlaybackState, now: datetime) -> float:
    """Seconds of the film, never more than it has; a clock that was set back takes none away."""
    since = now - run.running_since if run.running_since else timedelta()
    return min(run.passed_s + max(since.total_seconds(), 0.0), run.runtime * 60.0)


def progress(run: PlaybackState, now: datetime) -> float:
    """Per cent, to two decimals: what is shown, sent and compared is the same number."""
    return round(100 * passed(run, now) / (run.runtime * 60), 2)


def counts(progress: float) -> bool:
    """Whether a film that is stopped here was watched."""
    return progress > COUNTS_ABOVE


def ends_at(run: PlaybackState) -> datetime | None:
    """When it is over by its runtime; None while it is paused."""
    if run.running_since is None:
        return None
    return run.running_since + timedelta(seconds=run.runtime * 60 - run.passed_s)


def unstopped_end(run: PlaybackState, now: datetime) -> datetime | None:
    """When a film that nobody stopped was over: by its runtime, or paused and left alone.

    None: it is not over. When it was paused is not known, only how much was seen by then.
    """
    over = ends_at(run)
    if over is not None:
        return over if over <= now else None
    if run.started_at + PATIENCE > now:
        return None
    return run.started_at + timedelta(seconds=run.passed_s)
