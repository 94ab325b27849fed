"""The household's Trakt app and what counts for everybody's Trakt: entered, checked, seen."""

import json

from flask import Blueprint, Response, current_app, jsonify, make_response, render_template, url_for

from blueprints import audited
from blueprints.answers import done, wants_json
from blueprints.errors import shown_on
from blueprints.gate import admins_only, as_me
from blueprints.middleware.limited import asks_trakt, per_second
from blueprints.reading import Fields, read
from blueprints.trakt import overview, syncing
from blueprints.wording import sentences
from db import get_db, settings
from rules import Refused
from trakt import app_check, application, errors, linking
from trakt.errors import TraktError
from utils import instants
from utils.translation import N_
from utils.translation import gettext as _

bp = Blueprint("admin_trakt", __name__)
LONGEST = 200
# Said to the admin who pressed the button, so without the usual advice to ask an admin.
CHECKED = {
    errors.AppRefused.code: N_(
        "Trakt answers, but refuses this app (403): it was removed, its owner’s VIP has ended,"
        " or the client ID is not copied whole."
    ),
}


@bp.get("/admin/trakt")
@admins_only
def page(error: str = "", problem: str = "") -> Response | str:
    """`problem` is the code behind `error`, where the guide knows more."""
    facts = overview.facts(get_db())
    if wants_json():
        return jsonify(facts)
    return render_template("admin/trakt.html", error=error, problem=problem, **facts)


@bp.post("/admin/trakt/app")
@admins_only
@shown_on(page)
def enter() -> Response:
    """An empty secret leaves the one of the same app as it is."""
    _check_is_ours()
    fields = read()
    client_id, secret = _pasted(fields, "client_id"), _pasted(fields, "client_secret")
    if not client_id:
        raise Refused("missing_field", field="client_id")
    with as_me() as conn:
        if fields.flag("no_secret"):
            application.forget_secret(conn)
        if secret or not application.is_kept(conn, client_id):
            application.keep(conn, client_id, secret, current_app.config["TRAKT_KEY"])
        audited.note(conn, instants.now(), "trakt_app_changed", detail=client_id)
    return _done("app", _("The Trakt app is saved. Check it now."))


@bp.post("/admin/trakt/app/remove")
@admins_only
@shown_on(page)
def remove() -> Response:
    _check_is_ours()
    with as_me() as conn:
        application.forget(conn)
        audited.note(conn, instants.now(), "trakt_app_removed")
    return _done("app", _("The Trakt app is removed."))


@bp.post("/admin/trakt/check")
@admins_only
@shown_on(page)
@per_second(1)
@asks_trakt
def check() -> Response:
    try:
        app_check.check(application.must_load(get_db(), current_app.config))
    except (Refused, TraktError) as error:
        return _checked(error)
    return _done("app", _("Trakt answers and takes this app."))


@bp.post("/admin/trakt/settings")
@admins_only
@shown_on(page)
def choose() -> Response:
    fields = read()
    hours = fields.whole("hours", syncing.FEWEST_HOURS, syncing.MOST_HOURS)
    shares = fields.flag("share")
    with as_me() as conn:
        settings.put(conn, syncing.INTERVAL, str(hours))
        settings.put(conn, linking.SHARING, str(int(shares)))
        detail = json.dumps({"hours": hours, "share": shares})
        audited.note(conn, instants.now(), "trakt_settings_changed", detail=detail)
    return _done("choices", _("Your choices are saved."))


def _check_is_ours() -> None:
    if current_app.config["TRAKT_CLIENT_ID"]:
        raise Refused("trakt_app_fixed")


def _pasted(fields: Fields, name: str) -> str:
    """Without the blanks around it; what is left goes into headers, so nothing odd may."""
    value = fields.text(name, "").strip()
    if len(value) > LONGEST or not (value.isascii() and value.isprintable()) or " " in value:
        raise Refused("trakt_value_odd", field=name)
    return value


def _checked(error: Refused | TraktError) -> Response:
    """What Trakt said, on the page that asked."""
    if wants_json():
        raise error
    if isinstance(error, TraktError):
        status, sentence = sentences.trakt(error)
        sentence = _(CHECKED[error.code]) if error.code in CHECKED else sentence
    else:
        status, sentence = sentences.refusal(error)
    return make_response(page(error=sentence, problem=error.code), status)


def _done(place: str, said: str) -> Response:
    return done(url_for(".page", _anchor=place), lambda: overview.facts(get_db()), said=said)
