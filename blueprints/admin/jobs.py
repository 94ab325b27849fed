"""The admin's page of scheduled jobs: latest runs, next due time, and running one now."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, render_template, url_for

from blueprints.http.auth import admins_only, member_transaction, record_audit
from blueprints.http.responses import redirect_or_json, wants_json
from db import Connection, get_db, job_runs, trakt_sync, users
from db.job_runs import Run
from rules import Refused
from services import jobs, sync_queue, timers, trakt_status
from services.timers import Job
from utils import instants, messages
from utils.instants import from_text, to_text
from utils.translation import gettext as _
from utils.translation import ngettext

bp = Blueprint("admin_jobs", __name__)


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
    if (job := timers.BY_NAME.get(name)) is None:
        raise Refused("no_job")
    with member_transaction() as conn:
        record_audit(conn, instants.now(), "job_run", detail=name)
    jobs.run_now(job)
    message = _("“{job}” is running. Look again in a moment.").format(job=messages.job(name))
    return redirect_or_json(
        url_for(".page", _anchor=name), lambda: _job(get_db(), job), 202, flash_message=message
    )


def _facts() -> dict[str, Any]:
    conn = get_db()
    return {
        "is_clock_on": current_app.config["SCHEDULER"],
        "jobs": [_job(conn, job) for job in timers.JOBS],
        "syncs": [
            {"name": member.name, **trakt_status.sync_facts(trakt_sync.get(conn, member.id), True)}
            for member in users.list_active(conn)
            if sync_queue.is_running(member.id)
        ],
    }


def _job(conn: Connection, job: Job) -> dict[str, Any]:
    """Of jobs that run every minute, only manual runs are stored."""
    return {
        "name": job.name,
        "title": messages.job(job.name),
        "every": _every(job.every(conn)),
        "next_due": to_text(timers.next_due(job)) if job.is_kept else None,
        "is_asked": jobs.manual_runs(current_app).is_pending(job.name, "run"),
        "runs": [_run(run) for run in job_runs.latest(conn, job.name)],
    }


def _run(run: Run) -> dict[str, Any]:
    seconds = None
    if run.finished_at:
        seconds = (from_text(run.finished_at) - from_text(run.started_at)).total_seconds()
    return {
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "seconds": seconds,
        "error": run.error,
    }


def _every(period: timedelta) -> str:
    minutes = int(period.total_seconds() // 60)
    if minutes % 60:
        return ngettext("every minute", "every {n} minutes", minutes).format(n=minutes)
    return ngettext("every hour", "every {n} hours", minutes // 60).format(n=minutes // 60)
