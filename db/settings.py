"""The household's settings, with defaults. Callers check values before they store them."""

from dataclasses import dataclass

from db import Connection
from rules.schedule import Schedule

DEFAULT_SCHEDULE = Schedule()
DEFAULT_COUNTRY = "US"


@dataclass(frozen=True)
class Limits:
    """Limits of one member in one week."""

    max_nominations: int = 1
    max_votes: int = 2
    own_votes: bool = False


def get(conn: Connection, name: str, default: str = "") -> str:
    row = conn.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
    return str(row["value"]) if row else default


def put(conn: Connection, name: str, value: str) -> None:
    """Store a value; an unchanged one does not raise the state's version."""
    conn.execute(
        "INSERT INTO settings (name, value) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE value <> excluded.value",
        (name, value),
    )


def remove(conn: Connection, name: str) -> None:
    conn.execute("DELETE FROM settings WHERE name = ?", (name,))


def schedule(conn: Connection) -> Schedule:
    stored = _all(conn)
    return Schedule(
        stored.get("zone", DEFAULT_SCHEDULE.zone),
        int(stored.get("nominating", DEFAULT_SCHEDULE.nominating)),
        int(stored.get("voting", DEFAULT_SCHEDULE.voting)),
        int(stored.get("results", DEFAULT_SCHEDULE.results)),
    )


def limits(conn: Connection) -> Limits:
    """Return the limits for weeks to come; a week that began has its own, in `weeks`."""
    stored = _all(conn)
    default = Limits()
    return Limits(
        int(stored.get("max_nominations", default.max_nominations)),
        int(stored.get("max_votes", default.max_votes)),
        stored.get("own_votes", "0") == "1",
    )


def country(conn: Connection) -> str:
    """Return the ISO 3166 code of the country whose certifications are shown."""
    return get(conn, "country", DEFAULT_COUNTRY)


def set_schedule(conn: Connection, new: Schedule) -> None:
    for name in ("zone", "nominating", "voting", "results"):
        put(conn, name, str(getattr(new, name)))


def set_limits(conn: Connection, new: Limits) -> None:
    put(conn, "max_nominations", str(new.max_nominations))
    put(conn, "max_votes", str(new.max_votes))
    put(conn, "own_votes", str(int(new.own_votes)))


def _all(conn: Connection) -> dict[str, str]:
    return dict(conn.execute("SELECT name, value FROM settings").fetchall())
