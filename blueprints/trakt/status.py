"""How a member's Trakt stands: for programs, and as the panel on their settings page."""

from typing import Any

from flask import Blueprint, Response, current_app, jsonify

from blueprints.http.auth import current_member
from db import Connection, get_db, outbox_view, trakt_auth, trakt_sync, users
from db.trakt_auth import Link
from db.users import Member
from rules import Refused
from services import messages_sentences, sync_queue, trakt_words
from trakt import accounts, application, errors
from utils.instants import to_text

bp = Blueprint("trakt_status", __name__)


@bp.get("/api/trakt/status/<user>")
def status(user: str) -> Response:
    return jsonify(facts(get_db(), member_asked_for(user).id))


def member_asked_for(user: str) -> Member:
    """By id or name: oneself, for admins anybody. Others learn not even who is there."""
    try:
        asked = users.find(get_db(), user)
    except Refused:
        if current_member().is_admin:
            raise
        raise Refused("not_this_member") from None
    if asked.id != current_member().id and not current_member().is_admin:
        raise Refused("not_this_member")
    return asked


def facts(conn: Connection, user_id: int) -> dict[str, Any]:
    """The contract's body, and the link's problem with its sentence beside it."""
    link = trakt_auth.get(conn, user_id)
    sync = trakt_sync.get(conn, user_id)
    return {
        "linked": link is not None,
        "username": link.username if link else None,
        "linked_at": to_text(link.created_at) if link else None,
        "last_sync": sync.finished_at,
        "needs_reconnect": bool(link and link.needs_reconnect),
        "pending_writes": outbox_view.pending(conn, user_id),
        "sync": sync_facts(sync, sync_queue.is_running(user_id)),
        "problem": _problem(link),
    }


def sync_facts(sync: trakt_sync.Sync, is_running: bool) -> dict[str, Any]:
    ended = "failed" if sync.failed_at else "idle"
    return {
        "state": "running" if is_running else ended,
        "step": sync.step,
        "sentence": trakt_words.sync_step(sync.step, sync.done, sync.total),
        "done": sync.done,
        "total": sync.total,
        "error": errors.sentence(sync.problem) if sync.problem else None,
        "problem": sync.problem,
    }


def panel() -> dict[str, Any]:
    """What templates/trakt/panel.html shows to the signed-in member."""
    conn = get_db()
    household = application.load(conn, current_app.config)
    link = trakt_auth.get(conn, current_member().id)
    return {
        "is_set_up": household is not None,
        "can_redirect": bool(household and household.redirect_uri),
        "link": link,
        "problem": _problem(link),
    }


def _problem(link: Link | None) -> dict[str, str] | None:
    if link is None or link.problem is None:
        return None
    return {"code": link.problem, "message": _sentence(link.problem)}


def _sentence(code: str) -> str:
    if code in accounts.REFUSALS:
        return messages_sentences.refusal(Refused(code))[1]
    return errors.sentence(code)
