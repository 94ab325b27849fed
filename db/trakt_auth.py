"""Members' Trakt links. Tokens are envelopes, encrypted and decrypted by the caller."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from db import Connection, outbox, trakt_device_codes, trakt_starts, trakt_sync
from utils.instants import from_text, from_text_or_none, to_text

RECONNECT = "reconnect"  # the problem of a link that its member has to make anew


@dataclass(frozen=True)
class Link:
    user_id: int
    username: str | None
    slug: str | None
    uuid: str | None  # the account; None until its profile was fetched
    is_vip: bool
    limits: Mapping[str, Any]  # of the account, as Trakt sends them
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime | None
    refresh_at: datetime | None  # None: at the next use
    created_at: datetime
    problem: str | None  # a code of trakt/errors.py or of a refusal
    problem_since: datetime | None

    @property
    def needs_reconnect(self) -> bool:
        return self.problem == RECONNECT

    @property
    def is_ready(self) -> bool:
        """Return True if it can be synced: its account is known and Trakt has not revoked it."""
        return self.uuid is not None and not self.needs_reconnect


class SealedPair(NamedTuple):
    """Tokens as they are stored: envelopes bound to their member."""

    access: str
    refresh: str
    expires_at: datetime
    refresh_at: datetime


_SELECT = (
    "SELECT user_id, trakt_user, trakt_slug, trakt_uuid, is_vip, limits, access_token,"
    " refresh_token, expires_at, refresh_at, created_at, problem, problem_since FROM trakt_auth"
)


def get(conn: Connection, user_id: int) -> Link | None:
    row = conn.execute(f"{_SELECT} WHERE user_id = ?", (user_id,)).fetchone()
    return _link(row) if row else None


def all_links(conn: Connection) -> list[Link]:
    return [_link(row) for row in conn.execute(f"{_SELECT} ORDER BY user_id").fetchall()]


def account(conn: Connection, user_id: int) -> str | None:
    """Return the account's uuid; None without a link, or until its profile was fetched."""
    row = conn.execute("SELECT trakt_uuid FROM trakt_auth WHERE user_id = ?", (user_id,)).fetchone()
    return row[0] if row else None


def is_any_linked(conn: Connection) -> bool:
    return conn.execute("SELECT 1 FROM trakt_auth LIMIT 1").fetchone() is not None


def _link(row: Any) -> Link:
    return Link(
        row["user_id"],
        row["trakt_user"],
        row["trakt_slug"],
        row["trakt_uuid"],
        bool(row["is_vip"]),
        json.loads(row["limits"]),
        row["access_token"],
        row["refresh_token"],
        from_text_or_none(row["expires_at"]),
        from_text_or_none(row["refresh_at"]),
        from_text(row["created_at"]),
        row["problem"],
        from_text_or_none(row["problem_since"]),
    )


def store_link(conn: Connection, user_id: int, pair: SealedPair, now: datetime) -> None:
    """Store a new link in place of any other; its account is not known yet."""
    conn.execute(
        "REPLACE INTO trakt_auth"
        " (user_id, access_token, refresh_token, expires_at, refresh_at, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (user_id, *_columns(pair), to_text(now)),
    )


def replace_tokens(conn: Connection, former: Link, pair: SealedPair) -> bool:
    """Store a refreshed pair; return False if the link ended or was replaced meanwhile."""
    changed = conn.execute(
        "UPDATE trakt_auth SET access_token = ?, refresh_token = ?, expires_at = ?,"
        " refresh_at = ?, problem = NULL, problem_since = NULL"
        " WHERE user_id = ? AND refresh_token = ?",
        (*_columns(pair), former.user_id, former.refresh_token),
    ).rowcount
    return changed == 1


def _columns(pair: SealedPair) -> tuple[str, str, str, str]:
    return (pair.access, pair.refresh, to_text(pair.expires_at), to_text(pair.refresh_at))


def set_account(
    conn: Connection,
    user_id: int,
    *,
    username: str,
    slug: str,
    uuid: str,
    is_vip: bool,
    limits: Mapping[str, Any],
) -> None:
    conn.execute(
        "UPDATE trakt_auth SET trakt_user = ?, trakt_slug = ?, trakt_uuid = ?, is_vip = ?,"
        " limits = ? WHERE user_id = ?",
        (username, slug, uuid, is_vip, json.dumps(limits), user_id),
    )


def set_problem(conn: Connection, former: Link, problem: str | None, now: datetime) -> None:
    """Store or clear the problem of a link, unless its tokens were replaced meanwhile."""
    conn.execute(
        "UPDATE trakt_auth SET problem = ?, problem_since = ?"
        " WHERE user_id = ? AND refresh_token = ?",
        (problem, to_text(now) if problem else None, former.user_id, former.refresh_token),
    )


def delete(conn: Connection, user_id: int, now: datetime) -> None:
    """Delete the link and what was pulled through it; unsent outbox entries fail."""
    outbox.fail_all(conn, user_id, RECONNECT, now)
    trakt_sync.delete(conn, user_id)
    trakt_device_codes.delete_all(conn, user_id)
    trakt_starts.delete_all(conn, user_id)
    conn.execute("DELETE FROM trakt_auth WHERE user_id = ?", (user_id,))


def due_for_refresh(conn: Connection, now: datetime) -> list[int]:
    """List active members whose tokens are due for a refresh or whose account is not known."""
    rows = conn.execute(
        "SELECT t.user_id FROM trakt_auth t JOIN users u ON u.id = t.user_id"
        " WHERE u.retired_at IS NULL AND t.problem IS NOT ?"
        " AND (t.refresh_at IS NULL OR t.refresh_at <= ? OR t.trakt_uuid IS NULL)"
        " ORDER BY t.user_id",
        (RECONNECT, to_text(now)),
    )
    return [row[0] for row in rows]


def envelopes(conn: Connection) -> list[tuple[str, str]]:
    """List every encrypted token with its context."""
    rows = conn.execute("SELECT user_id, access_token, refresh_token FROM trakt_auth").fetchall()
    return [
        (row[column], context(column, row["user_id"]))
        for row in rows
        for column in ("access_token", "refresh_token")
    ]


def context(column: str, user_id: int) -> str:
    """Return the encryption context of a token."""
    return f"trakt_auth:{column}:{user_id}"


def first_member_of_account(conn: Connection, user_id: int) -> int:
    """Return the lowest user id that is linked to this member's account, mostly their own."""
    row = conn.execute(
        "SELECT min(other.user_id) FROM trakt_auth mine"
        " JOIN trakt_auth other ON other.trakt_uuid = mine.trakt_uuid WHERE mine.user_id = ?",
        (user_id,),
    ).fetchone()
    return row[0] or user_id


def other_members_of_account(conn: Connection, uuid: str, user_id: int) -> list[tuple[int, bool]]:
    """List the other members linked to this account, each with True if they are retired."""
    rows = conn.execute(
        "SELECT u.id, u.retired_at IS NOT NULL FROM trakt_auth t"
        " JOIN users u ON u.id = t.user_id WHERE t.trakt_uuid = ? AND t.user_id <> ?",
        (uuid, user_id),
    ).fetchall()
    return [(row[0], bool(row[1])) for row in rows]
