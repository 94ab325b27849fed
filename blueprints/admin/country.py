"""The household's country: whose age ratings the pages of films show."""

import re

from flask import Blueprint, Response, url_for

from blueprints import audited
from blueprints.admin.views import members
from blueprints.answers import done
from blueprints.errors import shown_on
from blueprints.gate import admins_only, as_me
from blueprints.reading import read
from db import movies, settings
from rules import Refused
from utils import instants
from utils.translation import gettext as _

bp = Blueprint("country", __name__)
_CODE = re.compile(r"[A-Za-z]{2}")


@bp.post("/admin/country")
@admins_only
@shown_on(members)
def country() -> Response:
    """Another country's ratings come as each film is looked up anew."""
    code = read().text("country").strip()
    if not _CODE.fullmatch(code):
        raise Refused("not_a_country")
    code = code.upper()
    with as_me() as conn:
        if code != settings.country(conn):
            settings.put(conn, "country", code)
            movies.forget_certifications(conn)
            audited.note(conn, instants.now(), "country_changed", detail=code)
    to = url_for("admin.members", _anchor="country")
    return done(to, lambda: {"country": code}, said=_("The country is saved."))
