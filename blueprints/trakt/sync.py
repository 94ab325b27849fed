"""A member's sync with Trakt: status, "Sync now", switches, and entries that failed."""

from flask import Blueprint, Flask, Response, jsonify, request, url_for
from flask_login import current_user

from blueprints.http.auth import SAFE_METHODS, current_member, member_transaction
from blueprints.http.forms import request_fields
from blueprints.http.responses import redirect_or_json, wants_json, week_url
from db import get_db, outbox_view, settings, trakt_auth, trakt_sync, users
from db.users import Member
from rules import Refused, schedule
from services import dates, sync_queue, trakt_status
from services.current_week import current_week
from utils import instants
from utils.instants import from_text
from utils.translation import gettext as _

bp = Blueprint("trakt_sync", __name__)
FRONT_PAGE = "week.this_week"


def init_app(app: Flask) -> None:
    app.after_request(_push_after_write)
    app.after_request(_sync_on_visit)


@bp.get("/api/trakt/status/<user>")
def status(user: str) -> Response:
    return jsonify(trakt_status.facts(get_db(), _find_member(user).id))


@bp.post("/api/trakt/sync/<user>")
@bp.post("/settings/trakt/sync")
def sync(user: str | None = None) -> Response:
    """Enqueue a sync unless one is running; 202 either way."""
    member = _find_member(user) if user else current_member()
    if member.is_retired:
        raise Refused("retired", name=member.name)
    if trakt_auth.get(get_db(), member.id) is None:
        raise Refused("trakt_not_linked")
    sync_queue.enqueue_sync(member.id)
    return redirect_or_json(
        _panel(),
        lambda: trakt_status.facts(get_db(), member.id),
        202,
        flash_message=_("Your Trakt is being read. You can go on meanwhile."),
    )


@bp.post("/settings/trakt")
def switches() -> Response:
    """Save all switches of the form at once."""
    fields = request_fields()
    with member_transaction() as conn:
        for name in trakt_sync.SWITCHES:
            trakt_sync.set_switch(conn, current_member().id, name, fields.flag(name))
    return _done(_("Your choices are saved."))


@bp.post("/settings/trakt/unsent/<id:outbox_id>/again")
def again(outbox_id: int) -> Response:
    """Retry an entry; a second press reports the status of the first one."""
    week = request_fields().text("week", "")
    with member_transaction() as conn:
        is_new = outbox_view.retry(conn, current_member().id, outbox_id, instants.now())
    return _done(_("It is being sent again.") if is_new else _status_message(outbox_id), week)


@bp.post("/settings/trakt/unsent/<id:outbox_id>/drop")
def drop(outbox_id: int) -> Response:
    week = request_fields().text("week", "")
    with member_transaction() as conn:
        outbox_view.drop(conn, current_member().id, outbox_id, instants.now())
    return _done(_("It will not be sent."), week)


def _find_member(user: str) -> Member:
    """Return a member by id or name: the current member, or for an admin any member.

    The refusal is the same for an unknown name, so that it tells no one who is a member.
    """
    current = current_member()
    try:
        member = users.find(get_db(), user)
    except Refused:
        if current.is_admin:
            raise
        raise Refused("not_this_member") from None
    if member.id != current.id and not current.is_admin:
        raise Refused("not_this_member")
    return member


def _status_message(outbox_id: int) -> str:
    """Return the sentence for an entry that is retried already, or has arrived meanwhile."""
    status, next_try_at = outbox_view.status_of(get_db(), current_member().id, outbox_id)
    if status in ("sent", "there"):
        return _("It has reached Trakt already.")
    if status == "waiting" and from_text(next_try_at) > instants.now():
        text = _("It waits to be sent again by itself. The next try is at {hour}.")
        return text.format(hour=dates.hour(settings.schedule(get_db()), next_try_at))
    return _("It is on its way to Trakt already.")


def _done(flash_message: str, week: str = "") -> Response:
    """Redirect to the panel, or to the evening of the week that the form named."""
    to = _panel()
    if schedule.is_week(week):
        is_current = week == current_week(get_db(), instants.now()).key
        to = week_url(week, "evening", is_on=is_current)
    return redirect_or_json(
        to,
        lambda: trakt_status.facts(get_db(), current_member().id) | {"said": flash_message},
        flash_message=flash_message,
    )


def _panel() -> str:
    return url_for("settings.profile", _anchor="trakt")


def _push_after_write(response: Response) -> Response:
    """Enqueue a push after each write, as any view may have added an outbox entry."""
    if request.method not in SAFE_METHODS and response.status_code < 400:
        sync_queue.enqueue_push(get_db(), instants.now())
    return response


def _sync_on_visit(response: Response) -> Response:
    """Enqueue a due sync when the front page is visited, as timers may be off or have slept."""
    is_visit = request.endpoint == FRONT_PAGE and response.status_code < 400 and not wants_json()
    if is_visit and current_user.is_authenticated:
        conn, user_id = get_db(), current_member().id
        since = instants.now() - sync_queue.sync_interval(conn)
        if trakt_auth.get(conn, user_id) and trakt_sync.is_due(conn, user_id, since):
            sync_queue.enqueue_sync(user_id)
    return response
