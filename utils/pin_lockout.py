"""PIN lockout: how long a profile is locked after wrong PINs."""

from datetime import datetime, timedelta

FREE_TRIES = 5
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)


def locked_until(failures: int, since: datetime) -> datetime | None:
    """Return the end of the lockout, or None if there is none.

    `failures` are the wrong tries in a row, the one at `since` included: tries are counted before
    the PIN is looked at, so the fifth wrong one starts the first wait.
    """
    if failures < FREE_TRIES:
        return None
    doublings = min(failures - FREE_TRIES, 10)  # far past the longest wait, and never overflowing
    return since + min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)
