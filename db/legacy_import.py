"""The write of a legacy import's plan; existing rows are newer and stay.

The caller opens the transaction. Each function returns how many records it added.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping

from db import Connection, audit, settings
from db.settings import Limits
from rules import schedule
from rules.legacy import plan as planning
from rules.legacy.records import Film, Kind, Member, Plan, Week
from utils.encryption import encrypt
from utils.instants import to_text, to_text_or_none
from utils.pins import is_common
from utils.title_text import placeholder_title

LOCKED = "locked"  # is no hash, so no PIN matches
ACTION = "imported"  # in the audit log
RULE = "imported"  # of a place in week_history

Step = Callable[[], None]  # called after each record, to show progress


def is_imported(conn: Connection, fingerprints: Collection[str]) -> bool:
    """Return True if these files were imported before: what is missing now was removed since."""
    imported = conn.execute("SELECT detail FROM audit_log WHERE action = ?", (ACTION,))
    return set(fingerprints) <= {detail for (detail,) in imported}


def new_members(conn: Connection, members: Collection[Member]) -> list[Member]:
    """Return the members whose names are not in the database."""
    names = {name for (name,) in conn.execute("SELECT name FROM users")}
    return [member for member in members if member.name not in names]


def write(
    conn: Connection,
    plan: Plan,
    *,
    hashes: Mapping[str, str],
    key: bytes,
    fingerprints: Collection[str],
    step: Step,
) -> Counter[Kind]:
    """Import a plan; `hashes` maps names to PIN hashes, made before because hashing is slow."""
    counts: Counter[Kind] = Counter()
    counts["members"] = _add_members(conn, plan, hashes)
    ids = dict(conn.execute("SELECT name, id FROM users").fetchall())
    _add_films(conn, plan)
    counts += _write_weeks(conn, plan, ids, step)
    counts["watches"] = _add_watches(conn, plan, ids, step)
    counts["ratings"] = _add_ratings(conn, plan, ids, step)
    counts["links"] = _add_links(conn, plan, ids, key)
    conn.execute("UPDATE state SET version = version + 1")
    for fingerprint in fingerprints:
        audit.add(conn, plan.now, ACTION, detail=fingerprint)
    return counts


def _add_members(conn: Connection, plan: Plan, hashes: Mapping[str, str]) -> int:
    members = new_members(conn, plan.members.values())
    now = to_text(plan.now)
    conn.executemany(
        "INSERT INTO users (name, icon, pin, pin_is_common, created_at, retired_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [
            (
                member.name,
                member.icon,
                LOCKED if member.is_locked else hashes.get(member.name),
                member.pin is not None and is_common(member.pin),
                to_text_or_none(member.created_at) or now,
                now if member.is_retired else None,
            )
            for member in members
        ],
    )
    return len(members)


def _add_films(conn: Connection, plan: Plan) -> None:
    """Add films; an existing one is updated only if its title is a placeholder."""
    conn.executemany(
        "INSERT INTO movies"
        " (tmdb_id, title, year, imdb_id, poster_path, backdrop_path, overview, rating)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (tmdb_id) DO UPDATE SET title = excluded.title, year = excluded.year,"
        " imdb_id = excluded.imdb_id, poster_path = excluded.poster_path,"
        " backdrop_path = excluded.backdrop_path, overview = excluded.overview,"
        " rating = excluded.rating WHERE title = ? AND excluded.title <> title",
        [_film_values(film) for film in planning.films(plan)],
    )


def _film_values(film: Film) -> tuple[object, ...]:
    placeholder = placeholder_title(film.tmdb_id)
    return (
        film.tmdb_id,
        film.title or placeholder,
        film.year,
        film.imdb_id,
        film.poster_path,
        film.backdrop_path,
        film.overview or "",
        film.rating,
        placeholder,
    )


def _add_watches(conn: Connection, plan: Plan, ids: Mapping[str, int], step: Step) -> int:
    """Add plays; of Trakt's, which have no week, one per film, as a sync brings them all."""
    now = to_text(plan.now)

    def rows() -> Iterator[tuple[object, ...]]:
        for watch in plan.watches.values():
            source = "trakt" if watch.is_from_trakt else "legacy"
            watched_at = to_text_or_none(watch.watched_at)
            yield ids[watch.name], watch.tmdb_id, watched_at, watch.week, source, now
            step()

    return _insert(
        conn,
        "INSERT INTO watch_history (user_id, tmdb_id, watched_at, week, source, created_at)"
        " SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE NOT EXISTS (SELECT 1 FROM watch_history"
        "  WHERE tmdb_id = ?2 AND user_id = ?1 AND (week = ?4 OR ?4 IS NULL AND source = ?5))",
        rows(),
    )


def _add_ratings(conn: Connection, plan: Plan, ids: Mapping[str, int], step: Step) -> int:
    """Add or replace ratings.

    A rating dated in the future comes from a week that has not ended; it replaces no other, as it
    may be older.
    """

    def rows() -> Iterator[tuple[object, ...]]:
        for rating in plan.ratings.values():
            is_dated = rating.rated_at <= plan.now
            rated_at = to_text(min(rating.rated_at, plan.now))
            yield ids[rating.name], rating.tmdb_id, rating.rating, rated_at, is_dated
            step()

    return _insert(
        conn,
        "INSERT INTO ratings (user_id, tmdb_id, rating, rated_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (user_id, tmdb_id) DO UPDATE"
        " SET rating = excluded.rating, rated_at = excluded.rated_at"
        " WHERE ? AND excluded.rated_at > rated_at AND excluded.rating <> rating",
        rows(),
    )


def _insert(conn: Connection, statement: str, rows: Iterator[tuple[object, ...]]) -> int:
    """Return how many rows were written; without any, sqlite3 counts -1."""
    return max(conn.executemany(statement, rows).rowcount, 0)


def _add_links(conn: Connection, plan: Plan, ids: Mapping[str, int], key: bytes) -> int:
    added = 0
    for link in plan.links.values():
        user_id = ids[link.name]
        added += conn.execute(
            "INSERT INTO trakt_auth"
            " (user_id, trakt_user, access_token, refresh_token, expires_at, created_at)"
            " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (user_id) DO NOTHING",
            (
                user_id,
                link.trakt_user,
                encrypt(link.access_token, key, f"trakt_auth:access_token:{user_id}"),
                encrypt(link.refresh_token, key, f"trakt_auth:refresh_token:{user_id}"),
                to_text_or_none(link.expires_at),
                to_text_or_none(link.created_at) or to_text(plan.now),
            ),
        ).rowcount
    return added


def _write_weeks(conn: Connection, plan: Plan, ids: Mapping[str, int], step: Step) -> Counter[Kind]:
    """Write weeks, except those that Movie Night has counted or skipped itself."""
    ended = _ended_weeks(conn)
    limits = settings.limits(conn)
    counts: Counter[Kind] = Counter()
    for week in plan.weeks.values():
        if week.key not in ended:
            is_new = _add_week(conn, week, limits)
            counts["nominations"] += _add_nominations(conn, week, ids)
            counts["votes"] += _add_votes(conn, week, ids)
            if week.is_archived:
                is_new |= _add_result(conn, plan, week)
            elif week.is_voting:
                _open_voting(conn, plan, week)
            counts["weeks"] += is_new
        step()
    return counts


def _ended_weeks(conn: Connection) -> set[str]:
    rows = conn.execute(
        "SELECT w.week FROM weeks w LEFT JOIN week_history h USING (week)"
        " WHERE (closed_at IS NOT NULL OR skipped_at IS NOT NULL) AND first_rule IS NOT ?",
        (RULE,),
    )
    return {week for (week,) in rows}


def _add_week(conn: Connection, week: Week, limits: Limits) -> bool:
    added = conn.execute(
        "INSERT INTO weeks (week, max_nominations, max_votes, own_votes) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (week) DO NOTHING",
        (week.key, limits.max_nominations, limits.max_votes, limits.own_votes),
    )
    return added.rowcount == 1


def _add_nominations(conn: Connection, week: Week, ids: Mapping[str, int]) -> int:
    return _insert(
        conn,
        "INSERT INTO nominations (week, tmdb_id, proposed_by, proposed_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (week, tmdb_id) DO NOTHING",
        (
            (week.key, film.tmdb_id, ids[film.proposed_by], to_text(film.proposed_at))
            for film in week.nominations.values()
        ),
    )


def _add_votes(conn: Connection, week: Week, ids: Mapping[str, int]) -> int:
    return _insert(
        conn,
        "INSERT INTO votes (nomination_id, user_id, week, created_at)"
        " SELECT id, ?, week, ? FROM nominations WHERE week = ? AND tmdb_id = ?"
        " ON CONFLICT (nomination_id, user_id) DO NOTHING",
        (
            (ids[name], to_text(voted_at), week.key, tmdb_id)
            for (tmdb_id, name), voted_at in week.votes.items()
        ),
    )


def _add_result(conn: Connection, plan: Plan, week: Week) -> bool:
    """Store the finishing order, for nominations without a place, and the recorded result."""
    conn.executemany(
        "UPDATE nominations SET place ="
        " (SELECT coalesce(max(place), 0) + 1 FROM nominations WHERE week = ?1)"
        " WHERE week = ?1 AND tmdb_id = ?2 AND place IS NULL",
        [(week.key, tmdb_id) for tmdb_id in week.nominations],
    )
    # The time of closing was not recorded; a week is closed at the latest when results start.
    closed_at = min(schedule.starts(plan.schedule, week.key).results, plan.now)
    conn.execute(
        "UPDATE weeks SET closed_at = ? WHERE week = ? AND closed_at IS NULL",
        (to_text(closed_at), week.key),
    )
    place = "(SELECT id FROM nominations WHERE week = :week AND tmdb_id = :{})"
    added = conn.execute(
        "INSERT INTO week_history (week, first_place_id, first_rule, first_facts,"
        " second_place_id, second_rule, second_facts) VALUES (:week,"
        f" {place.format('first')}, :rule, '{{}}', {place.format('second')}, :second_rule, :facts)"
        " ON CONFLICT (week) DO NOTHING",
        {
            "week": week.key,
            "first": week.first,
            "second": week.second,
            "rule": RULE,
            "second_rule": RULE if week.second else None,
            "facts": "{}" if week.second else None,
        },
    )
    return added.rowcount == 1


def _open_voting(conn: Connection, plan: Plan, week: Week) -> None:
    """Record that voting was opened early; not needed when the schedule has opened it since."""
    if plan.now < schedule.starts(plan.schedule, week.key).voting:
        conn.execute(
            "UPDATE weeks SET voting_opened_at = ? WHERE week = ? AND voting_opened_at IS NULL",
            (to_text(plan.now), week.key),
        )
