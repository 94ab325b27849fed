"""Sync now, what is sent by itself, and what could not be sent: each member's own."""

from typing import Any

from flask import Blueprint, Response, url_for

from blueprints.http.auth import current_member, member_transaction
from blueprints.http.forms import request_fields
from blueprints.http.responses import redirect_or_json, week_url
from blueprints.trakt import status
from db import get_db, outbox_view, trakt_auth, trakt_sync, unmatched
from rules import Refused, schedule
from services import current_week, dates, sync_queue, trakt_words
from utils import instants
from utils.instants import from_text
from utils.translation import gettext as _

bp = Blueprint("trakt_sync", __name__)


@bp.post("/api/trakt/sync/<user>")
def sync(user: str) -> Response:
    """Begins a sync, or joins the one that runs; 202 either way."""
    conn, asked = get_db(), status.member_asked_for(user)
    if asked.is_retired:
        raise Refused("retired", name=asked.name)
    if trakt_auth.get(conn, asked.id) is None:
        raise Refused("trakt_not_linked")
    sync_queue.enqueue_sync(asked.id)
    return redirect_or_json(_panel(), body=lambda: status.facts(conn, asked.id), status=202)


@bp.post("/settings/trakt/sync")
def sync_mine() -> Response:
    """The same from the panel's form: the address above answers in JSON only."""
    if trakt_auth.get(get_db(), current_member().id) is None:
        raise Refused("trakt_not_linked")
    sync_queue.enqueue_sync(current_member().id)
    return _done(_("Your Trakt is being read. You can go on meanwhile."))


@bp.post("/settings/trakt")
def switches() -> Response:
    """What happens by itself: all switches of the form at once."""
    fields = request_fields()
    with member_transaction() as conn:
        for name in trakt_sync.SWITCHES:
            trakt_sync.set_switch(conn, current_member().id, name, fields.flag(name))
    return _done(_("Your choices are saved."))


@bp.post("/settings/trakt/unsent/<id:outbox_id>/again")
def again(outbox_id: int) -> Response:
    """Pressed a second time, it says how the first press stands."""
    week = request_fields().text("week", "")
    with member_transaction() as conn:
        is_new = outbox_view.retry(conn, current_member().id, outbox_id, instants.now())
    return _done(_("It is being sent again.") if is_new else _stands(outbox_id), week)


@bp.post("/settings/trakt/unsent/<id:outbox_id>/drop")
def drop(outbox_id: int) -> Response:
    week = request_fields().text("week", "")
    with member_transaction() as conn:
        outbox_view.drop(conn, current_member().id, outbox_id, instants.now())
    return _done(_("It will not be sent."), week)


def panel() -> dict[str, Any]:
    """What templates/trakt/sync.html shows to the signed-in member."""
    conn, link = get_db(), trakt_auth.get(get_db(), current_member().id)
    return {
        "status": status.facts(conn, current_member().id),
        "switches": trakt_sync.get(conn, current_member().id),
        "unsent": [
            trakt_words.outbox_entry(waiting, link)
            for waiting in outbox_view.unsent(conn, current_member().id)
        ],
        "unmatched": unmatched.of_member(conn, current_member().id),
        "unmatched_count": unmatched.count(conn, current_member().id),
        "hours": int(sync_queue.sync_interval(conn).total_seconds() // 3600),
    }


def _stands(outbox_id: int) -> str:
    """Of what is tried again already, or has arrived meanwhile."""
    standing, next_try_at = outbox_view.status_of(get_db(), current_member().id, outbox_id)
    if standing in ("sent", "there"):
        return _("It has reached Trakt already.")
    if standing == "waiting" and from_text(next_try_at) > instants.now():
        text = _("It waits to be sent again by itself. The next try is at {hour}.")
        return text.format(hour=dates.hour(next_try_at))
    return _("It is on its way to Trakt already.")


def _done(said: str, week: str = "") -> Response:
    """Back to the panel, or to the evening on whose page the form stood."""
    to = _panel()
    if schedule.is_week(week):
        is_on = week == current_week.current_week(get_db(), instants.now()).key
        to = week_url(week, "evening", is_on=is_on)
    return redirect_or_json(
        to, lambda: status.facts(get_db(), current_member().id) | {"said": said}, said=said
    )


def _panel() -> str:
    return url_for("settings.profile", _anchor="trakt")
