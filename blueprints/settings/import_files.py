"""Import of a member's export from Trakt or Letterboxd, a zip file."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, jsonify, make_response, render_template, request

from blueprints.http.auth import current_member, max_body, member_transaction, record_audit
from blueprints.http.errors import render_refusals_on
from blueprints.http.responses import wants_json
from db import Connection, get_db, imported_films, movies, settings
from db.imported_films import Outcome
from db.movies import Movie
from movies import bundled
from movies.matching import TitleIndex
from rules import Refused, import_files
from rules.import_files.records import Export
from services.import_files import Report, Rows, match_titles
from utils import instants, zip_files

bp = Blueprint("import_files", __name__)
LARGEST_ZIP = 20 * 1024 * 1024
FORM = 64 * 1024  # bytes of the request beside the file
BATCH_SIZE = 250
BATCH_PAUSE = 0.02  # seconds between batches, in which other members can write

Row = TypeVar("Row")
Add = Callable[[Connection, int, Sequence[Row], datetime], Counter[Outcome]]


@bp.post("/settings/import")
@max_body(LARGEST_ZIP + FORM)
@render_refusals_on("settings.profile")
def import_file() -> Response:
    """Import a file; the response is the report, which is not stored. Repeating is harmless."""
    now, conn = instants.now(), get_db()
    export = _parse_upload(ZoneInfo(settings.schedule(conn).zone), now)
    known = imported_films.known_titles(conn)
    report = _store(
        match_titles(export, _index(known), {tmdb_id for tmdb_id, _title, _year in known}), now
    )
    if wants_json():
        return jsonify(report.body())
    return make_response(render_template("settings/imported.html", report=report))


def _parse_upload(zone: ZoneInfo, now: datetime) -> Export:
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise Refused("no_export_chosen")
    try:
        return import_files.read_export(
            zip_files.extract_files(upload.read(), import_files.is_wanted), zone, now
        )
    except zip_files.Unreadable as error:
        raise Refused("not_a_zip") from error
    except zip_files.TooLarge as error:
        raise Refused("export_too_big") from error


def _index(known: list[tuple[int, str, int | None]]) -> TitleIndex:
    listed = [(film.tmdb_id, film.title, film.year) for film in bundled.all_films()]
    return TitleIndex([*known, *listed])


def _store(rows: Rows, now: datetime) -> Report:
    report = rows.report
    report.counts["watched"] += _add_in_batches(rows.plays, imported_films.add_plays, now)
    report.counts["ratings"] += _add_in_batches(rows.ratings, imported_films.add_ratings, now)
    report.counts["watchlist"] += _add_in_batches(rows.wishes, imported_films.add_wishes, now)
    with member_transaction() as conn:
        imported_films.delete_undated(conn, current_member().id)
        record_audit(conn, now, "export_imported", current_member().id, detail=report.summary())
    return report


def _add_in_batches(
    rows: Sequence[tuple[Movie | None, Row]], add: Add[Row], now: datetime
) -> Counter[Outcome]:
    """Add rows with one transaction per batch, so that a long import does not block votes."""
    counts: Counter[Outcome] = Counter()
    for start in range(0, len(rows), BATCH_SIZE):
        batch = rows[start : start + BATCH_SIZE]
        with member_transaction() as conn:
            for movie, _row in batch:
                if movie is not None:
                    movies.store(conn, movie)
            counts += add(conn, current_member().id, [row for _movie, row in batch], now)
        time.sleep(BATCH_PAUSE)
    return counts
