"""Linking by signing in at Trakt (OAuth with PKCE), and unlinking."""

from contextlib import suppress

from flask import Blueprint, Response, current_app, make_response, render_template, url_for
from flask_login import current_user

from blueprints.http.auth import current_member, member_transaction, recheck_session, record_audit
from blueprints.http.errors import trakt_error
from blueprints.http.forms import query_text
from blueprints.http.limits import limit_trakt_calls
from blueprints.http.responses import redirect_or_json, see_other, wants_json
from db import get_db, trakt_starts, users
from rules import Refused
from services import linking, sync_queue, trakt_status
from services.linking import Actor
from trakt import oauth
from trakt.errors import TraktError
from utils import encryption, instants, messages
from utils.translation import gettext as _

bp = Blueprint("trakt", __name__)


@bp.get("/auth/trakt/login")
def login() -> Response:
    """Redirect to Trakt; `?user=` may only name the current member."""
    try:
        return _redirect_to_trakt()
    except (Refused, TraktError) as error:
        return failed(error)


@bp.get("/auth/trakt/callback")
@limit_trakt_calls
def callback() -> Response:
    try:
        _link_with_code()
    except (Refused, TraktError) as error:
        return failed(error)
    return redirect_or_json(_panel(), flash_message=_("Your Trakt is linked."))


@bp.post("/auth/trakt/unlink")
@limit_trakt_calls
def unlink() -> Response:
    linking.unlink(get_db(), current_actor())
    return redirect_or_json(_panel(), flash_message=_("Your Trakt is unlinked."))


def current_actor() -> Actor:
    return Actor(current_member().id, recheck_session, record_audit)


def failed(error: Refused | TraktError) -> Response:
    """Return a page with the error and the next steps; raise the error again for JSON."""
    if wants_json():
        raise error
    if isinstance(error, Refused):
        status, sentence = messages.refusal(error.code, error.values)
    else:
        status, sentence = trakt_error(error)
    panel = trakt_status.link_panel(get_db(), current_member().id)
    page = render_template("trakt/failed.html", sentence=sentence, code=error.code, trakt=panel)
    return make_response(page, status)


def _redirect_to_trakt() -> Response:
    if name := query_text("user"):
        _check_is_current_member(name)
    start, now = oauth.start(linking.household_app(get_db())), instants.now()
    member_id = current_member().id
    verifier = encryption.encrypt(start.verifier, _key(), trakt_starts.context(member_id))
    with member_transaction() as conn:
        trakt_starts.create(conn, start.state, current_user.get_id(), member_id, verifier, now)
    return see_other(start.url)


def _check_is_current_member(name: str) -> None:
    with suppress(Refused):
        if users.find(get_db(), name).id == current_member().id:
            return
    raise Refused("not_this_member")


def _link_with_code() -> None:
    """Exchange Trakt's code for tokens; the state is consumed first and works only once."""
    member_id = current_member().id
    with member_transaction() as conn:
        sealed = trakt_starts.consume(
            conn, query_text("state"), current_user.get_id(), member_id, instants.now()
        )
    if sealed is None:
        raise Refused("trakt_state")
    if error := query_text("error"):
        raise Refused("trakt_denied" if error == "access_denied" else "trakt_sign_in_failed")
    if not (code := query_text("code")):
        raise Refused("trakt_no_code")
    verifier = encryption.decrypt(sealed, _key(), trakt_starts.context(member_id))
    pair = oauth.exchange(linking.household_app(get_db()), code, verifier, instants.now())
    linking.link(get_db(), current_actor(), pair)
    sync_queue.enqueue_sync(member_id, joins=False)


def _key() -> bytes:
    key: bytes = current_app.config["TRAKT_KEY"]
    return key


def _panel() -> str:
    return url_for("settings.profile", _anchor="trakt")
