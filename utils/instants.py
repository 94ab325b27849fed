"""Instants: aware datetimes inside Python, `YYYY-MM-DDTHH:MM:SS.mmmZ` as text."""

import re
from datetime import UTC, datetime

INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-5][0-9])"
)


def now() -> datetime:
    """Return the current time in UTC, cut to milliseconds as its text is."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def to_text(instant: datetime) -> str:
    """Format in UTC, cut to milliseconds; raise ValueError for a naive datetime."""
    if instant.utcoffset() is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_text(text: str) -> datetime:
    """Parse to UTC, with any offset and any decimals (six are kept), or raise ValueError."""
    if not isinstance(text, str) or not INSTANT.fullmatch(text):
        raise ValueError(f"not an instant: {text!r}")
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"not an instant: {text!r}") from error


def to_text_or_none(instant: datetime | None) -> str | None:
    return to_text(instant) if instant else None


def from_text_or_none(text: str | None) -> datetime | None:
    return from_text(text) if text else None
