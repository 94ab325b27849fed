"""Device codes of links in progress: the browser's handle is hashed, the code encrypted."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from db import Connection
from utils.hashing import sha256_hex
from utils.instants import from_text, to_text

MOST = 3  # per member, for several tabs and devices; the oldest are deleted
KEPT = timedelta(hours=1)  # after expiry, so that a late check is answered with "expired"


@dataclass(frozen=True)
class DeviceCode:
    device_code: str = field(repr=False)  # an envelope
    user_code: str
    code_url: str
    interval: int  # seconds between two checks
    expires_at: datetime


def create(conn: Connection, handle: str, user_id: int, code: DeviceCode, now: datetime) -> None:
    conn.execute("DELETE FROM trakt_device_codes WHERE expires_at <= ?", (to_text(now - KEPT),))
    conn.execute(
        "INSERT INTO trakt_device_codes (handle_hash, user_id, device_code, user_code, code_url,"
        " interval_s, next_check_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            sha256_hex(handle),
            user_id,
            code.device_code,
            code.user_code,
            code.code_url,
            code.interval,
            to_text(now),
            to_text(code.expires_at),
        ),
    )
    conn.execute(
        "DELETE FROM trakt_device_codes WHERE user_id = ?1 AND handle_hash NOT IN ("
        " SELECT handle_hash FROM trakt_device_codes WHERE user_id = ?1"
        " ORDER BY expires_at DESC, handle_hash = ?2 DESC LIMIT ?3)",
        (user_id, sha256_hex(handle), MOST),
    )


def get(conn: Connection, handle: str, user_id: int) -> DeviceCode | None:
    row = conn.execute(
        "SELECT device_code, user_code, code_url, interval_s, expires_at FROM trakt_device_codes"
        " WHERE handle_hash = ? AND user_id = ?",
        (sha256_hex(handle), user_id),
    ).fetchone()
    if row is None:
        return None
    device_code, user_code, code_url, interval, expires_at = row
    return DeviceCode(device_code, user_code, code_url, interval, from_text(expires_at))


def claim_check(conn: Connection, handle: str, user_id: int, now: datetime) -> bool:
    """Return True if the code may be checked at Trakt now; of two tabs, one may."""
    changed = conn.execute(
        "UPDATE trakt_device_codes"
        " SET next_check_at = strftime('%Y-%m-%dT%H:%M:%fZ', ?1, interval_s || ' seconds')"
        " WHERE handle_hash = ?2 AND user_id = ?3 AND next_check_at <= ?1",
        (to_text(now), sha256_hex(handle), user_id),
    ).rowcount
    return changed == 1


def seconds_left(conn: Connection, handle: str, now: datetime) -> int:
    """Return the seconds until the next check, after `claim_check` was False; at least 1."""
    row = conn.execute(
        "SELECT next_check_at FROM trakt_device_codes WHERE handle_hash = ?",
        (sha256_hex(handle),),
    ).fetchone()
    next_check_at = from_text(row[0]) if row else now
    return max(1, -((now - next_check_at) // timedelta(seconds=1)))


def slow_down(conn: Connection, handle: str, step: int, now: datetime) -> None:
    """Add `step` seconds to the interval between two checks."""
    conn.execute(
        "UPDATE trakt_device_codes SET interval_s = interval_s + ?1,"
        " next_check_at = strftime('%Y-%m-%dT%H:%M:%fZ', ?2, (interval_s + ?1) || ' seconds')"
        " WHERE handle_hash = ?3",
        (step, to_text(now), sha256_hex(handle)),
    )


def delete(conn: Connection, handle: str) -> None:
    conn.execute("DELETE FROM trakt_device_codes WHERE handle_hash = ?", (sha256_hex(handle),))


def delete_all(conn: Connection, user_id: int) -> None:
    conn.execute("DELETE FROM trakt_device_codes WHERE user_id = ?", (user_id,))


def context(user_id: int) -> str:
    """Return the encryption context of a device code."""
    return f"trakt_device_codes:device_code:{user_id}"
