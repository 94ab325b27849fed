"""The timed jobs as an admin sees them: when each ran, how it went, when it is due; run now."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, render_template, url_for

from blueprints import audited
from blueprints.answers import done, wants_json
from blueprints.gate import admins_only, as_me
from blueprints.serving import jobs, timed
from blueprints.serving.timed import Job
from blueprints.trakt import status, syncing
from db import Connection, get_db, job_runs, trakt_sync, users
from db.job_runs import Run
from rules import Refused
from utils import instants
from utils.instants import from_text, to_text
from utils.translation import N_, ngettext
from utils.translation import gettext as _

bp = Blueprint("admin_jobs", __name__)
TITLES = {
    "week": N_("Open voting, count it and begin the week"),
    "outbox": N_("Send what waits for Trakt"),
    "playing": N_("End a film that nobody stopped"),
    "sync": N_("Sync everybody whose Trakt is due"),
    "links": N_("Keep the links to Trakt alive"),
    "sessions": N_("Forget old sign-ins"),
}


@bp.get("/admin/jobs")
@admins_only
def page() -> Response | str:
    facts = _facts()
    if wants_json():
        return jsonify(facts)
    return render_template("admin/jobs.html", **facts)


@bp.post("/admin/jobs/<name>/run")
@admins_only
def run(name: str) -> Response:
    if (job := timed.BY_NAME.get(name)) is None:
        raise Refused("no_job")
    with as_me() as conn:
        audited.note(conn, instants.now(), "job_run", detail=name)
    jobs.run_now(job)
    said = _("“{job}” is running. Look again in a moment.").format(job=title(name))
    return done(url_for(".page", _anchor=name), lambda: _job(get_db(), job), 202, said=said)


def title(name: str) -> str:
    return _(TITLES[name]) if name in TITLES else name


def _facts() -> dict[str, Any]:
    conn = get_db()
    return {
        "is_clock_on": current_app.config["SCHEDULER"],
        "jobs": [_job(conn, job) for job in timed.JOBS],
        "syncs": [
            {"name": member.name, **status.sync_facts(trakt_sync.get(conn, member.id), True)}
            for member in users.active(conn)
            if syncing.is_running(member.id)
        ],
    }


def _job(conn: Connection, job: Job) -> dict[str, Any]:
    """Jobs of every minute keep only the runs that an admin asked for."""
    return {
        "name": job.name,
        "title": title(job.name),
        "every": _every(job.every(conn)),
        "next_due": to_text(timed.next_due(job)) if job.is_kept else None,
        "is_asked": jobs.by_hand(current_app).is_asked(job.name, "run"),
        "runs": [_run(each) for each in job_runs.latest(conn, job.name)],
    }


def _run(each: Run) -> dict[str, Any]:
    seconds = None
    if each.finished_at:
        seconds = (from_text(each.finished_at) - from_text(each.started_at)).total_seconds()
    return {
        "started_at": each.started_at,
        "finished_at": each.finished_at,
        "seconds": seconds,
        "error": each.error,
    }


def _every(period: timedelta) -> str:
    minutes = int(period.total_seconds() // 60)
    if minutes % 60:
        return ngettext("every minute", "every {n} minutes", minutes).format(n=minutes)
    return ngettext("every hour", "every {n} hours", minutes // 60).format(n=minutes // 60)
