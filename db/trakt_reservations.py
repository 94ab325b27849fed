"""Trakt accounts that an admin reserved for a member, by slug."""

from dataclasses import dataclass
from datetime import datetime

from db import Connection
from rules import Refused
from utils.instants import to_text


@dataclass(frozen=True)
class Reservation:
    id: int
    trakt_slug: str
    user_id: int


def add(conn: Connection, slug: str, user_id: int, now: datetime) -> Reservation:
    """Reserve the account for this member, in place of any other."""
    row = conn.execute(
        "INSERT INTO trakt_reservations (trakt_slug, user_id, created_at) VALUES (?, ?, ?)"
        " ON CONFLICT (trakt_slug) DO UPDATE SET user_id = excluded.user_id"
        " RETURNING id, trakt_slug, user_id",
        (slug, user_id, to_text(now)),
    ).fetchone()
    return Reservation(*row)


def all_reservations(conn: Connection) -> list[Reservation]:
    rows = conn.execute("SELECT id, trakt_slug, user_id FROM trakt_reservations ORDER BY id")
    return [Reservation(*row) for row in rows]


def remove(conn: Connection, reservation_id: int) -> Reservation:
    """Remove a reservation and return it."""
    row = conn.execute(
        "DELETE FROM trakt_reservations WHERE id = ? RETURNING id, trakt_slug, user_id",
        (reservation_id,),
    ).fetchone()
    if row is None:
        raise Refused("no_reservation")
    return Reservation(*row)


def is_for_another(conn: Connection, slug: str, user_id: int) -> bool:
    """Return True if the account is reserved for another member."""
    row = conn.execute(
        "SELECT user_id FROM trakt_reservations WHERE trakt_slug = ?", (slug,)
    ).fetchone()
    return row is not None and row["user_id"] != user_id
