"""Trakt accounts that more than one member is linked to."""

from db import Connection


def eldest_with(conn: Connection, user_id: int) -> int:
    """Of all who share this member's account, the first who came; mostly the member alone."""
    row = conn.execute(
        "SELECT min(other.user_id) FROM trakt_auth mine"
        " JOIN trakt_auth other ON other.trakt_uuid = mine.trakt_uuid WHERE mine.user_id = ?",
        (user_id,),
    ).fetchone()
    return row[0] or user_id


def others_with(conn: Connection, uuid: str, user_id: int) -> list[tuple[int, bool]]:
    """Who else is linked to this account, and whether they have left the household."""
    rows = conn.execute(
        "SELECT u.id, u.retired_at IS NOT NULL FROM trakt_auth t"
        " JOIN users u ON u.id = t.user_id WHERE t.trakt_uuid = ? AND t.user_id <> ?",
        (uuid, user_id),
    ).fetchall()
    return [(row[0], bool(row[1])) for row in rows]
