"""Status of a member's Trakt: the body of the API, and the panels of the settings page."""

from typing import Any

from flask import current_app

from db import Connection, outbox_view, trakt_auth, trakt_sync, unmatched
from db.outbox_view import Unsent
from db.trakt_auth import Link
from services import sync_queue
from trakt import accounts, application, errors
from utils import messages
from utils.instants import to_text
from utils.title_text import placeholder_title


def facts(conn: Connection, user_id: int) -> dict[str, Any]:
    """Return the status as the API shows it."""
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
        "sentence": messages.sync_step(sync.step, sync.done, sync.total),
        "done": sync.done,
        "total": sync.total,
        "error": messages.trakt(sync.problem) if sync.problem else None,
        "problem": sync.problem,
    }


def link_panel(conn: Connection, user_id: int) -> dict[str, Any]:
    """Return what templates/trakt/link.html shows."""
    household = application.load(conn, current_app.config)
    link = trakt_auth.get(conn, user_id)
    return {
        "is_set_up": household is not None,
        "can_redirect": bool(household and household.redirect_uri),
        "link": link,
        "problem": _problem(link),
    }


def sync_panel(conn: Connection, user_id: int) -> dict[str, Any]:
    """Return what templates/trakt/sync.html shows."""
    link = trakt_auth.get(conn, user_id)
    return {
        "status": facts(conn, user_id),
        "switches": trakt_sync.get(conn, user_id),
        "unsent": [unsent_entry(entry, link) for entry in outbox_view.unsent(conn, user_id)],
        "unmatched": unmatched.of_member(conn, user_id),
        "unmatched_count": unmatched.count(conn, user_id),
        "hours": int(sync_queue.sync_interval(conn).total_seconds() // 3600),
    }


def unsent_entry(entry: Unsent, link: Link | None = None) -> dict[str, Any]:
    """Return one outbox entry that has not reached Trakt."""
    title = entry.title or placeholder_title(entry.tmdb_id, entry.kind)
    return {
        "id": entry.id,
        "sentence": messages.outbox_act(entry.act, title, entry.rating),
        "problem": _unsent_problem(entry, link),
        "code": entry.problem,
        "is_parked": entry.status == "parked",
        "is_on_its_way": entry.status == "claimed",
    }


def _unsent_problem(entry: Unsent, link: Link | None) -> str:
    """Return the sentence of an entry's problem; a full watchlist's names the account's limit."""
    if entry.problem is None:
        return ""
    limit = link.limits.get("watchlist") if link else None
    most = limit.get("item_count") if isinstance(limit, dict) else None
    if entry.problem == errors.AccountLimit.code and entry.act == "listed" and most:
        return messages.full_watchlist(most, is_vip=bool(link and link.is_vip))
    return messages.trakt(entry.problem)


def _problem(link: Link | None) -> dict[str, str] | None:
    if link is None or link.problem is None:
        return None
    if link.problem in accounts.REFUSALS:
        sentence = messages.refusal(link.problem, {})[1]
    else:
        sentence = messages.trakt(link.problem)
    return {"code": link.problem, "message": sentence}
