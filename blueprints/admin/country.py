"""The household's country, which selects the age ratings of films."""

import re

from flask import Blueprint, Response, url_for

from blueprints.http.auth import admins_only, member_transaction, record_audit
from blueprints.http.errors import render_refusals_on
from blueprints.http.forms import request_fields
from blueprints.http.responses import redirect_or_json
from db import movies, settings
from rules import Refused
from utils import instants
from utils.translation import gettext as _

bp = Blueprint("country", __name__)
_CODE = re.compile(r"[A-Za-z]{2}")


@bp.post("/admin/country")
@admins_only
@render_refusals_on("admin.members")
def country() -> Response:
    """Set the country; the new age ratings appear as films' details are fetched again."""
    code = request_fields().text("country").strip()
    if not _CODE.fullmatch(code):
        raise Refused("not_a_country")
    code = code.upper()
    with member_transaction() as conn:
        if code != settings.country(conn):
            settings.put(conn, "country", code)
            movies.clear_certifications(conn)
            record_audit(conn, instants.now(), "country_changed", detail=code)
    to = url_for("admin.members", _anchor="country")
    return redirect_or_json(to, lambda: {"country": code}, flash_message=_("The country is saved."))
