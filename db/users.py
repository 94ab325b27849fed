"""Members of the household, with the count of their failed PIN tries."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from db import Connection
from rules import Refused
from rules.names import clean_icon, clean_name, likeness
from utils.instants import from_text, to_text
from utils.pin_lockout import locked_until


@dataclass(frozen=True)
class Member:
    id: int
    name: str
    icon: str
    pin: str | None  # a scrypt hash
    pin_is_common: bool
    is_admin: bool
    is_retired: bool

    @property
    def has_pin(self) -> bool:
        return self.pin is not None


COLUMNS = "u.id, u.name, u.icon, u.pin, u.pin_is_common, u.is_admin, u.retired_at"


def member(row: Any) -> Member:
    """Return the member of a row with COLUMNS."""
    return Member(
        row["id"],
        row["name"],
        row["icon"],
        row["pin"],
        bool(row["pin_is_common"]),
        bool(row["is_admin"]),
        row["retired_at"] is not None,
    )


def list_active(conn: Connection) -> list[Member]:
    rows = conn.execute(
        f"SELECT {COLUMNS} FROM users u WHERE retired_at IS NULL ORDER BY id"
    ).fetchall()
    return [member(row) for row in rows]


def list_all(conn: Connection) -> list[Member]:
    """List all members, the active ones first."""
    rows = conn.execute(
        f"SELECT {COLUMNS} FROM users u ORDER BY retired_at IS NOT NULL, id"
    ).fetchall()
    return [member(row) for row in rows]


def get(conn: Connection, user_id: int) -> Member:
    row = conn.execute(f"SELECT {COLUMNS} FROM users u WHERE id = ?", (user_id,)).fetchone()
    if row is None:
        raise Refused("no_member")
    return member(row)


def get_active(conn: Connection, user_id: int) -> Member:
    """Return an active member; a retired one is refused as unknown."""
    found = get(conn, user_id)
    if found.is_retired:
        raise Refused("no_member")
    return found


def find(conn: Connection, who: int | str) -> Member:
    """Find a member by id or exact name; the id wins if a migrated name looks like one."""
    row = conn.execute(
        f"SELECT {COLUMNS} FROM users u WHERE id = ? OR name = ? ORDER BY name = ?",
        (_as_id(who), who if isinstance(who, str) else None, str(who)),
    ).fetchone()
    if row is None:
        raise Refused("no_member")
    return member(row)


def get_by_name(conn: Connection, name: str) -> Member:
    row = conn.execute(f"SELECT {COLUMNS} FROM users u WHERE name = ?", (name,)).fetchone()
    if row is None:
        raise Refused("no_member")
    return member(row)


def has_admin(conn: Connection) -> bool:
    return conn.execute("SELECT 1 FROM users WHERE is_admin LIMIT 1").fetchone() is not None


def is_empty(conn: Connection) -> bool:
    return conn.execute("SELECT 1 FROM users LIMIT 1").fetchone() is None


def add(conn: Connection, name: str, icon: str, now: datetime) -> int:
    """Add an active member without a PIN."""
    name = _unused_name(conn, name)
    cursor = conn.execute(
        "INSERT INTO users (name, icon, created_at) VALUES (?, ?, ?)",
        (name, clean_icon(icon), to_text(now)),
    )
    return int(cursor.lastrowid or 0)


def rename(conn: Connection, user_id: int, name: str) -> None:
    name = _unused_name(conn, name, but=user_id)
    conn.execute("UPDATE users SET name = ? WHERE id = ? AND name <> ?", (name, user_id, name))


def set_icon(conn: Connection, user_id: int, icon: str) -> None:
    conn.execute("UPDATE users SET icon = ? WHERE id = ?", (clean_icon(icon), user_id))


def set_pin(conn: Connection, user_id: int, pin: str | None, *, is_common: bool = False) -> None:
    """Store a hash of utils/pins.py, or None for no PIN, and reset failed tries."""
    if pin is None and get(conn, user_id).is_admin:
        raise Refused("admin_needs_pin")
    conn.execute(
        "UPDATE users SET pin = ?, pin_is_common = ?, pin_failures = 0, pin_failed_at = NULL"
        " WHERE id = ?",
        (pin, is_common, user_id),
    )


def set_admin(conn: Connection, user_id: int, is_admin: bool) -> None:
    found = get(conn, user_id)
    if is_admin and not found.has_pin:
        raise Refused("admin_needs_pin")
    if is_admin and found.is_retired:
        raise Refused("retired", name=found.name)
    if not is_admin:
        _check_not_last_admin(conn, user_id)
    conn.execute("UPDATE users SET is_admin = ? WHERE id = ?", (is_admin, user_id))


def retire(conn: Connection, user_id: int, now: datetime) -> None:
    _check_not_last_admin(conn, user_id)
    conn.execute(
        "UPDATE users SET retired_at = ?, is_admin = 0 WHERE id = ?",
        (to_text(now), user_id),
    )


def reactivate(conn: Connection, user_id: int) -> None:
    conn.execute("UPDATE users SET retired_at = NULL WHERE id = ?", (user_id,))


def count_pin_try(conn: Connection, user_id: int, now: datetime) -> None:
    """Count a PIN try as failed before it is checked; refuses while the member is locked.

    Of two tries at the same moment one is refused, so that none escapes the count.
    """
    row = conn.execute(
        "SELECT pin_failures, pin_failed_at FROM users WHERE id = ?", (user_id,)
    ).fetchone()
    if row["pin_failed_at"]:
        until = locked_until(row["pin_failures"], from_text(row["pin_failed_at"]))
        if until and until > now:
            seconds = -((now - until) // timedelta(seconds=1))  # rounded up
            raise Refused("pin_locked", seconds=seconds)
    changed = conn.execute(
        "UPDATE users SET pin_failures = pin_failures + 1, pin_failed_at = ?"
        " WHERE id = ? AND pin_failures = ?",
        (to_text(now), user_id, row["pin_failures"]),
    ).rowcount
    if changed != 1:
        raise Refused("pin_locked", seconds=1)


def reset_pin_tries(conn: Connection, user_id: int) -> None:
    conn.execute("UPDATE users SET pin_failures = 0, pin_failed_at = NULL WHERE id = ?", (user_id,))


def _as_id(who: int | str) -> int:
    digits = str(who)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else 0


def _check_not_last_admin(conn: Connection, user_id: int) -> None:
    others = conn.execute("SELECT 1 FROM users WHERE is_admin AND id <> ? LIMIT 1", (user_id,))
    if get(conn, user_id).is_admin and others.fetchone() is None:
        raise Refused("last_admin")


def _unused_name(conn: Connection, name: str, but: int | None = None) -> str:
    """Return the cleaned name; refused if it resembles the name of a member, even a retired one."""
    name = clean_name(name)
    for row in conn.execute("SELECT id, name FROM users"):
        if row["id"] != but and likeness(row["name"]) == likeness(name):
            raise Refused("name_taken", name=row["name"])
    return name
