"""Linking by signing in at Trakt: off to its page, back with a code. And unlinking."""

from flask import Blueprint, Response, current_app, make_response, render_template, url_for
from flask_login import current_user

from blueprints.http.auth import current_member, member_transaction
from blueprints.http.forms import query_text
from blueprints.http.limits import limit_trakt_calls
from blueprints.http.responses import redirect_or_json, see_other, wants_json
from blueprints.trakt import status as trakt_status
from db import get_db, trakt_starts, users
from rules import Refused
from services import linking, messages_sentences
from trakt import oauth
from trakt.errors import TraktError
from utils import encryption, instants
from utils.translation import gettext as _

bp = Blueprint("trakt", __name__)


@bp.get("/auth/trakt/login")
def login() -> Response:
    """`?user=` may name nobody but whoever is signed in."""
    try:
        return _off_to_trakt()
    except (Refused, TraktError) as error:
        return failed(error)


@bp.get("/auth/trakt/callback")
@limit_trakt_calls
def callback() -> Response:
    try:
        _come_back()
    except (Refused, TraktError) as error:
        return failed(error)
    return redirect_or_json(_panel(), said=_("Your Trakt is linked."))


@bp.post("/auth/trakt/unlink")
@limit_trakt_calls
def unlink() -> Response:
    linking.unlink()
    return redirect_or_json(_panel(), said=_("Your Trakt is unlinked."))


def _off_to_trakt() -> Response:
    if who := query_text("user"):
        _check_is_me(who)
    start, now = oauth.start(linking.household_app()), instants.now()
    verifier = encryption.encrypt(start.verifier, _key(), trakt_starts.context(current_member().id))
    with member_transaction() as conn:
        trakt_starts.create(
            conn, start.state, current_user.get_id(), current_member().id, verifier, now
        )
    return see_other(start.url)


def _check_is_me(who: str) -> None:
    try:
        is_me = users.find(get_db(), who).id == current_member().id
    except Refused:
        is_me = False
    if not is_me:
        raise Refused("not_this_member")


def _come_back() -> None:
    """A state is used up by whatever Trakt says with it."""
    with member_transaction() as conn:
        sealed = trakt_starts.consume(
            conn, query_text("state"), current_user.get_id(), current_member().id, instants.now()
        )
    if sealed is None:
        raise Refused("trakt_state")
    if error := query_text("error"):
        raise Refused("trakt_denied" if error == "access_denied" else "trakt_sign_in_failed")
    if not (code := query_text("code")):
        raise Refused("trakt_no_code")
    verifier = encryption.decrypt(sealed, _key(), trakt_starts.context(current_member().id))
    household = linking.household_app()
    linking.link_current_member(oauth.exchange(household, code, verifier, instants.now()))


def failed(error: Refused | TraktError) -> Response:
    """A page with what happened and the ways on; a program gets the usual error."""
    if wants_json():
        raise error
    if isinstance(error, Refused):
        status, sentence = messages_sentences.refusal(error)
    else:
        status, sentence = messages_sentences.trakt(error)
    page = render_template(
        "trakt/failed.html", sentence=sentence, code=error.code, trakt=trakt_status.panel()
    )
    return make_response(page, status)


def _key() -> bytes:
    key: bytes = current_app.config["TRAKT_KEY"]
    return key


def _panel() -> str:
    return url_for("settings.profile", _anchor="trakt")
